"""Each e-mail about a visit as a mail server gets it: text, HTML and calendar, in both languages."""

import re
import threading

import pytest
from django.template import TemplateSyntaxError, engines
from icalendar import Calendar

from appointments import messages
from appointments.links import token_of
from appointments.messages.causes import send_link
from appointments.messages.kinds import content
from ipsc.history import PATIENT, SITE
from ipsc.models import Message, MessageState
from ipsc.outbox import rendering
from ipsc.outbox.worker import Worker
from tests import factories
from tests.doubles import mail_server
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.people import make_clinic

pytestmark = pytest.mark.django_db

ADDRESS = "Example House\nExample Road 12"
KINDS = ("booked", "requested", "confirmed", "declined", "moved", "cancelled", "reminder", "link")
ENDS = ("declined", "cancelled")
HEALTH = ("First consultation", "Lumbar injection", "lower back", "Consultant, spine")


@pytest.fixture(autouse=True)
def server(settings):
    settings.SITE_URL = "https://clinic.example"
    settings.DEFAULT_FROM_EMAIL = "Clinic <desk@clinic.example>"
    with mail_server.serving() as double:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", double.port
        yield double


@pytest.fixture
def clinic():
    made = make_clinic()
    made.settings.address, made.settings.phone = ADDRESS, "+911155501234"
    made.settings.save()
    return made


def visit(clinic, **fields):
    service = factories.service(
        name="Lumbar injection", bring="Earlier <scans>", prepare="Eat as usual & rest", come_with_someone=True
    )
    values = {"email": "one@example.org", "name": "Patient One", "reason": "Pain in the lower back"}
    return factories.appointment(service=service, clinician=clinic.clinician, **(values | fields))


def rendered(appointment, kind: str, language: str):
    facts = {
        "starts_at": appointment.starts_at.isoformat(),
        "old_starts_at": at(TOMORROW, "16:30").isoformat(),
        "answer_by_at": at(TODAY, "18:00").isoformat(),
    }
    row = Message(kind=f"appointments.{kind}", language=language, facts=facts, to=appointment.email, channel="email")
    return rendering.mail(row, content(row, appointment))


def send(moment=NOW) -> int:
    return Worker(threading.Event(), now=lambda: moment).drain()


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_says_when_and_where_and_how_to_come_back(clinic, kind, language):
    appointment = visit(clinic, language=language)
    letter = rendered(appointment, kind, language)
    for text in (letter.text, letter.html):
        day, clock = {"en": ("Thursday 26 November 2026", "10:00 am"), "hi": ("गुरुवार 26 नवंबर 2026", "10:00")}[language]
        assert day in text
        assert clock in text
        assert appointment.spoken_reference in text
        assert "+91 11 5550 1234" in text
        for wanted in ("Example Road 12", "/m?" + token_of(appointment), "Earlier", "as usual"):
            assert (wanted in text) == (kind not in ENDS)
    assert "\n\n\n" not in letter.text
    assert not re.search(r"[ \t]\n|<(?!scans>)|&amp;", letter.text)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_subject_tells_of_health(clinic, kind, language):
    letter = rendered(visit(clinic, language=language), kind, language)
    for word in (*HEALTH, "Patient One", "lower", "Lumbar"):
        assert word not in letter.subject
    assert letter.subject.startswith("IPSC: ")
    assert len(letter.subject) < 90


@pytest.mark.parametrize("kind", KINDS)
def test_html_loads_nothing_and_has_one_button(clinic, kind):
    html = rendered(visit(clinic), kind, "en").html
    assert not re.search(r"<(img|script|style|link|iframe|form)\b|url\(|@import| src=", html)
    assert html.count("display:block") == 1
    assert "Earlier <scans>" not in html


def test_a_letter_arrives_with_text_html_and_calendar(clinic, server):
    appointment = visit(clinic)
    messages.announce(appointment, messages.BOOKED, by=PATIENT, now=NOW)
    send()
    [letter] = server.letters
    assert [part.get_content_type() for part in letter.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    text, html, calendar = (part for part in letter.walk() if not part.is_multipart())
    assert token_of(appointment) in text.get_content()
    assert token_of(appointment) in html.get_content()
    assert (calendar.get_filename(), calendar.get_param("method")) == ("appointment.ics", "REQUEST")
    [event] = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert event.decoded("dtstart") == appointment.starts_at
    assert event["uid"] == appointment.uid
    for word in HEALTH:
        assert word not in str(event.to_ical())


def test_a_hindi_letter_comes_out_as_it_went_in(clinic, server):
    appointment = visit(clinic, language="hi")
    messages.announce(appointment, messages.BOOKED, by=PATIENT, now=NOW)
    send()
    [letter] = server.letters
    assert "गुरुवार 26 नवंबर 2026" in letter["Subject"]
    assert "आपकी विज़िट बुक हो गई है" in letter.get_body(("plain",)).get_content()
    assert '<html lang="hi">' in letter.get_body(("html",)).get_content()


@pytest.mark.parametrize("name", ["A\r\nBcc: all@example.org", "A\nSubject: x", 'A" <all@example.org>', "<script>"])
def test_what_a_patient_calls_herself_reaches_no_header_and_no_page(clinic, server, name):
    appointment = visit(clinic, name=name, search_name="a", reason=name)
    messages.announce(appointment, messages.BOOKED, by=PATIENT, now=NOW)
    send()
    [letter] = server.letters
    assert server.envelopes == [["one@example.org"]]
    assert (letter["To"], letter["Bcc"]) == ("one@example.org", None)
    assert len(letter.get_all("Subject")) == 1
    assert "<script>" not in letter.get_body(("html",)).get_content()


def test_a_template_that_fails_breaks_its_message_and_no_other(clinic, server, monkeypatch):
    broken, whole = visit(clinic), visit(clinic, starts_at=at(TOMORROW, "11:00"), email="two@example.org")
    get_template = engines["django"].engine.get_template

    def failing(name):
        if name == "messages/appointments/booked.html":
            raise TemplateSyntaxError(f"Invalid block tag, near /m?{token_of(broken)}")
        return get_template(name)

    monkeypatch.setattr(engines["django"].engine, "get_template", failing)
    messages.announce(broken, messages.BOOKED, by=PATIENT, now=NOW)
    send_link(whole, by=SITE, now=NOW, part="1")
    assert send() == 2
    first, second = Message.objects.exclude(kind="appointments.reminder").order_by("pk")
    assert (first.state, second.state) == (MessageState.QUEUED, MessageState.SENT)
    assert first.last_error == "TemplateSyntaxError: Invalid block tag, near /m?…"
    assert server.envelopes == [["two@example.org"]]
