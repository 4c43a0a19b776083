"""“Move”: choose a time, check it, and by POST move (rules B2 and B7)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from appointments import booking
from appointments.models import Appointment, Service, Status
from appointments.refusals import BookingClosed, SlotTaken
from ipsc.history import PATIENT
from ipsc.models import ClinicSettings, Message
from tests import factories
from tests.appointments.guest import Guest, book, send
from tests.factories import NOW, TOMORROW, at
from tests.people import query_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

ELEVEN = "2026-11-26T11:00"


@pytest.fixture
def guest(clinic) -> Guest:
    return Guest(book(clinic))


@pytest.fixture
def other(clinic):
    colleague = factories.clinician(services=[clinic.service], name="Consultant, pain")
    factories.hours(colleague)
    return colleague


def now_at() -> tuple:
    made = Appointment.objects.get(name="Patient One")
    return made.clinician, made.starts_at, made.status


def test_it_moves_from_the_first_page_to_the_letter(clinic, guest):
    page = guest.get("move", day=TOMORROW.isoformat())
    assert "When would you rather come?" in page.text
    assert f"{guest.url('move_check')}?clinician={clinic.clinician.public_id}&amp;start={ELEVEN}" in page.text
    page = guest.get("move_check", start=ELEVEN, clinician=clinic.clinician.public_id)
    assert "<s>Thursday 26 November 2026, 10:00 am</s>" in page.text
    assert "Thursday 26 November 2026, 11:00 am" in page.text
    assert now_at()[1] == at(TOMORROW, "10:00")
    answer = guest.client.post(
        guest.url("move_check"), {"seen": "0", "start": ELEVEN, "clinician": clinic.clinician.public_id}
    )
    assert answer.headers["Location"] == f"{guest.home}?moved=1"
    assert now_at() == (clinic.clinician, at(TOMORROW, "11:00"), Status.BOOKED)
    assert Appointment.objects.get().history.first().actor == "patient"
    page = guest.client.get(answer.headers["Location"])
    assert "Your visit has been moved." in page.text
    send()
    assert ["moved" in letter.subject for letter in mail.outbox] == [True]


def test_it_says_that_it_was_moved_only_as_long_as_that_is_the_last_news(guest):
    guest.move(ELEVEN)
    guest.post("cancel")
    assert "has been moved" not in guest.client.get(guest.home, {"moved": "1"}).text
    assert "has been moved" not in guest.client.get(guest.home, {"moved": "0"}).text


def test_it_moves_once_however_often_it_is_sent(guest):
    guest.move(ELEVEN, seen="0")
    messages = Message.objects.count()
    answer = guest.move(ELEVEN, seen="0")
    assert answer.headers["Location"] == guest.home
    assert Appointment.objects.get().sequence == 1
    assert Message.objects.count() == messages


def test_it_moves_once_when_two_forms_come_at_the_same_time(guest, monkeypatch):
    """The second one was past the page's own look when the first one moved the visit."""

    def slow(**values):
        booking.reschedule(
            appointment=values["appointment"], starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW, sequence=0
        )
        return booking.reschedule(
            appointment=values["appointment"], starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW, sequence=0
        )

    monkeypatch.setattr("appointments.views.moving.move_booking", slow)
    assert guest.move(ELEVEN).headers["Location"] == guest.home
    assert Appointment.objects.get().sequence == 1


@pytest.mark.parametrize("clinician", ["any", "own"])
def test_it_gives_the_times_again_when_somebody_was_faster(clinic, guest, clinician):
    own = clinic.clinician.public_id if clinician == "own" else "any"
    assert guest.get("move_check", start=ELEVEN, clinician=own).status_code == 200
    book(clinic, "11:00", name="Patient Two", phone=factories.phone(2))
    answer = guest.move(ELEVEN, own)
    assert query_of(answer) == {"lost": ["taken"], "day": ["2026-11-26"], "clinician": [own]}
    page = guest.client.get(answer.headers["Location"])
    assert "That time has been taken in the meantime." in page.text
    assert "Your visit stays as it was." in page.text
    assert now_at()[1] == at(TOMORROW, "10:00")


def test_it_shows_the_same_clinician_first_and_anyone_on_request(clinic, guest, other):
    page = guest.get("move").text
    assert other.public_id in page.partition("The soonest times")[0]
    assert f"clinician={other.public_id}&amp;start=" not in page
    assert "?clinician=any" in page
    assert "?clinician=any&amp;start=" in guest.get("move", clinician="any").text
    assert f"?clinician={other.public_id}&amp;start=" in guest.get("move", clinician=other.public_id).text


def test_it_stays_with_the_same_clinician_when_anyone_may_take_it(clinic, other):
    """Moving is no reason for a new face: the least busy one is asked only where the present one cannot."""
    guest = Guest(book(clinic, clinician=clinic.clinician))
    for clock in ("12:00", "12:20"):
        book(clinic, clock, clinician=clinic.clinician, name="Patient Two", phone=factories.phone(2))
    guest.move(ELEVEN)
    assert now_at()[0] == clinic.clinician
    guest.move("2026-11-26T12:00")
    assert now_at()[0] == other


def test_it_asks_the_next_one_when_the_first_was_taken_between_look_and_lock(clinic, guest, other, monkeypatch):
    asked, real = [], booking.reschedule

    def reschedule(**values):
        asked.append(values["clinician"])
        if values["clinician"] == clinic.clinician:
            raise SlotTaken
        return real(**values)

    guest = Guest(book(clinic, "10:20", clinician=clinic.clinician, name="Patient Two"))
    monkeypatch.setattr("appointments.managing.moving.reschedule", reschedule)
    assert "moved=1" in guest.move(ELEVEN).headers["Location"]
    assert asked == [clinic.clinician, other]


