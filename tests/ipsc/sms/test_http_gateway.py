"""SMS over real HTTP: a gateway that answers well, slowly, with errors, with nonsense, and not at all."""

import json
import logging
import socket
from urllib.parse import parse_qs

import pytest

from ipsc.outbox.problems import Refused, TryAgain
from ipsc.sms import adapters
from tests.ipsc.sms.gateway import Gateway, serving

TEXT = "IPSC: visit booked for Thu 26 Nov & 10:00 am. https://clinic.example/m?AbCdEf-secret_token"
SECRET = "key-that-is-secret"


@pytest.fixture
def gateway(settings, monkeypatch):
    monkeypatch.setattr(adapters, "READ", 0.5)
    monkeypatch.setattr(adapters, "TOTAL", 1.0)
    # A pool of its own, with the times of this test.
    monkeypatch.setattr(adapters.Http, "pool", adapters.new_pool())
    with serving(Gateway()) as found:
        settings.SMS_ADAPTER = "http"
        settings.SMS_HTTP_URL = found.url
        settings.SMS_SENDER = "IPSCDL"
        settings.SMS_HTTP_FIELDS = {
            "to": "{number}",
            "message": "{text}",
            "template": "{template_id}",
            "from": "{sender}",
            "ref": "{key}",
            "route": 4,
        }
        settings.SMS_HTTP_HEADERS = {"Authorization": SECRET}
        settings.SMS_HTTP_ACCEPTED = r'"id": "([^"]+)"'
        yield found


def send() -> str:
    return adapters.adapter().send(to="+919800000001", text=TEXT, template_id="1007", key="k-1")


def test_it_posts_a_form_as_the_settings_say(gateway):
    assert send() == "r-1"
    [(path, headers, body)] = gateway.asked
    assert path == "/send"
    assert headers["Authorization"] == SECRET
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(body.decode()) == {
        "to": ["919800000001"],
        "message": [TEXT],
        "template": ["1007"],
        "from": ["IPSCDL"],
        "ref": ["k-1"],
        "route": ["4"],
    }


def test_it_posts_json_as_the_settings_say(gateway, settings):
    settings.SMS_HTTP_FORMAT = "json"
    assert send() == "r-1"
    [(_path, headers, body)] = gateway.asked
    assert headers["Content-Type"] == "application/json"
    found = json.loads(body)
    assert (found["message"], found["route"]) == (TEXT, 4)


@pytest.mark.parametrize("kind", ["form", "json"])
def test_devanagari_arrives_as_it_was_written(gateway, settings, kind):
    settings.SMS_HTTP_FORMAT = kind
    adapters.adapter().send(to="+919800000001", text="विज़िट बुक है {text}", template_id="1", key="k")
    body = gateway.asked[0][2].decode()
    found = json.loads(body)["message"] if kind == "json" else parse_qs(body)["message"][0]
    assert found == "विज़िट बुक है {text}"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_the_gateway_refuses_is_refused_for_good(gateway, status):
    gateway.status, gateway.answer = status, b"template does not match"
    with pytest.raises(Refused, match=f"{status}: template does not match"):
        send()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_the_gateway_cannot_do_now_is_tried_again(gateway, status):
    gateway.status = status
    with pytest.raises(TryAgain, match=str(status)):
        send()


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>Sign in</html>", b'{"error": "no credit"}', b"\xff\xfe\x00", b"null", b'{"id": ""}'],
)
def test_a_200_that_says_something_else_is_no_success(gateway, answer):
    gateway.answer = answer
    with pytest.raises(TryAgain, match="not one of success"):
        send()


def test_an_answer_without_end_is_not_read_to_its_end(gateway):
    gateway.answer = b"x" * (adapters.LONGEST_ANSWER + 10)
    with pytest.raises(TryAgain, match="does not end"):
        send()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_it_follows_no_redirect(gateway, status):
    gateway.status, gateway.headers = status, {"Location": gateway.url + "/elsewhere"}
    with pytest.raises(Refused):
        send()
    assert [path for path, _headers, _body in gateway.asked] == ["/send"]


def test_a_gateway_that_is_slow_is_left(gateway):
    gateway.seconds = 3
    with pytest.raises(TryAgain, match="did not answer"):
        send()
    assert len(gateway.asked) == 1, "one attempt is one attempt"


def test_a_gateway_that_hangs_up_is_tried_again(gateway):
    gateway.drops = True
    with pytest.raises(TryAgain):
        send()


def test_a_gateway_that_promises_more_than_it_says_is_tried_again(gateway):
    gateway.headers = {"Content-Length": "500"}
    with pytest.raises(TryAgain):
        send()


def test_a_gateway_that_is_down_is_tried_again(gateway, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{port}/send"
    with pytest.raises(TryAgain, match="could not be reached"):
        send()


@pytest.mark.parametrize("problem", ["refuses", "fails", "is silent", "is down"])
def test_neither_credentials_nor_text_stand_in_an_error_or_a_log(gateway, settings, caplog, problem):
    caplog.set_level(logging.DEBUG)
    gateway.status = {"refuses": 400, "fails": 500}.get(problem, 200)
    gateway.seconds = 3 if problem == "is silent" else 0
    if problem == "is down":
        settings.SMS_HTTP_URL = f"http://127.0.0.1:1/send?key={SECRET}"
    with pytest.raises((TryAgain, Refused)) as error:
        send()
    for told in (str(error.value), caplog.text):
        assert SECRET not in told
        assert "secret_token" not in told
        assert "9800000001" not in told


def test_an_answer_that_repeats_the_text_is_told_without_the_way_in(gateway):
    from ipsc.links import masked

    gateway.status, gateway.answer = 400, TEXT.encode()
    with pytest.raises(Refused) as error:
        send()
    assert "secret_token" not in masked(str(error.value))


def test_the_console_shows_neither_number_nor_text(settings, caplog):
    caplog.set_level(logging.INFO)
    settings.SMS_ADAPTER = "console"
    assert send() == "console"
    assert "9800000001" not in caplog.text
    assert "secret_token" not in caplog.text
