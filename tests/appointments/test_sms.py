"""What goes out by SMS, to whom, and what is not promised (rules M1 and M2)."""

import json
import threading

import pytest
from django.conf import settings as site

from appointments import booking, messages
from appointments.links import token_of
from appointments.messages.ways import texts
from ipsc.history import PATIENT, SITE
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox.worker import Worker
from tests import factories
from tests.doubles import gateway
from tests.factories import NOW, TOMORROW, at
from tests.people import make_clinic

pytestmark = pytest.mark.django_db

EXAMPLE = site.BASE_DIR / "docs" / "sms-templates.example.json"


@pytest.fixture(autouse=True)
def double(settings):
    """A gateway, and the registered texts of the example."""
    with gateway.serving() as found:
        settings.SMS_ADAPTER, settings.SMS_HTTP_URL = "http", found.url
        settings.SMS_HTTP_FORMAT, settings.SMS_HTTP_ACCEPTED = "json", r"id=(\d+)"
        settings.SMS_HTTP_FIELDS = {"to": "{to}", "text": "{text}", "id": "{template_id}", "key": "{key}"}
        settings.SMS_TEMPLATES = str(EXAMPLE)
        settings.SITE_URL = "https://clinic.example"
        yield found


def book(language="en", **fields):
    values = {"name": "Patient One", "phone": factories.phone(1), "consent_version": "1", "language": language}
    return booking.book(
        service=make_clinic().service,
        clinician=None,
        starts_at=at(TOMORROW, "10:00"),
        details=booking.Details(**(values | fields)),
        by=PATIENT,
        now=NOW,
    )


def send(moment=NOW) -> int:
    return Worker(threading.Event(), now=lambda: moment).drain()


def test_a_booking_is_told_with_day_time_reference_and_link(double):
    appointment = book()
    send()
    asked = json.loads(double.requests[0].body)
    assert asked["to"] == "+919800000001"
    assert asked["text"] == (
        f"IPSC: your visit is booked for Thu 26 Nov, 10:00 am. Reference {appointment.spoken_reference}. "
        f"See, move or cancel it: https://clinic.example/m?{token_of(appointment)}"
    )
    message = Message.objects.get(kind="appointments.booked")
    assert (message.state, message.receipt, message.subject) == (MessageState.SENT, "77", "")
    assert token_of(appointment) not in message.body
    assert asked["id"] == json.loads(EXAMPLE.read_text())["appointments.booked"]["en"]["id"]


def test_it_goes_in_the_language_of_the_patient(double):
    appointment = book(language="hi")
    send()
    text = json.loads(double.requests[0].body)["text"]
    assert "बुक हो गई है" in text
    assert text.endswith(f"https://clinic.example/hi/m?{token_of(appointment)}")


def test_no_sms_names_service_or_reason(double):
    appointment = book(reason="Pain in the lower back")
    for kind in (messages.BOOKED, messages.MOVED, messages.CANCELLED, messages.LINK):
        Message.objects.all().delete()
        messages.announce(appointment, kind, by=SITE, now=NOW)
        send()
    said = "\n".join(json.loads(request.body)["text"] for request in double.requests)
    assert len(double.requests) == 4
    for word in (appointment.service.name, "lower back", "Patient One", "Consultant"):
        assert word not in said


def test_a_second_attempt_carries_the_same_key(double):
    book()
    double.says = gateway.answer("503 Busy")
    send()
    double.says = gateway.answer(body="id=1")
    send(Message.objects.get(kind="appointments.booked").next_attempt_at)
    first, second = (json.loads(request.body)["key"] for request in double.requests)
    assert first == second


def test_what_is_not_registered_in_a_language_is_not_promised_in_it(tmp_path, settings, double):
    found = json.loads(EXAMPLE.read_text())
    del found["appointments.booked"]["hi"]
    settings.SMS_TEMPLATES = str(tmp_path / "sms.json")
    (tmp_path / "sms.json").write_text(json.dumps(found))
    appointment = book(language="hi")
    assert not texts(appointment, messages.BOOKED)
    assert texts(appointment, messages.MOVED)
    assert not Message.objects.filter(kind="appointments.booked").exists()
    appointment.language = "en"
    assert texts(appointment, messages.BOOKED)


@pytest.mark.parametrize("phone", ["+911141234567", "+12025550123", "+447400123456"])
def test_nothing_is_promised_to_a_number_that_gets_no_sms(phone):
    assert not texts(factories.appointment(phone=phone), messages.BOOKED)


@pytest.mark.parametrize(
    "changes",
    [
        {"SMS_ADAPTER": ""},
        {"SMS_ADAPTER": "htp"},
        {"SMS_HTTP_URL": ""},
        {"SMS_TEMPLATES": ""},
        {"SMS_TEMPLATES": "/no"},
    ],
)
def test_without_a_way_nothing_is_promised_and_booking_goes_on(settings, changes):
    for name, value in changes.items():
        setattr(settings, name, value)
    appointment = book()
    assert messages.ways(appointment, messages.BOOKED) == []
    assert not Message.objects.filter(channel=Channel.SMS).exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("{1} {2}", "has 2 variables, and 4 were given"), ("{1} {2} {3} {4}" + "क" * 200, "takes 4 parts; at most 3")],
)
def test_a_text_that_would_not_fit_fails_when_it_is_queued(tmp_path, settings, double, text, words):
    found = json.loads(EXAMPLE.read_text())
    found["appointments.booked"]["en"]["text"] = text
    settings.SMS_TEMPLATES = str(tmp_path / "sms.json")
    (tmp_path / "sms.json").write_text(json.dumps(found))
    appointment = book()
    message = Message.objects.get(kind="appointments.booked", about_id=appointment.pk)
    assert message.state == MessageState.FAILED
    assert words in message.last_error
    assert send() == 0
    assert not double.requests


def test_an_adapter_that_is_taken_away_leaves_messages_waiting(settings, double):
    book()
    settings.SMS_ADAPTER = ""
    send()
    message = Message.objects.get(kind="appointments.booked")
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert "see the settings" in message.last_error