def test_it_gives_up_when_everybody_was_taken_between_look_and_lock(clinic, guest, other, monkeypatch):
    def taken(**values):
        raise SlotTaken

    monkeypatch.setattr("appointments.managing.moving.reschedule", taken)
    assert query_of(guest.move(ELEVEN))["lost"] == ["taken"]


def test_it_marks_the_time_that_the_patient_has_and_moves_nothing_to_it(guest):
    page = guest.get("move", day=TOMORROW.isoformat()).text
    assert "your time now" in page
    assert "start=2026-11-26T10:00" not in page
    answer = guest.get("move_check", start="2026-11-26T10:00", clinician="any")
    assert query_of(answer)["lost"] == ["same"]
    assert "That is the time that you have now." in guest.client.get(answer.headers["Location"]).text
    assert guest.move("2026-11-26T10:00").headers["Location"] == guest.home
    assert Appointment.objects.get().sequence == 0


def test_it_moves_to_the_same_time_with_somebody_else(clinic, other):
    guest = Guest(book(clinic, clinician=clinic.clinician))
    assert "your time now" not in guest.get("move", clinician=other.public_id).text
    guest.move("2026-11-26T10:00", other.public_id)
    assert now_at()[:2] == (other, at(TOMORROW, "10:00"))


@pytest.mark.parametrize(
    "start",
    ["", "soon", "\0", "2026-11-26T10:07", "2026-11-25T08:00", "2026-12-23T10:00", "9998-12-31T23:59", "9" * 9],
)
def test_it_moves_to_no_time_that_is_not_on_offer(guest, start):
    for answer in (guest.get("move_check", start=start, clinician="any"), guest.move(start)):
        assert query_of(answer)["lost"] == ["changed"]
        page = guest.client.get(answer.headers["Location"])
        assert "That time is not on offer any more." in page.text
    assert now_at()[1] == at(TOMORROW, "10:00")


@pytest.mark.parametrize("forged", ["1", "zzzzzzzzzz", "\0", "'--", "9" * 300])
def test_it_does_not_know_forged_clinicians(guest, forged):
    assert query_of(guest.move(ELEVEN, forged))["lost"] == ["changed"]
    assert guest.get("move", clinician=forged, day=forged, lost=forged).status_code == 200


def test_it_does_not_move_to_another_service(clinic, guest):
    """The service of the address is not believed: it is that of the booking."""
    longer = factories.service(duration=60)
    guest.post("move_check", start=ELEVEN, clinician="any", service=longer.public_id)
    assert Appointment.objects.get().service == clinic.service


def test_it_says_that_the_new_time_of_a_request_is_a_request(clinic, guest):
    Service.objects.update(instant=False)
    words = "it is certain only when we have confirmed it"
    assert words in guest.get("move").text
    page = guest.get("move_check", start=ELEVEN, clinician="any")
    assert words in page.text
    assert "Ask for this time" in page.text
    answer = guest.move(ELEVEN)
    assert now_at()[2] == Status.REQUESTED
    page = guest.client.get(answer.headers["Location"]).text
    assert "<h1>We have your request</h1>" in page
    assert "has been moved" not in page


@pytest.mark.parametrize("gone", ["booking closed", "service gone", "clinician gone", "full"])
def test_it_says_so_where_nothing_is_on_offer(clinic, guest, gone):
    if gone == "booking closed":
        ClinicSettings.objects.update(online_booking_open=False)
    elif gone == "service gone":
        Service.objects.update(active=False)
    elif gone == "clinician gone":
        clinic.clinician.services.clear()
    else:
        factories.time_off(NOW, NOW + timedelta(days=60))
    page = guest.get("move")
    assert page.status_code == 200
    assert "No other time can be chosen here now" in page.text
    for answer in (guest.get("move_check", start=ELEVEN, clinician="any"), guest.move(ELEVEN)):
        assert query_of(answer)["lost"] == ["changed"]
    assert now_at()[1] == at(TOMORROW, "10:00")


def test_it_binds_the_verb_to_the_switch_for_online_booking(guest):
    ClinicSettings.objects.update(online_booking_open=False)
    with pytest.raises(BookingClosed):
        booking.reschedule(appointment=guest.appointment, starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW)


def test_it_tells_nobody_that_a_linked_person_is_elsewhere(clinic, guest, other):
    """Rule B4: the page does not tell that somebody is a patient with another visit."""
    person = factories.patient()
    Appointment.objects.update(patient=person)
    factories.appointment(
        service=clinic.service, clinician=other, starts_at=at(TOMORROW, "11:00"), patient=person, name="Patient Two"
    )
    answer = guest.move(ELEVEN, clinic.clinician.public_id)
    assert query_of(answer)["lost"] == ["changed"]
    assert "already has an appointment" not in guest.client.get(answer.headers["Location"]).text


def test_it_speaks_hindi_under_hi(guest):
    times, check = (f"/hi{guest.url(page)}" for page in ("move", "move_check"))
    page = guest.client.get(times)
    assert page.status_code == 200
    assert '<html lang="hi"' in page.text
    assert check in page.text


def test_it_costs_the_times_page_few_queries(clinic, guest, django_assert_max_num_queries):
    """Settings, booking, clinicians and the diary's five, whatever their number."""
    for number in range(5):
        colleague = factories.clinician(services=[clinic.service], name=f"Consultant {number}")
        factories.hours(colleague, "09:00", "17:00")
    with django_assert_max_num_queries(8):
        guest.get("move", clinician="any")


def test_it_keeps_the_times_page_of_booking_as_it_was(client, clinic):
    page = client.get(reverse("appointments:times", args=[clinic.service.public_id]))
    assert "your time now" not in page.text
    assert "/choose/?clinician=any" in page.text
