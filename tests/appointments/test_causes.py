"""Which messages each verb causes: exactly these, once, and none for what was rolled back (rule M1)."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from appointments import booking, messages
from appointments.models import Appointment, Source, Status
from appointments.refusals import BookingRefused
from ipsc.history import PATIENT, Actor
from ipsc.models import Channel, Message
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.guest import book, send
from tests.factories import NOW, TOMORROW, at
from tests.staff import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

FAR = at(TOMORROW + timedelta(days=9), "10:00")


def staff() -> Actor:
    return Actor.staff(member(RECEPTION))


def caused(*, waiting: bool = False) -> list[str]:
    """The messages there are, oldest first, the reminders with their day."""
    rows = Message.objects.order_by("pk")
    if waiting:
        rows = rows.filter(state="queued")
    return [row.kind.removeprefix("appointments.") for row in rows]


def reminders() -> list[str]:
    rows = Message.objects.filter(kind=messages.REMINDER.name, state="queued").order_by("due_at")
    return [f"{row.channel} {row.due_at.astimezone(factories.NOW.tzinfo):%d.%m. %H:%M}" for row in rows]


def on_request(clinic, **fields):
    clinic.service.instant = False
    clinic.service.save()
    return book(clinic, **fields)


def test_a_booking(clinic):
    book(clinic, FAR)
    assert caused() == ["booked", "reminder", "reminder"]


def test_a_request_is_not_reminded_of(clinic):
    on_request(clinic)
    assert caused() == ["requested"]


def test_a_confirmed_request(clinic):
    clinic.service.instant = False
    clinic.service.save()
    made = book(clinic, FAR)
    booking.step(appointment=made, to=Status.BOOKED, by=staff(), now=NOW)
    assert caused() == ["requested", "confirmed", "reminder", "reminder"]


def test_a_declined_request(clinic):
    booking.step(appointment=on_request(clinic), to=Status.DECLINED, by=staff(), now=NOW, reason="full")
    assert caused() == ["requested", "declined"]


@pytest.mark.parametrize("who", ["patient", "staff"])
def test_a_move_sets_the_reminders_anew(clinic, who):
    made = book(clinic, FAR)
    by = PATIENT if who == "patient" else staff()
    booking.reschedule(appointment=made, starts_at=FAR + timedelta(days=1, hours=2), by=by, now=NOW)
    assert caused() == ["booked", "reminder", "reminder", "moved", "reminder", "reminder"]
    assert reminders() == ["email 03.12. 12:00", "email 05.12. 12:00"]
    moved = Message.objects.get(kind=messages.MOVED.name)
    assert datetime.fromisoformat(moved.facts["old_starts_at"]) == FAR


@pytest.mark.parametrize("who", ["patient", "staff"])
def test_a_cancellation_withdraws_the_reminders(clinic, who):
    by = PATIENT if who == "patient" else staff()
    booking.cancel(appointment=book(clinic, FAR), by=by, now=NOW)
    assert caused(waiting=True) == ["booked", "cancelled"]
    assert reminders() == []
    assert Message.objects.get(kind=messages.CANCELLED.name).facts["by_patient"] == (who == "patient")


def test_an_undone_cancellation_sets_the_reminders_again(clinic):
    made = booking.cancel(appointment=book(clinic, FAR), by=staff(), now=NOW)
    booking.step(appointment=made, to=Status.BOOKED, by=staff(), now=NOW)
    assert caused(waiting=True)[-3:] == ["confirmed", "reminder", "reminder"]
    assert reminders() == ["email 02.12. 10:00", "email 04.12. 10:00"]


def test_the_steps_of_the_day_are_told_to_nobody(clinic):
    made = book(clinic, at(factories.TODAY, "11:00"))
    for to in (Status.ARRIVED, Status.IN_CONSULTATION, Status.FULFILLED):
        made = booking.step(appointment=made, to=to, by=staff(), now=NOW)
    assert caused() == ["booked"]


def test_a_corrected_address_takes_what_is_still_to_come(clinic):
    made = book(clinic, FAR)
    send()
    details = booking.Details(name="Patient One", phone=made.phone, email="new@example.org", consent_version="1")
    booking.amend(appointment=made, details=details, by=staff(), now=NOW)
    assert [(row.kind, row.to) for row in Message.objects.filter(state="queued")] == [
        (messages.REMINDER.name, "new@example.org")
    ] * 2
    assert Message.objects.get(state="sent").to == "one@example.org"


def test_an_address_that_is_taken_away_takes_its_messages_with_it(clinic):
    made = book(clinic, FAR)
    details = booking.Details(name="Patient One", phone=made.phone, email="", consent_version="1")
    booking.amend(appointment=made, details=details, by=staff(), now=NOW)
    assert caused(waiting=True) == []


def test_a_new_link(clinic):
    made = book(clinic)
    booking.renew_link(appointment=made, by=staff(), now=NOW)
    assert caused() == ["booked", "link"]


def test_the_word_that_somebody_comes_causes_nothing(clinic):
    booking.confirm_coming(appointment=book(clinic), by=PATIENT, now=NOW)
    assert caused() == ["booked"]


def test_a_change_that_is_sent_twice_is_told_once(clinic):
    made = book(clinic)
    for _again in range(2):
        booking.cancel(appointment=made, by=PATIENT, now=NOW)
    assert caused() == ["booked", "cancelled"]


def test_the_same_form_sent_twice_is_told_once(clinic):
    import uuid

    values = {
        "service": clinic.service,
        "clinician": None,
        "starts_at": at(TOMORROW, "10:00"),
        "details": booking.Details(
            name="Patient One", phone=factories.phone(1), email="one@example.org", consent_version="1"
        ),
        "attempt": uuid.uuid4(),
        "by": PATIENT,
        "now": NOW,
    }
    assert booking.book(**values) == booking.book(**values)
    assert caused() == ["booked"]


def test_what_is_rolled_back_is_told_to_nobody(clinic):
    with transaction.atomic():
        book(clinic)
        assert caused() == ["booked"]
        transaction.set_rollback(True)
    assert caused() == []


def test_what_is_refused_is_told_to_nobody(clinic):
    made = book(clinic)
    book(clinic, "11:00")
    with pytest.raises(BookingRefused):
        booking.reschedule(appointment=made, starts_at=at(TOMORROW, "11:00"), by=staff(), now=NOW)
    assert caused() == ["booked", "booked"]


@pytest.mark.parametrize("what", ["walk-in", "sample", "begun", "no way"])
def test_nobody_is_told(clinic, what):
    values = {"starts_at": at(TOMORROW, "10:00"), "email": "one@example.org", "service": clinic.service}
    values |= {
        "walk-in": {"source": Source.WALK_IN},
        "sample": {"is_sample": True},
        "begun": {"starts_at": NOW},
        "no way": {"email": ""},
    }[what]
    booking.cancel(appointment=factories.appointment(**values), by=staff(), now=NOW)
    assert caused() == []


@pytest.mark.parametrize("kind", ["cancel", "move"])
def test_that_staff_chose_silence_is_recorded_and_sent_to_nobody(clinic, kind):
    made = book(clinic, FAR)
    send()
    if kind == "cancel":
        booking.cancel(appointment=made, by=staff(), now=NOW, notify=False)
    else:
        booking.reschedule(appointment=made, starts_at=FAR + timedelta(hours=1), by=staff(), now=NOW, notify=False)
    row = Message.objects.get(state="withheld")
    assert (row.by, row.kind) == ("reception", f"appointments.{'cancelled' if kind == 'cancel' else 'moved'}")
    assert send() == 0


# Reminders: when, and when not


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (FAR, ["email 02.12. 10:00", "email 04.12. 10:00"]),
        (at(TOMORROW + timedelta(days=9), "12:40"), ["email 02.12. 12:40", "email 04.12. 12:40"]),
        # Three days ahead is less than a day after the booking.
        (at(TOMORROW + timedelta(days=2), "10:00"), ["email 27.11. 10:00"]),
        # So is one day.
        (at(TOMORROW, "12:40"), []),
        (at(TOMORROW + timedelta(days=1), "08:59"), []),
        (at(TOMORROW + timedelta(days=1), "10:00"), ["email 26.11. 10:00"]),
    ],
)
def test_reminders_come_at_the_hour_of_the_visit_unless_it_was_settled_less_than_a_day_before(clinic, starts, due):
    factories.hours(clinic.clinician, "08:00", "09:59")
    starts = starts.replace(minute=40) if f"{starts:%M}" == "59" else starts
    book(clinic, starts)
    assert reminders() == due


@pytest.mark.parametrize(
    ("clock", "told_at"),
    [("06:00", "08:00"), ("07:40", "08:00"), ("08:00", "08:00"), ("19:40", "19:30"), ("22:00", "19:30")],
)
def test_nobody_is_reminded_at_night(clinic, clock, told_at):
    factories.hours(clinic.clinician, "05:00", "10:00")
    factories.hours(clinic.clinician, "13:00", "23:40")
    book(clinic, at(TOMORROW + timedelta(days=9), clock))
    assert reminders() == [f"email 02.12. {told_at}", f"email 04.12. {told_at}"]


def test_each_service_has_reminders_of_its_own(clinic):
    clinic.service.email_reminders = [7]
    clinic.service.save()
    book(clinic, FAR)
    assert reminders() == ["email 28.11. 10:00"]
    clinic.service.email_reminders = []
    clinic.service.save()
    book(clinic, FAR + timedelta(hours=1))
    assert len(reminders()) == 1


def test_by_sms_there_is_one_the_day_before(clinic, settings, tmp_path):
    import json

    path = tmp_path / "texts.json"
    path.write_text(json.dumps({messages.REMINDER.name: {"en": {"id": "1", "text": "{1} {2} {3} {4}"}}}))
    settings.SMS_ADAPTER, settings.SMS_TEMPLATES = "console", str(path)
    book(clinic, FAR, email="")
    assert reminders() == ["sms 04.12. 10:00"]
    assert Message.objects.get().to == "+919800000001"


@pytest.mark.parametrize("phone", ["+911145678901", "+12015550123"])
def test_no_sms_is_promised_to_a_land_line_or_abroad(clinic, settings, tmp_path, phone):
    import json

    path = tmp_path / "texts.json"
    path.write_text(json.dumps({messages.REMINDER.name: {"en": {"id": "1", "text": "{1} {2} {3} {4}"}}}))
    settings.SMS_ADAPTER, settings.SMS_TEMPLATES = "console", str(path)
    book(clinic, FAR, email="", phone=phone)
    assert caused() == []


def test_an_sms_that_no_carrier_would_take_fails_when_it_is_queued(clinic, settings, tmp_path):
    import json

    path = tmp_path / "texts.json"
    path.write_text(json.dumps({messages.BOOKED.name: {"en": {"id": "1", "text": "{1} only"}}}))
    settings.SMS_ADAPTER, settings.SMS_TEMPLATES = "console", str(path)
    book(clinic)
    row = Message.objects.get(channel=Channel.SMS)
    assert (row.state, row.last_error) == ("failed", "The registered text has 1 variables, and 4 were given.")


@pytest.mark.parametrize(("seconds", "sent"), [(-1, 0), (0, 1), (1, 1)])
def test_the_clock_before_at_and_after_the_moment(clinic, mailoutbox, seconds, sent):
    book(clinic, FAR)
    send()
    mailoutbox.clear()
    assert send(FAR - timedelta(days=3) + timedelta(seconds=seconds)) == sent
    assert len(mailoutbox) == sent


def test_a_reminder_whose_worker_slept_over_night_comes_in_the_morning(clinic, mailoutbox):
    book(clinic, FAR)
    send()
    mailoutbox.clear()
    late = at(TOMORROW + timedelta(days=8), "21:00")
    send(late)
    assert mailoutbox == []
    send(at(TOMORROW + timedelta(days=9), "08:00"))
    assert ["reminder" in letter.subject for letter in mailoutbox] == [True, True]


def test_no_reminder_comes_once_the_visit_has_begun(clinic, mailoutbox):
    import time_machine

    book(clinic, FAR)
    send()
    mailoutbox.clear()
    with time_machine.travel(FAR, tick=False):
        send(FAR)
    assert mailoutbox == []
    assert Appointment.objects.get().status == Status.BOOKED
