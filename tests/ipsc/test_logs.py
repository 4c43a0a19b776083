"""Logs name no key to a booking (rule M2)."""

import io
import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from gunicorn.config import Config

from ipsc import links
from ipsc.logs import Gunicorn, Masked

TOKEN = links.sign("appointment", "bcdfghjkmn", 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"GET /m?{TOKEN} HTTP/1.1", "GET /m?… HTTP/1.1"),
        (f"GET /hi/m?{TOKEN}&utm=1 HTTP/1.1", "GET /hi/m?…&utm=1 HTTP/1.1"),
        ("GET /m?cut-sho", "GET /m?…"),
        ("/m%3Fcut-sho", "/m%3F…"),
        (f"/appointments/manage/{TOKEN}/cancel/", "/appointments/manage/…/cancel/"),
        (f"/hi/appointments/manage/{TOKEN}/calendar.ics", "/hi/appointments/manage/…/calendar.ics"),
        ("/appointments/manage/forged.by-hand/", "/appointments/manage/…/"),
        (f"/appointments/call-me-back/sent/{TOKEN}/", "/appointments/call-me-back/sent/…/"),
        (
            f"Reverse for 'manage' with arguments '('{TOKEN}',)' not found",
            "Reverse for 'manage' with arguments '('…',)' not found",
        ),
        (f"%2Fm%3F{TOKEN}", "%2Fm%3F…"),
        ("/appointments/book/bcdfghjkmn/times/", "/appointments/book/bcdfghjkmn/times/"),
        ("/appointments/manage/", "/appointments/manage/"),
        ("appointments_appointment_service_id_1a2b3c4d_fk", "appointments_appointment_service_id_1a2b3c4d_fk"),
    ],
)
def test_tokens_are_left_out(text, expected):
    assert links.masked(text) == expected


def test_a_line_is_masked_with_its_arguments_and_its_traceback():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Masked("{levelname} {message}", style="{"))
    log = logging.Logger("tests")
    log.addHandler(handler)
    try:
        raise LookupError(f"no page at /m?{TOKEN}")
    except LookupError:
        log.exception("Not found: %s", f"/appointments/manage/{TOKEN}/")
    assert TOKEN not in stream.getvalue()
    assert "ERROR Not found: /appointments/manage/…/\n" in stream.getvalue()
    assert "LookupError: no page at /m?…" in stream.getvalue()


def test_every_handler_of_the_site_masks(settings):
    """In a process of its own: pytest's handlers are none of the site's."""
    program = f"""
import logging, django
django.setup()
for name in ("django.request", "django.server", "django", "ipsc.outbox", "urllib3", "elsewhere"):
    logging.getLogger(name).error("Not found: %s", "/m?{TOKEN}")
"""
    environment = {"DJANGO_SETTINGS_MODULE": "ipsc.settings", "IPSC_MODE": "development", "SECRET_KEY": "x" * 60}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert TOKEN not in done.stderr + done.stdout
    assert done.stderr.count("Not found: /m?…") == 6


class Response:
    status, sent, headers = "200 OK", 0, ()


class Request:
    headers = ()


@pytest.fixture
def web(tmp_path):
    """gunicorn's logs, into files."""
    loggers = [logging.getLogger(name) for name in ("gunicorn.error", "gunicorn.access")]
    kept = [(log.handlers[:], log.level, log.propagate) for log in loggers]
    config = Config()
    config.set("accesslog", str(tmp_path / "access"))
    config.set("errorlog", str(tmp_path / "error"))
    yield Gunicorn(config), tmp_path
    for log, (handlers, level, propagate) in zip(loggers, kept, strict=True):
        for handler in set(log.handlers) - set(handlers):
            handler.close()
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)


def test_the_web_server_logs_no_token(web):
    logger, folder = web
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/m?{TOKEN}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://clinic.example/appointments/manage/{TOKEN}/",
    }
    logger.access(Response(), Request(), environ, timedelta(seconds=1))
    logger.error("Error handling request %s", f"/m?{TOKEN}")
    requests, errors = (folder / "access").read_text(), (folder / "error").read_text()
    assert '"GET /m?… HTTP/1.1" 200' in requests
    assert "https://clinic.example/appointments/manage/…/" in requests
    assert "Error handling request /m?…" in errors
    assert TOKEN not in requests + errors


def test_the_site_is_served_with_these_logs():
    from ipsc.serving.web import Site

    site = Site("127.0.0.1", 8000, lambda: None, None)
    assert site.cfg.logger_class is Gunicorn
