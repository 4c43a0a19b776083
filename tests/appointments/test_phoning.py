"""Whom reception has to phone: those whom no message has reached, and those whom no message reminds (rule M2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from appointments import booking, messages
from appointments.messages.reaching import How, tell
from appointments.messages.unreached import could_not_reach, to_remind
from appointments.models import Status
from ipsc.history import PATIENT, Actor
from ipsc.models import Message
from ipsc.outbox.by_hand import take_back
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.guest import book, send
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.staff import client_of, member, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def staff() -> Actor:
    return Actor.staff(member(RECEPTION))


def unreached(**options) -> list[tuple[str, str]]:
    found = could_not_reach(NOW, **options)
    return [(each.visit.name, each.kind.name.removeprefix("appointments.")) for each in found]


def cancel(appointment, by=None, **options):
    return booking.cancel(appointment=appointment, by=by or staff(), now=NOW, reason="ill", **options)


def failed(appointment, **fields) -> Message:
    values = {"about": "appointments.appointment", "about_id": appointment.pk, "version": appointment.sequence}
    return factories.message(state="failed", **(values | fields))


# Could not reach


def test_who_booked_online_and_sees_the_page_knows_how_the_visit_stands(clinic):
    book(clinic, email="")
    assert unreached() == []
    assert unreached(everybody=True) == [("Patient One", "booked")]


def test_what_the_clinic_changes_has_to_be_told_to_who_has_no_way(clinic):
    cancel(book(clinic, email="", name="Without"))
    cancel(book(clinic, "11:00", name="With"))
    moved = book(clinic, "12:00", email="", name="Moved")
    booking.reschedule(appointment=moved, starts_at=at(TOMORROW, "12:20"), by=staff(), now=NOW)
    assert unreached() == [("Without", "cancelled"), ("Moved", "moved")]


def test_what_patients_change_themselves_they_know(clinic):
    cancel(book(clinic, email=""), by=PATIENT)
    moved = book(clinic, "12:00", email="")
    booking.reschedule(appointment=moved, starts_at=at(TOMORROW, "12:20"), by=PATIENT, now=NOW)
    assert unreached() == []


def test_a_request_that_was_answered_has_to_be_told(clinic):
    clinic.service.instant = False
    clinic.service.save()
    for start, to in (("10:00", Status.BOOKED), ("11:00", Status.DECLINED)):
        made = book(clinic, start, email="", name=f"Answered {start}")
        booking.step(appointment=made, to=to, by=staff(), now=NOW, reason="" if to == Status.BOOKED else "full")
    assert unreached() == [("Answered 10:00", "confirmed"), ("Answered 11:00", "declined")]


def test_somebody_whose_message_failed_stands_in_it_whoever_caused_it(clinic):
    made = book(clinic)
    Message.objects.update(state="failed", ended_at=NOW, last_error="550 no such user")
    [each] = could_not_reach(NOW)
    assert (each.visit, each.kind, each.failed.last_error) == (made, messages.BOOKED, "550 no such user")


def test_a_later_message_that_arrived_settles_one_that_failed(clinic):
    made = book(clinic)
    Message.objects.update(state="failed", ended_at=NOW, last_error="550 no such user")
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "12:20"), by=staff(), now=NOW)
    send()
    assert unreached() == []


def test_what_staff_chose_not_to_send_stands_there_until_somebody_was_told(clinic):
    made = cancel(book(clinic), notify=False)
    assert unreached() == [("Patient One", "cancelled")]
    assert "Staff chose to send no message." in page("unreached").text
    tell(appointment=made, kind=messages.CANCELLED, how=How.PHONE, by=staff(), now=NOW)
    assert unreached() == []


def test_telling_by_hand_settles_it_and_taking_that_back_brings_it_again(clinic):
    made = cancel(book(clinic, email=""))
    row = tell(appointment=made, kind=messages.CANCELLED, how=How.PHONE, by=staff(), now=NOW)
    assert unreached() == []
    take_back(message=row, by=staff(), now=NOW)
    assert unreached() == [("Patient One", "cancelled")]


def test_telling_a_failed_message_by_hand_settles_it(clinic):
    made = book(clinic)
    Message.objects.update(state="failed", ended_at=NOW, last_error="550 no such user")
    tell(appointment=made, kind=messages.BOOKED, how=How.PHONE, by=staff(), now=NOW)
    assert unreached() == []


def test_the_next_change_has_to_be_told_again(clinic):
    made = book(clinic, email="")
    made = booking.reschedule(appointment=made, starts_at=at(TOMORROW, "12:20"), by=staff(), now=NOW)
    tell(appointment=made, kind=messages.MOVED, how=How.PHONE, by=staff(), now=NOW)
    cancel(made)
    assert unreached() == [("Patient One", "cancelled")]


def test_the_soonest_comes_first_and_what_is_over_not_at_all(clinic):
    for start in (at(TOMORROW, "12:00"), at(TOMORROW, "10:00"), at(TODAY, "11:00")):
        failed(factories.appointment(starts_at=start, name=f"{start:%d}"))
    failed(factories.appointment(starts_at=NOW, name="begun"))
    failed(factories.appointment(starts_at=at(TOMORROW, "11:00"), is_sample=True, name="sample"))
    assert [each.visit.starts_at for each in could_not_reach(NOW)] == [
        at(TODAY, "11:00"),
        at(TOMORROW, "10:00"),
        at(TOMORROW, "12:00"),
    ]


def test_a_visit_that_the_clinic_cancelled_with_no_mail_server_is_to_be_told(clinic, settings):
    settings.SENDS_EMAIL = False
    cancel(book(clinic))
    assert unreached() == [("Patient One", "cancelled")]


def test_it_takes_the_same_queries_however_many_stand_in_it(clinic, django_assert_num_queries):
    for number in range(6):
        failed(factories.appointment(starts_at=at(TOMORROW, "10:00") + timedelta(hours=number)))
    with django_assert_num_queries(2):
        assert len(could_not_reach(NOW)) == 6


# The next day


def next_day() -> tuple:
    found = to_remind(NOW)
    return found.day, [each.visit.name for each in found.to_call], [each.visit.name for each in found.told]


def test_who_is_reminded_by_no_message_is_phoned_the_day_before(clinic):
    book(clinic, email="", name="Phone only")
    book(clinic, at(TOMORROW + timedelta(days=3), "10:00"), email="", name="Later")
    assert next_day() == (TOMORROW, ["Phone only"], [])


def test_the_next_day_with_visits_may_lie_behind_a_weekend(clinic):
    day = TOMORROW + timedelta(days=3)
    book(clinic, at(day, "10:00"), email="")
    assert next_day() == (day, ["Patient One"], [])


def test_nobody_is_phoned_whom_a_message_reminds(clinic):
    book(clinic, at(TOMORROW, "10:00"), now=NOW - timedelta(days=5))
    assert next_day() == (TOMORROW, [], [])


def test_somebody_whose_reminder_failed_is_phoned(clinic):
    book(clinic, at(TOMORROW, "10:00"), now=NOW - timedelta(days=5))
    rows = Message.objects.filter(kind=messages.REMINDER.name)
    rows.update(state="failed", ended_at=NOW, last_error="550 no such user")
    assert next_day() == (TOMORROW, ["Patient One"], [])


def test_a_service_without_reminders_asks_for_no_calls(clinic):
    clinic.service.email_reminders, clinic.service.sms_reminders = [], []
    clinic.service.save()
    book(clinic, email="")
    assert next_day() == (TOMORROW, [], [])


def test_requests_and_ended_visits_are_not_reminded(clinic):
    cancel(book(clinic, email=""))
    factories.appointment(status="requested", starts_at=at(TOMORROW, "12:00"))
    assert next_day()[1:] == ([], [])


def test_who_was_called_is_ticked_off(clinic):
    made = book(clinic, email="")
    tell(appointment=made, kind=messages.REMINDER, how=How.WHATSAPP, by=staff(), now=NOW)
    assert next_day() == (TOMORROW, [], ["Patient One"])


def test_who_was_called_about_the_old_time_is_called_again(clinic):
    made = book(clinic, email="")
    tell(appointment=made, kind=messages.REMINDER, how=How.PHONE, by=staff(), now=NOW)
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "12:20"), by=PATIENT, now=NOW)
    assert next_day() == (TOMORROW, ["Patient One"], [])


def test_the_list_takes_the_same_queries_however_many_are_booked(clinic, django_assert_num_queries):
    for number in range(6):
        book(clinic, at(TOMORROW, "10:00") + timedelta(minutes=20 * number), email="", phone=factories.phone(number))
    with django_assert_num_queries(3):
        assert len(to_remind(NOW).to_call) == 6


# The pages


def page(name: str, **query) -> str:
    return client_of(RECEPTION).get(reverse(f"admin:appointments_{name}"), query)


def test_the_page_gives_name_time_reason_phone_and_words_for_whatsapp(clinic):
    cancel(book(clinic, email="", language="hi"))
    shown = page("unreached")
    assert (
        "Patient One Thursday 26 November, 10:00 am Consultant, spine · Hindi Cancelled No message goes out: there is "
        "no e-mail address, and SMS is not set up. +91 98000 00001 Write by WhatsApp Told by phone"
    ) in words(shown)
    assert 'href="tel:+919800000001"' in shown.text
    assert "https://wa.me/919800000001?text=" in shown.text


def test_ticking_off_leads_back_to_the_list(clinic):
    made = cancel(book(clinic, email=""))
    here = reverse("admin:appointments_unreached")
    answer = client_of(RECEPTION).post(
        reverse("admin:appointments_appointment_told", args=[made.pk]),
        {"sequence": made.sequence, "kind": "appointments.cancelled", "how": "phone", "next": here},
    )
    assert answer.headers["Location"] == here
    assert "everybody knows how their visit stands" in page("unreached").text


def test_what_was_ticked_by_a_slip_is_undone_in_the_list(clinic):
    made = book(clinic, email="")
    row = tell(appointment=made, kind=messages.REMINDER, how=How.PHONE, by=staff(), now=NOW)
    shown = page("next_day")
    assert "All have been called." in shown.text
    assert "told by phone" in words(shown)
    assert f'name="message" value="{row.pk}"' in " ".join(shown.text.split())


def test_the_pages_of_an_empty_day_say_so():
    assert "everybody knows" in page("unreached").text
    assert "Nobody to call" in page("next_day").text


def test_the_first_page_of_the_admin_counts_both(clinic):
    cancel(book(clinic, email=""))
    book(clinic, "11:00", email="")
    shown = words(client_of(RECEPTION).get("/admin/"))
    assert "1 person not reached" in shown
    assert "1 reminder to phone" in shown


def test_names_are_shown_as_text(clinic):
    cancel(book(clinic, email="", name="<b>One</b>"))
    assert "<b>One</b>" not in page("unreached").text
