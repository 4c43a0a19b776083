"""What a patient is told: each kind of message as it leaves, in both languages (rules M1 and M2)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from appointments import booking
from appointments.models import Appointment, Status
from ipsc.history import PATIENT, Actor
from ipsc.models import Message, MessageState
from ipsc.roles import RECEPTION
from tests.appointments.guest import book, link_in, send
from tests.factories import NOW, TOMORROW, at
from tests.people import make_clinic
from tests.staff import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

SECRETS = ("Bone cement", "vertebroplasty", "my back", "Patient One")


def staff() -> Actor:
    return Actor.staff(member(RECEPTION))


@pytest.fixture
def clinic():
    found = make_clinic()
    row, service = found.settings, found.service
    row.phone, row.address, row.map_url = "+911145678901", "Plot 1\nNew Delhi", "https://maps.example/x"
    row.save()
    service.name, service.medical_name = "Bone cement", "vertebroplasty"
    service.bring, service.bring_hi = "Your scans", "अपने स्कैन"
    service.prepare, service.prepare_hi = "Eat nothing for six hours", "छह घंटे कुछ न खाएँ"
    service.save()
    return found


def on_request(clinic):
    clinic.service.instant = False
    clinic.service.save()
    return book(clinic, reason="my back")


def booked(clinic):
    book(clinic, reason="my back")


def requested(clinic):
    on_request(clinic)


def confirmed(clinic):
    made = on_request(clinic)
    send()
    booking.step(appointment=made, to=Status.BOOKED, by=staff(), now=NOW)


def declined(clinic):
    made = on_request(clinic)
    send()
    booking.step(appointment=made, to=Status.DECLINED, by=staff(), now=NOW, reason="full")


def moved(clinic):
    made = book(clinic, reason="my back")
    send()
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "11:00"), by=staff(), now=NOW)


def cancelled(clinic):
    made = book(clinic, reason="my back")
    send()
    booking.cancel(appointment=made, by=staff(), now=NOW, reason="the doctor is ill")


def reminded(clinic):
    book(clinic, at(TOMORROW + timedelta(days=3), "10:00"), reason="my back")


def linked(clinic):
    made = book(clinic, reason="my back")
    send()
    booking.renew_link(appointment=made, by=staff(), now=NOW)


TOLD = {
    booked: ("IPSC: booked for Thursday 26 November 2026, 10:00 am", "Your visit is booked", "Your time is kept"),
    requested: ("IPSC: request for Thursday 26 November 2026, 10:00 am", "We have your request", "Please do not come"),
    confirmed: ("IPSC: confirmed for Thursday 26 November 2026, 10:00 am", "is confirmed", "Your time is kept"),
    declined: ("IPSC: no visit on Thursday 26 November 2026, 10:00 am", "We could not confirm", "We are sorry"),
    moved: (
        "IPSC: moved to Thursday 26 November 2026, 11:00 am",
        "has been moved",
        "The old time, Thursday",
    ),
    cancelled: ("IPSC: cancelled, Thursday 26 November 2026, 10:00 am", "is cancelled", "and we are sorry"),
    reminded: ("IPSC: reminder for Sunday 29 November 2026, 10:00 am", "is coming up", "please tell us in time"),
    linked: ("IPSC: link to your booking of Thursday 26 November 2026, 10:00 am", "Your booking", "Here is the link"),
}
ENDED = (declined, cancelled)


def last_letter(cause, clinic) -> mail.EmailMessage:
    cause(clinic)
    send(NOW if cause is not reminded else at(TOMORROW, "10:00"))
    return mail.outbox[-1]


def both_bodies(letter) -> list[str]:
    [(html, mimetype)] = letter.alternatives
    assert mimetype == "text/html"
    return [letter.body, html]


@pytest.mark.parametrize("cause", TOLD, ids=lambda cause: cause.__name__)
def test_it_says_what_has_become_of_the_visit(clinic, cause):
    subject, *sentences = TOLD[cause]
    letter = last_letter(cause, clinic)
    assert letter.subject == subject
    assert letter.to == ["one@example.org"]
    moment = subject.partition("for ")[2] or re.search(r"\w+ \d+ November.*", subject)[0]
    for body in both_bodies(letter):
        for words in (*sentences, moment, "+91 11 4567 8901"):
            assert words in body
        assert ("Plot 1" in body) == (cause not in ENDED)


@pytest.mark.parametrize("cause", [each for each in TOLD if each not in ENDED], ids=lambda cause: cause.__name__)
def test_it_says_what_to_bring_how_to_prepare_and_leads_to_the_booking(clinic, cause):
    letter = last_letter(cause, clinic)
    for body in both_bodies(letter):
        assert "Your scans" in body
        assert "Eat nothing for six hours" in body
    page = Client().get(link_in(letter), follow=True)
    assert page.status_code == 200
    assert Appointment.objects.get().spoken_reference in page.text


@pytest.mark.parametrize("cause", ENDED, ids=lambda cause: cause.__name__)
def test_a_visit_that_is_not_to_be_leads_to_another_one(clinic, cause):
    for body in both_bodies(last_letter(cause, clinic)):
        assert "Choose another time, or call us and we find one for you." in body
        assert "Book another appointment" in body
        assert "/m?" not in body


@pytest.mark.parametrize("cause", ENDED, ids=lambda cause: cause.__name__)
def test_it_asks_nobody_to_call_a_number_that_is_not_there(clinic, cause):
    clinic.settings.phone = ""
    clinic.settings.save()
    for body in both_bodies(last_letter(cause, clinic)):
        assert "You may choose another time." in body
        assert "all us" not in body


@pytest.mark.parametrize("cause", TOLD, ids=lambda cause: cause.__name__)
def test_no_subject_tells_anything_of_the_trouble(clinic, cause):
    letter = last_letter(cause, clinic)
    assert not any(word.casefold() in letter.subject.casefold() for word in SECRETS)
    assert not any("my back" in body for body in both_bodies(letter))


@pytest.mark.parametrize("cause", TOLD, ids=lambda cause: cause.__name__)
def test_the_ledger_keeps_what_was_sent_without_the_way_in(clinic, cause):
    letter = last_letter(cause, clinic)
    row = Message.objects.filter(state=MessageState.SENT).order_by("ended_at", "pk").last()
    assert (row.subject, row.to, row.receipt) == (letter.subject, letter.to[0], letter.extra_headers["Message-ID"])
    assert row.body == re.sub(r"/m\?\S+", "/m?…", letter.body)


def test_a_patient_who_cancels_reads_no_apology(clinic):
    made = book(clinic)
    send()
    booking.cancel(appointment=made, by=PATIENT, now=NOW)
    send()
    for body in both_bodies(mail.outbox[-1]):
        assert "You have cancelled this visit." in body
        assert "sorry" not in body


def test_it_speaks_the_language_of_the_patient(clinic):
    book(clinic, language="hi")
    send()
    [letter] = mail.outbox
    assert "गुरुवार 26 नवंबर 2026, सुबह 10:00 बजे" in letter.subject
    for body in both_bodies(letter):
        assert "अपने स्कैन" in body
        assert "छह घंटे कुछ न खाएँ" in body
        assert "Your scans" not in body
    assert '<html lang="hi">' in letter.alternatives[0][0]


def test_a_request_that_was_moved_is_told_as_a_request(clinic):
    made = on_request(clinic)
    send()
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW)
    send()
    letter = mail.outbox[-1]
    assert letter.subject == "IPSC: request for Thursday 26 November 2026, 11:00 am"
    for body in both_bodies(letter):
        assert "We have your request for another time" in body
        assert "We hold the new time for you and answer by" in body
        assert "has been moved" not in body


def test_a_letter_says_until_when_the_visit_can_be_changed_as_long_as_it_can(clinic):
    book(clinic)
    send()
    assert "There you can move or cancel it until Wednesday 25 November 2026, 10:00 pm." in mail.outbox[-1].body
    clinic.service.change_notice = 720
    clinic.service.save()
    book(clinic, "11:00")
    send()
    assert "There you can move or cancel" not in mail.outbox[-1].body


def test_what_was_moved_before_the_letter_left_is_told_once_and_as_it_is(clinic):
    made = book(clinic)
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW)
    send()
    [letter] = mail.outbox
    assert letter.subject == "IPSC: moved to Thursday 26 November 2026, 11:00 am"


def test_names_and_texts_of_staff_break_neither_subject_nor_html(clinic):
    row = clinic.settings
    row.name, row.address = "IPSC <b>&\r\nBcc: all@example.org", "<script>1</script>"
    row.save()
    book(clinic)
    send()
    [letter] = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["one@example.org"]
    html = letter.alternatives[0][0]
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
