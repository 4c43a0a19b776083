import pytest

from tests.doubles import gateway


@pytest.fixture
def double(settings):
    """A gateway that the settings name, with credentials in each place where gateways want them."""
    with gateway.serving() as found:
        settings.SMS_ADAPTER = "http"
        settings.SMS_HTTP_URL = f"{found.url}/send?account=acc-4711"
        settings.SMS_HTTP_FIELDS = {
            "apikey": "key-secret-1",
            "to": "{number}",
            "text": "{text}",
            "dlt": "{template_id}",
            "from": "{sender}",
            "ref": "{key}",
        }
        settings.SMS_HTTP_HEADERS = {"Authorization": "Bearer token-secret-2"}
        settings.SMS_HTTP_ACCEPTED = r"ok id=(\d+)"
        settings.SMS_SENDER = "CLINIC"
        yield found
