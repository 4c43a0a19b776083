"""No log holds the way into a booking (rule M2)."""

import io
import logging

import pytest
from django.conf import settings
from django.test import Client

from ipsc.links import masked, sign
from ipsc.logs import Masking

TOKEN = sign("appointment", "abcdefghjk", 1)


@pytest.fixture
def log():
    """What would stand on standard error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Masking("{levelname} {message}", style="{"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"Not Found: /appointments/manage/{TOKEN}/", "Not Found: /appointments/manage/…/"),
        (f"Forbidden: /hi/appointments/manage/{TOKEN}/move/check/", "Forbidden: /hi/appointments/manage/…/move/check/"),
        (f'"GET /m?{TOKEN}&utm_source=x HTTP/1.1" 302', '"GET /m?…&utm_source=x HTTP/1.1" 302'),
        (
            f"https://x.example/appointments/call-me-back/sent/{TOKEN}/",
            "https://x.example/appointments/call-me-back/sent/…/",
        ),
        (f"/appointments/feed/{TOKEN}.ics", "/appointments/feed/….ics"),
        ("/appointments/find/sent/", "/appointments/find/sent/"),
        ("/appointments/manage/", "/appointments/manage/"),
    ],
)
def test_the_secret_part_of_a_link_is_masked(written, kept):
    assert masked(written) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/appointments/manage/{0}/", "/appointments/manage/{0}/cancel/", "/m?{0}"])
def test_what_django_says_of_a_refused_page_is_masked(log, path):
    client = Client(enforce_csrf_checks=True)
    client.get(path.format(TOKEN))
    client.post(path.format(TOKEN))
    assert TOKEN not in log.getvalue()


def test_a_traceback_is_masked(log):
    try:
        raise RuntimeError(f"/appointments/manage/{TOKEN}/")
    except RuntimeError:
        logging.getLogger("ipsc").exception("It went wrong.")
    assert "RuntimeError: /appointments/manage/…/" in log.getvalue()


def test_every_handler_of_the_site_masks():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}
    assert settings.LOGGING["formatters"]["line"]["()"] == "ipsc.logs.Masking"
    for name in ("django", "django.server"):
        assert settings.LOGGING["loggers"][name]["handlers"] == []
        assert not logging.getLogger(name).handlers
