"""What `manage.py sweep` does to requests that nobody answered, and to what has served its time."""

import io
import threading
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError

from appointments import sweeping
from appointments.models import Appointment, BookingDraft, Status
from ipsc import ratelimit
from ipsc.management.commands import send_messages
from ipsc.models import ClinicSettings, Message, RateLimit, Unanswered
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=25)


@pytest.fixture
def request_() -> Appointment:
    """To be answered within 24 hours, for a visit in two days."""
    return factories.appointment(status=Status.REQUESTED, starts_at=NOW + timedelta(days=2))


def choose(what: Unanswered) -> None:
    ClinicSettings(pk=1, unanswered_requests=what).save()


def sweep(now) -> str:
    out = io.StringIO()
    with time_machine.travel(now, tick=False):
        call_command("sweep", stdout=out)
    return out.getvalue()


def test_it_declines_an_overdue_request_where_the_clinic_has_chosen_so(request_):
    choose(Unanswered.RELEASE)
    assert (
        sweep(LATER) == "Requests declined: 1. Courses with places handed on: 0. Unpaid places ended: 0. "
        "Told that payment is overdue: 0. Deleted: unsent bookings 0, unsent enrolments 0, "
        "limits 0, sign-ins 0, unused pictures 0, searches 0, searches without a result 0, remarks 0. "
        "Doctors with answers to review: 0.\n"
    )
    request_.refresh_from_db()
    assert (request_.status, request_.declined_at) == (Status.DECLINED, LATER)
    assert request_.history.first().actor == "site"
    assert sweep(LATER).startswith("Requests declined: 0.")


def test_it_keeps_an_overdue_request_where_the_clinic_has_not(request_):
    choose(Unanswered.KEEP)
    assert sweep(LATER).startswith("Requests declined: 0.")
    request_.refresh_from_db()
    assert request_.status == Status.REQUESTED


def test_it_keeps_a_request_that_can_still_be_answered(request_):
    choose(Unanswered.RELEASE)
    assert sweep(request_.answer_by_at - timedelta(seconds=1)).startswith("Requests declined: 0.")


def test_it_leaves_visits_alone_that_are_certain():
    choose(Unanswered.RELEASE)
    booked = factories.appointment(requested_at=NOW, answer_by_at=NOW + timedelta(hours=1))
    sweep(LATER)
    booked.refresh_from_db()
    assert booked.status == Status.BOOKED


def test_it_locks_the_clinician_before_the_request(request_, django_assert_num_queries):
    choose(Unanswered.RELEASE)
    # Savepoint and its release; clinicians; settings; requests; the row and its history; its reminders.
    with django_assert_num_queries(8) as queries:
        sweeping.decline_unanswered(now=LATER)
    locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert ["appointments_clinician" in sql.split("WHERE")[0] for sql in locks] == [True, False]


def test_it_deletes_drafts_that_have_expired_and_no_others():
    service = factories.service()
    values = {"service": service, "starts_at": NOW, "answers": {"name": "Patient One"}}
    BookingDraft.objects.create(expires_at=NOW, **values)
    alive = BookingDraft.objects.create(expires_at=NOW + timedelta(seconds=1), **values)
    assert "unsent bookings 1," in sweep(NOW)
    assert BookingDraft.objects.get() == alive


def test_it_forgets_limits_that_are_full_again():
    for value, spent_at in (("old", NOW - timedelta(days=3)), ("new", NOW - timedelta(days=1))):
        ratelimit.spend("booking phone", value, capacity=8, period=timedelta(days=1), now=spent_at)
    assert "limits 1," in sweep(NOW)
    assert RateLimit.objects.get().updated_at == NOW - timedelta(days=1)


def test_it_forgets_sessions_and_sign_ins_that_have_served_their_time():
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=days))
    for username, days in (("old", 31), ("new", 29)):
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            AccessLog.objects.create(username=username, ip_address="127.0.0.1")
    assert "sign-ins 1, unused pictures 0," in sweep(NOW)
    assert Session.objects.get().session_key == "new"
    assert AccessLog.objects.get().username == "new"


def test_it_forgets_who_looked_for_a_booking_after_a_day():
    factories.message(kind="appointments.find", state="withdrawn", ended_at=NOW)
    factories.message(kind="appointments.find")
    sent = factories.message(state="sent")
    assert "searches 0, " in sweep(NOW + timedelta(hours=23))
    assert "searches 1, " in sweep(NOW + timedelta(days=1))
    assert Message.objects.filter(pk=sent.pk).exists()
    assert Message.objects.count() == 2


def test_the_site_sweeps_by_itself_and_goes_on_after_a_failure(monkeypatch, caplog):
    stop, calls = threading.Event(), []

    def fail_once(name, **_options):
        calls.append(name)
        if len(calls) == 1:
            raise OperationalError("the database is gone")
        stop.set()

    monkeypatch.setattr(send_messages, "call_command", fail_once)
    monkeypatch.setattr(send_messages, "connections", mock.Mock())
    send_messages.sweep_until(stop, after=0, every=0)
    assert calls == ["sweep", "sweep"]
    assert "it is tried again" in caplog.text


def test_it_sweeps_not_before_its_time_and_not_after_the_end(monkeypatch):
    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(send_messages, "call_command", mock.Mock(side_effect=AssertionError))
    send_messages.sweep_until(stop, after=0, every=0)
