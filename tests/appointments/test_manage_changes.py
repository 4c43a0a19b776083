"""“I am coming” and “Cancel”: pages that ask, and posts that act (rules B6 and B7)."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from appointments import booking
from appointments.links import manage_url
from appointments.managing.changes import changes
from appointments.models import Appointment, Status
from ipsc.models import Message, MessageState
from tests import factories
from tests.appointments.desk import reception
from tests.appointments.guest import Guest, book, link_in, send
from tests.factories import NOW, TOMORROW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

CHANGED = "Your visit is not any more as your page showed it."
LAST_MOMENT = at(TOMORROW, "10:00") - timedelta(hours=12)
ACTS = ("coming", "cancel", "move_check")
PAGES = ("manage", "coming", "cancel", "move", "move_check")


@pytest.fixture
def guest(clinic) -> Guest:
    return Guest(book(clinic))


def everything() -> tuple:
    """All that a page could change."""
    return list(Appointment.objects.values()), list(Message.objects.order_by("pk").values())


def test_it_says_that_the_patient_is_coming(guest):
    page = guest.get("coming")
    assert "Thursday 26 November 2026, 10:00 am" in page.text
    assert guest.post("coming").headers["Location"] == guest.home
    guest.appointment.refresh_from_db()
    assert guest.appointment.coming_at == NOW
    assert guest.appointment.history.first().actor == "patient"
    page = guest.client.get(guest.home)
    assert "You told us that you are coming" in page.text
    assert guest.url("coming") not in page.text


def test_it_says_so_once_however_often_it_is_sent(guest):
    guest.post("coming")
    before = everything()
    assert guest.post("coming").status_code == 302
    assert everything() == before
    assert guest.appointment.history.count() == 2
    assert guest.get("coming").headers["Location"] == guest.home


def test_it_cancels_with_a_reason_and_tells_the_patient(guest):
    assert "Do you want to cancel" in guest.get("cancel").text
    assert guest.post("cancel", reason="My brother\0 marries")["Content-Type"].startswith("text/html")
    answer = guest.post("cancel", reason="My brother marries")
    assert answer.headers["Location"] == guest.home
    guest.appointment.refresh_from_db()
    cancelled = guest.appointment
    assert (cancelled.status, cancelled.cancelled_by, cancelled.end_reason) == (
        Status.CANCELLED,
        "patient",
        "My brother marries",
    )
    assert (cancelled.sequence, cancelled.history.first().actor) == (1, "patient")
    page = guest.client.get(guest.home)
    assert "This visit is cancelled" in page.text
    assert "We are sending you an e-mail to o…@example.org now." in page.text
    send()
    assert mail.outbox[-1].subject
    rows = Message.objects.filter(kind="appointments.reminder").values_list("state", flat=True)
    assert MessageState.QUEUED not in rows


def test_it_cancels_without_a_reason_and_once(guest):
    guest.post("cancel")
    before = everything()
    answer = guest.client.post(guest.url("cancel"), {"seen": 0, "reason": "again"})
    assert answer.headers["Location"] == guest.home
    assert everything() == before


@pytest.mark.parametrize(("reason", "status"), [("x" * 200, 302), ("x" * 201, 200), ("\0", 200), (" \n ", 302)])
def test_it_takes_at_most_200_characters_of_plain_text(guest, reason, status):
    answer = guest.post("cancel", reason=reason)
    assert answer.status_code == status
    guest.appointment.refresh_from_db()
    assert (guest.appointment.status == Status.CANCELLED) == (status == 302)
    if status == 200:
        assert "Error:" in answer.text


def test_it_shows_the_reason_to_nobody_as_markup(guest):
    page = guest.post("cancel", reason="<script>alert(1)</script>" + "x" * 200)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_it_leads_whoever_writes_of_a_sign_that_cannot_wait_to_the_card(guest):
    assert guest.post("cancel", reason="I cannot pass urine").headers["Location"].endswith("#red-flags")


@pytest.mark.parametrize("page", PAGES)
def test_it_changes_nothing_when_a_scanner_opens_a_page(guest, page):
    before = everything()
    query = {"start": "2026-11-26T11:00", "clinician": "any", "seen": "0"}
    for headers in ({}, {"Sec-Purpose": "prefetch"}, {"User-Agent": "Mail scanner"}):
        for method in (guest.client.get, guest.client.head):
            assert method(guest.url(page), query, headers=headers).status_code == 200
    for method in (guest.client.put, guest.client.patch, guest.client.delete, guest.client.options):
        assert method(guest.url(page)).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("page", PAGES)
def test_it_keeps_each_page_private(guest, page):
    query = {"start": "2026-11-26T11:00", "clinician": "any"}
    answer = guest.client.get(guest.url(page), query)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex' in answer.text


@pytest.mark.parametrize("page", ACTS)
def test_it_acts_only_on_its_own_forms(guest, page):
    strict = Client(enforce_csrf_checks=True)
    before = everything()
    answer = strict.post(guest.url(page), {"seen": 0, "start": "2026-11-26T11:00", "clinician": "any"})
    assert answer.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("seen", ["1", "-1", "", "x", "9" * 40, "0.5"])
@pytest.mark.parametrize("page", ACTS)
def test_it_refuses_a_page_that_is_old_and_shows_the_booking(guest, page, seen):
    before = everything()
    answer = guest.post(page, seen=seen, start="2026-11-26T11:00", clinician="any")
    assert answer.status_code == 409
    assert CHANGED in answer.text
    assert everything() == before


def test_it_does_not_take_the_word_for_another_time(clinic, guest):
    """Whoever looks at a page from before the clinic moved the visit says nothing about the new time."""
    booking.reschedule(appointment=guest.appointment, starts_at=at(TOMORROW, "12:00"), by=reception(), now=NOW)
    answer = guest.client.post(guest.url("coming"), {"seen": "0"})
    assert answer.status_code == 409
    assert "12:00 pm" in answer.text
    assert Appointment.objects.get().coming_at is None


@pytest.mark.parametrize("status", [each for each in Status if each not in (Status.REQUESTED, Status.BOOKED)])
def test_it_offers_nothing_that_cannot_be_done(clinic, status):
    made = factories.appointment(service=clinic.service, clinician=clinic.clinician, status=status)
    guest = Guest(made)
    page = guest.client.get(guest.home).text
    for name in ("coming", "cancel", "move"):
        assert guest.url(name) not in page
        assert guest.get(name).headers["Location"] == guest.home
    before = everything()
    for name in ACTS:
        answer = guest.post(name, start="2026-11-26T11:00", clinician="any")
        assert answer.status_code == (302 if status == Status.CANCELLED and name != "coming" else 409), name
    assert everything() == before


def test_it_takes_a_request_back_but_asks_nobody_to_confirm_it(clinic):
    guest = Guest(factories.appointment(service=clinic.service, clinician=clinic.clinician, status=Status.REQUESTED))
    page = guest.client.get(guest.home).text
    assert guest.url("coming") not in page
    assert guest.url("cancel") in page
    assert guest.post("coming").status_code == 409
    assert guest.post("cancel").status_code == 302
    assert Appointment.objects.get().status == Status.CANCELLED


@pytest.mark.parametrize(("before_end", "open_"), [(1, True), (0, False)])
def test_it_binds_patients_by_the_notice_of_the_service(guest, before_end, open_):
    with time_machine.travel(LAST_MOMENT - timedelta(seconds=before_end), tick=False):
        page = guest.client.get(guest.home).text
        assert (guest.url("cancel") in page) == (guest.url("move") in page) == open_
        assert ("You can move or cancel your visit here until Wednesday 25 November 2026, 10:00 pm" in page) == open_
        assert ("So near to its time, this visit can no longer be moved or cancelled online." in page) != open_
        assert guest.post("cancel").status_code == (302 if open_ else 409)


@pytest.mark.parametrize("page", ["cancel", "move_check"])
def test_it_says_after_the_notice_that_it_is_too_late_and_whom_to_call(clinic, guest, page):
    clinic.settings.phone = "+911145678901"
    clinic.settings.save()
    before = everything()
    with time_machine.travel(LAST_MOMENT, tick=False):
        asked = guest.get(page, start="2026-11-26T11:00")
        sent = guest.post(page, start="2026-11-26T11:00", clinician="any")
    assert (asked.status_code, sent.status_code) == (200, 409)
    for answer in (asked, sent):
        assert "So near to its time, this visit can no longer be moved or cancelled online." in answer.text
        assert 'href="tel:+911145678901"' in answer.text
        assert "Call me back" in answer.text
        assert "<form" not in answer.text
    assert everything() == before


def test_it_refuses_what_the_verb_finds_too_late(guest, monkeypatch):
    """The page was in time, and the notice began before the lock was held."""
    monkeypatch.setattr("appointments.views.changing.closed_to_changes", lambda *_: None)
    with time_machine.travel(LAST_MOMENT, tick=False):
        answer = guest.post("cancel")
    assert answer.status_code == 409
    assert "So near to its time, this visit can no longer be moved or cancelled online." in answer.text
    assert Appointment.objects.get().status == Status.BOOKED


def test_it_still_takes_the_word_that_somebody_comes_after_the_notice(guest):
    with time_machine.travel(LAST_MOMENT, tick=False):
        assert guest.post("coming").status_code == 302
    assert Appointment.objects.get().coming_at == LAST_MOMENT


def test_it_asks_nothing_any_more_once_the_visit_has_begun(guest):
    with time_machine.travel(at(TOMORROW, "10:00"), tick=False):
        page = guest.client.get(guest.home).text
        for name in ("coming", "move", "cancel"):
            assert guest.url(name) not in page
        assert guest.post("coming").status_code == 409
        assert guest.post("cancel").status_code == 409
    found = changes(guest.appointment, at(TOMORROW, "10:00"))
    assert not any((found.coming, found.move, found.cancel, found.too_late))


TOKENS = ["forged", "truncated", "rotated", "lengthened", "swapped", "after the visit"]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("page", PAGES)
def test_it_opens_nothing_by_a_link_that_is_none(guest, page, token):
    url, moment = guest.url(page), NOW
    right = manage_url(guest.appointment).strip("/").rpartition("/")[2]
    if token == "rotated":
        booking.renew_link(appointment=guest.appointment, by=reception(), now=NOW, send=False)
    elif token == "after the visit":
        moment = factories.clinic_time(2026, 11, 27)
    else:
        wrong = {
            "forged": "A" * 16 + right[16:],
            "truncated": right[:-1],
            "lengthened": right + "x",
            "swapped": right.swapcase(),
        }
        url = url.replace(right, wrong[token])
    before = everything()
    with time_machine.travel(moment, tick=False):
        for answer in (guest.client.get(url), guest.client.post(url, {"seen": 0})):
            if page in ("manage", "move") and answer.request["REQUEST_METHOD"] == "POST":
                assert answer.status_code == 405
                continue
            assert answer.status_code == 404
            assert "Patient One" not in answer.text
            assert "/appointments/find/" in answer.text
    assert everything() == before


def test_it_opens_a_cancelled_visit_by_the_link_that_was_sent(guest):
    guest.post("cancel")
    page = guest.client.get(guest.home)
    assert page.status_code == 200
    assert "You have cancelled this visit. The time is no longer kept for you." in page.text
    assert "Find another booking of mine" in page.text


@pytest.mark.parametrize("tail", ["", "&utm_source=x", "=", "=&utm_source=x", "&fbclid=y&z", ".", ")."])
def test_it_is_opened_by_the_link_in_the_letter_whatever_programs_hang_on_it(guest, tail):
    send()
    link = link_in(mail.outbox[0]) + tail
    before = everything()
    for method in (guest.client.get, guest.client.head):
        answer = method(link)
        assert answer.headers["Location"] == guest.home
        assert "no-store" in answer.headers["Cache-Control"]
    assert guest.client.post(link).status_code == 405
    assert "Your visit is booked" in guest.client.get(link, follow=True).text
    assert everything() == before


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (12, "until Wednesday 25 November 2026, 10:00 pm"),
        (10, "until Wednesday 25 November 2026, 11:59 pm"),  # midnight would be read as the end of Thursday
        (8, "until Wednesday 25 November 2026, 11:59 pm"),  # so would 2:00 at night, in Hindi
        (6, "until Thursday 26 November 2026, 4:00 am"),
    ],
)
def test_it_tells_the_limit_so_that_nobody_takes_it_for_a_day_later(clinic, guest, hours, told):
    clinic.service.change_notice = hours
    clinic.service.save()
    assert told in guest.client.get(guest.home).text


def test_it_asks_nobody_who_has_just_booked_whether_they_are_coming(guest):
    assert guest.url("coming") not in guest.client.get(guest.home).text
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert guest.url("coming") in guest.client.get(guest.home).text
