"""The HTTP adapter against a real server on loopback: one that answers well, slowly, with errors, nonsense or not."""

import gzip
import json
import logging
import socket
import time
from urllib.parse import parse_qs

import pytest

from ipsc import sms
from ipsc.outbox.problems import Refused, TryAgain
from ipsc.sms import adapters
from tests.doubles import gateway
from tests.doubles.gateway import answer

TEXT = "Booked: Thu 26 Nov, 10:00 am. https://clinic.example/m?AbCdEfGhIjKlMnOp1_bcdfghjkmn"
SECRETS = ("key-secret-1", "token-secret-2", "acc-4711", "AbCdEfGhIjKlMnOp1_bcdfghjkmn")


def send(**values) -> str:
    return sms.adapter().send(**({"to": "+919800000001", "text": TEXT, "template_id": "1207", "key": "k-1"} | values))


def problem_of(kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        send()
    return str(caught.value)


def test_a_form_is_posted_with_the_fields_of_the_settings(double):
    assert send(text="नमस्ते & more=1") == "77"
    [request] = double.requests
    assert request.line == "POST /send?account=acc-4711 HTTP/1.1"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"] == "Bearer token-secret-2"
    assert parse_qs(request.body) == {
        "apikey": ["key-secret-1"],
        "to": ["919800000001"],
        "text": ["नमस्ते & more=1"],
        "dlt": ["1207"],
        "from": ["CLINIC"],
        "ref": ["k-1"],
    }


def test_json_is_posted_with_values_of_any_kind(double, settings):
    settings.SMS_HTTP_FORMAT = "json"
    settings.SMS_HTTP_FIELDS = {"to": ["{to}"], "number": "{to}", "text": "{text}", "flash": False}
    send(text='"{to}" नमस्ते')
    [request] = double.requests
    assert request.headers["content-type"] == "application/json"
    # The text is not looked through for placeholders.
    assert json.loads(request.body) == {
        "to": ["+919800000001"],
        "number": "+919800000001",
        "text": '"{to}" नमस्ते',
        "flash": False,
    }


def test_an_answer_of_success_without_a_receipt_will_do(double, settings):
    settings.SMS_HTTP_ACCEPTED = "^ok"
    assert send() == ""


def test_an_answer_that_was_packed_is_read(double):
    body = gzip.compress(b"ok id=9")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    double.says = head.encode() + body
    assert send() == "9"


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Busy", "429 Slow down", "408 Late", "599 What"])
@pytest.mark.parametrize("body", ["", "ok id=77"])
def test_a_gateway_in_trouble_is_asked_again_later(double, status, body):
    double.says = answer(status, body)
    assert f"The gateway answered {status[:3]}:" in problem_of(TryAgain)
    assert len(double.requests) == 1


@pytest.mark.parametrize("status", ["401 Who", "402 No credit", "403 Not you", "404 Where", "405 How"])
def test_an_account_that_is_not_in_order_fails_no_message_for_good(double, status):
    double.says = answer(status, "mend your account")
    assert problem_of(TryAgain) == f"The gateway answered {status[:3]}: mend your account"


@pytest.mark.parametrize("status", ["400 Bad", "413 Long", "422 Number"])
def test_a_text_that_is_refused_is_not_tried_again(double, status):
    double.says = answer(status, "no such number")
    assert problem_of(Refused) == f"The gateway answered {status[:3]}: no such number"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Again", "308 Gone there"])
def test_a_redirect_is_not_followed(double, status):
    with gateway.serving() as other:
        double.says = answer(status, Location=f"{other.url}/elsewhere")
        assert "The gateway answered 30" in problem_of(TryAgain)
        assert not other.requests
    assert len(double.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        answer(body='{"status": "error", "message": "Template mismatch"}', Content_Type="application/json"),
        answer(body="<html><body>Please sign in to this hotel's network</body></html>", Content_Type="text/html"),
        answer(body="{not json", Content_Type="application/json"),
        answer(body="ok", Content_Type="image/png"),
        answer("204 No Content"),
        answer("200 OK", "\x00\x07\x1b[31m"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe\xfd\xfc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nok i",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok",
        b"HTTP/1.1 abc\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"\x00" * 100,
        b"",
    ],
)
def test_nonsense_is_no_success(double, said):
    double.says = said
    words = problem_of(TryAgain)
    assert words.isprintable()
    assert len(words) < 500


def test_an_answer_without_end_is_not_read_to_its_end(double):
    double.says, double.goes_on = b"HTTP/1.1 200 OK\r\n\r\nok id=77", b"x" * 10_000
    assert problem_of(TryAgain) == "The gateway's answer does not end. The text may have arrived."


def test_an_answer_by_drops_is_not_waited_for(double, monkeypatch):
    monkeypatch.setattr(adapters, "TOTAL", 0.0)
    double.says = answer(body="ok id=77")
    assert problem_of(TryAgain) == "The gateway's answer took too long. The text may have arrived."


@pytest.mark.parametrize("said", [None, b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"])
def test_one_that_does_not_answer_is_left_after_the_timeout(double, monkeypatch, said):
    monkeypatch.setattr(adapters, "READ", 0.2)
    double.says, double.keeps_open = said, True
    began = time.monotonic()
    assert problem_of(TryAgain).startswith("ReadTimeoutError:")
    assert time.monotonic() - began < 5
    assert len(double.requests) == 1


def test_one_that_does_not_pick_up_is_left_after_the_timeout(double, settings, monkeypatch):
    monkeypatch.setattr(adapters, "READ", 0.2)
    with gateway.deaf() as url:
        settings.SMS_HTTP_URL = url
        assert problem_of(TryAgain).startswith("ReadTimeoutError:")


def test_one_that_is_down_is_asked_again_later(double, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.SMS_HTTP_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert "could not be reached" in problem_of(TryAgain)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "http://[::1"])
def test_an_address_that_is_none_is_asked_again_when_it_is_mended(double, settings, url):
    settings.SMS_HTTP_URL = url
    assert "could not be reached" in problem_of(TryAgain)


@pytest.mark.parametrize("status", ["200 OK", "400 Bad", "500 Oops"])
def test_what_a_gateway_repeats_of_our_secrets_is_not_kept(double, status):
    double.says = answer(status, f"You sent {' '.join(SECRETS)} and Bearer token-secret-2 and {TEXT}")
    with pytest.raises((TryAgain, Refused)) as caught:
        send()
    assert "You sent" in str(caught.value)
    for secret in SECRETS[:3]:
        assert secret not in str(caught.value)
    assert TEXT not in str(caught.value)


def test_no_secret_gets_into_a_log_however_much_is_logged(double, caplog, settings):
    with caplog.at_level(logging.DEBUG), caplog.at_level(settings.LOGGING["loggers"]["urllib3"]["level"], "urllib3"):
        send()
        double.says = answer("500 Oops", " ".join(SECRETS))
        problem_of(TryAgain)
    for secret in (*SECRETS, "9800000001"):
        assert secret not in caplog.text


def test_the_console_logs_neither_number_nor_text(settings, caplog):
    settings.SMS_ADAPTER = "console"
    with caplog.at_level(logging.DEBUG):
        assert send() == "console"
    assert "…001" in caplog.text
    assert "9800000001" not in caplog.text
    assert "m?" not in caplog.text


def test_without_an_adapter_nothing_is_set_up(settings):
    settings.SMS_ADAPTER = ""
    assert sms.adapter() is None
    assert not sms.is_set_up()


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [("http", "", False), ("http", "gw", False), ("htp", "x", False), ("console", "", True)],
)
def test_an_adapter_that_cannot_send_is_not_set_up(settings, name, url, expected):
    settings.SMS_ADAPTER, settings.SMS_HTTP_URL = name, url
    assert sms.is_set_up() is expected
