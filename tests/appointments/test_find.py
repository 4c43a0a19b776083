"""Find my booking: the same answer and the same work for everybody; the link goes where the booking says (B4, B6)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import booking
from appointments.links import manage_url
from appointments.models import Appointment
from ipsc.history import PATIENT
from ipsc.identifiers import luhn_digit
from ipsc.models import Message, MessageState
from tests import factories
from tests.appointments.guest import book, link_in, send
from tests.factories import NOW, TOMORROW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

FIND, SENT = "/appointments/find/", "/appointments/find/sent/"
NOBODYS = "12345678" + luhn_digit("12345678")


@pytest.fixture
def booked(clinic) -> Appointment:
    """A booking whose own letter has left already."""
    made = book(clinic)
    send()
    mail.outbox.clear()
    return made


def ask(reference: str, phone: str = "98000 00001", client: Client | None = None, prefix: str = "", **options):
    return (client or Client()).post(prefix + FIND, {"reference": reference, "phone": phone}, **options)


def letters() -> list[mail.EmailMessage]:
    """What has left when the worker has looked, and then sent."""
    send()
    send()
    return mail.outbox


def test_the_link_goes_to_the_address_of_the_booking(booked):
    answer = ask(booked.spoken_reference)
    assert (answer.status_code, answer.headers["Location"]) == (302, SENT)
    [letter] = letters()
    assert letter.to == ["one@example.org"]
    assert Client().get(link_in(letter)).headers["Location"] == manage_url(booked)


def test_it_never_shows_the_link(booked):
    page = ask(booked.reference, follow=True)
    assert "/manage/" not in page.text
    assert booked.public_id not in page.text
    assert "Patient One" not in page.text


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}-{2}-{3}", "{1}.{2}.{3}", "{1}\u00a0{2} {3}"])
def test_it_reads_a_reference_as_people_write_it(booked, typed):
    whole = booked.reference
    ask(typed.format(whole, whole[:3], whole[3:6], whole[6:]))
    assert len(letters()) == 1


def test_it_reads_digits_of_any_script(booked):
    ask(booked.reference.translate(str.maketrans("0123456789", "०१२३४५६७८९")))
    assert len(letters()) == 1


@pytest.mark.parametrize("phone", ["098000-00001", "+91 98000 00001", "9800000001"])
def test_it_reads_a_phone_as_people_write_it(booked, phone):
    ask(booked.reference, phone)
    assert len(letters()) == 1


# The same for everybody


def seen(answer) -> tuple:
    page = Client().get(answer.headers["Location"])
    return answer.status_code, answer.headers["Location"], re.sub(r'csrf\S+ value="\S+"', "", page.text)


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_booking(booked):
    known = ask(booked.reference)
    others = [ask(NOBODYS), ask(booked.reference, "98000 00002"), ask(NOBODYS, "98000 00009")]
    assert all(seen(other) == seen(known) for other in others)
    assert [sorted(other.cookies) for other in others] == [sorted(known.cookies)] * 3


def test_the_same_work_is_done_whether_or_not_there_is_such_a_booking(booked):
    def work(reference: str, phone: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            ask(reference, phone)
        return [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in captured]

    known = work(booked.reference, "98000 00001")
    assert work(NOBODYS, "98000 00002") == known
    assert work(booked.reference, "98000 00003") == known
    assert not any('FROM "appointments_appointment"' in sql for sql in known)


@pytest.mark.parametrize("phone", ["98000 00002", "+1 201 555 0123"])
def test_a_stranger_with_a_reference_gets_nothing_and_the_patient_neither(booked, phone):
    ask(booked.reference, phone)
    assert letters() == []
    assert Message.objects.get(kind="appointments.find").state == MessageState.WITHDRAWN


@pytest.mark.parametrize("prepare", ["ended", "cancelled", "sample", "wordless"])
def test_nothing_goes_out_where_there_is_nothing_to_open(booked, prepare):
    if prepare == "cancelled":
        booking.cancel(appointment=booked, by=PATIENT, now=NOW)
        send()
        mail.outbox.clear()
    changes = {"sample": {"is_sample": True}, "wordless": {"email": ""}, "ended": {"status": "fulfilled"}}
    if prepare in changes:
        values = changes[prepare] | ({"fulfilled_at": NOW} if prepare == "ended" else {})
        Appointment.objects.filter(pk=booked.pk).update(**values)
    ask(booked.reference)
    assert letters() == []


def test_asking_ends_no_link_that_there_is(booked):
    before = manage_url(booked)
    ask(booked.reference)
    letters()
    assert Client().get(before).status_code == 200


def test_a_search_older_than_an_hour_sends_nothing(booked):
    ask(booked.reference)
    send(NOW + timedelta(hours=1, minutes=1))
    assert mail.outbox == []


# Bad input


@pytest.mark.parametrize(
    ("reference", "phone", "field", "told"),
    [
        ("", "98000 00001", "reference", "A reference has nine digits"),
        ("12345678", "98000 00001", "reference", "A reference has nine digits"),
        ("1" * 300, "98000 00001", "reference", "A reference has nine digits"),
        ("abc def ghi", "98000 00001", "reference", "A reference has nine digits"),
        ("<script>", "98000 00001", "reference", "A reference has nine digits"),
        ("123456789", "98000 00001", "reference", "One of these digits is wrong."),
        (NOBODYS, "", "phone", "Type the phone number that was given with the booking."),
        (NOBODYS, "12", "phone", "This is not a phone number that we can call."),
        (NOBODYS, "1900 555 0100", "phone", "This is not a phone number that we can call."),
    ],
)
def test_it_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(reference, phone, field, told):
    page = ask(reference, phone)
    assert page.status_code == 200
    assert told in str(page.context["form"].errors[field])
    assert page.context["form"]["reference"].value() == reference
    assert "<title>Error: " in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    assert not Message.objects.exists()


def test_nul_is_no_text():
    assert ask("\0", "\0").status_code == 200


def test_get_asks_and_sends_nothing(booked):
    page = Client().get(FIND, {"reference": booked.reference, "phone": "98000 00001"})
    assert page.status_code == 200
    assert page.context["form"]["reference"].value() is None
    assert not Message.objects.filter(kind="appointments.find").exists()


def test_a_form_of_another_site_sends_nothing(booked):
    assert ask(booked.reference, client=Client(enforce_csrf_checks=True)).status_code == 403
    assert letters() == []


@pytest.mark.parametrize("path", [FIND, SENT, "/hi" + FIND])
def test_it_is_neither_kept_nor_listed(path):
    page = Client().get(path)
    assert "no-store" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


# Limits


def test_three_searches_for_one_phone_in_an_hour(booked):
    answers = [ask(booked.reference, client=Client(REMOTE_ADDR=f"198.51.100.{number}")) for number in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Every booking stands as it was made." in answers[-1].text


def test_a_town_that_shares_an_address_may_go_on_and_a_machine_not(booked):
    answers = [ask(NOBODYS, f"98000 {number:05}").status_code for number in range(62)]
    assert answers[:60] == [302] * 60
    assert answers[60:] == [429, 429]


def test_a_refused_search_says_the_same_of_every_booking(booked):
    for reference in (booked.reference, NOBODYS):
        for _number in range(3):
            ask(reference)
    texts = {ask(reference).text for reference in (booked.reference, NOBODYS)}
    assert len({re.sub(r'value="[^"]+"', "", text) for text in texts}) == 1


# Where no message can go


def test_it_offers_a_call_where_the_site_sends_nothing(clinic, settings):
    settings.SENDS_EMAIL = False
    clinic.settings.phone = ""
    clinic.settings.save()
    page = Client().get(FIND)
    assert "it cannot send you a new link" in page.text
    assert "/appointments/call-me-back/" in page.text
    assert 'name="reference"' not in page.text
    assert ask(NOBODYS).status_code == 200
    assert not Message.objects.exists()


def test_the_answer_offers_a_call_to_whoever_has_no_address(booked):
    page = ask(booked.reference, follow=True)
    assert "/appointments/call-me-back/" in page.text


def test_it_speaks_hindi_and_the_link_speaks_as_the_booking_does(booked):
    Appointment.objects.filter(pk=booked.pk).update(language="hi")
    answer = ask(booked.reference, prefix="/hi")
    assert answer.headers["Location"] == "/hi" + SENT
    [letter] = letters()
    assert "गुरुवार" in letter.subject


def test_the_pages_of_a_booking_and_the_footer_lead_here():
    assert reverse("appointments:find") in Client().get("/").text
    lost = Client().get("/appointments/manage/forged/")
    assert lost.status_code == 404
    assert reverse("appointments:find") in lost.text


def test_a_booking_made_meanwhile_is_found_by_the_worker(clinic):
    ask(NOBODYS)
    factories.appointment(
        reference=NOBODYS, phone=factories.phone(1), email="two@example.org", starts_at=at(TOMORROW, "10:00")
    )
    assert [letter.to for letter in letters()] == [["two@example.org"]]
