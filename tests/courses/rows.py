"""Rows of the courses for tests; each function makes one that satisfies every constraint (see tests/factories.py).

A run is on the second Saturday of January 2027, from 9:00 to 17:00, and open for enrolment at `NOW`.
"""

import itertools
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from courses.councils import Council, email_key, registration_key
from courses.enrolment import Details
from courses.models import (
    HOLDING,
    Course,
    CourseRun,
    End,
    Enrolment,
    Faculty,
    Payment,
    PaymentState,
    ProgrammeItem,
    RunState,
    Source,
    Status,
    Way,
)
from courses.models.statuses import MOMENTS
from ipsc.history import SITE, save_as
from ipsc.names import search_key
from tests.factories import CONSENT, NOW, clinic_time, phone

STARTS = clinic_time(2027, 1, 9, 9)
ENDS = clinic_time(2027, 1, 9, 17)

_numbers = itertools.count(1)


def faculty(**fields) -> Faculty:
    """A member of the faculty, named by role."""
    row = Faculty(**({"name": f"Faculty {next(_numbers)}", "credentials": "MD"} | fields))
    save_as(row, by=SITE)
    return row


def course(**fields) -> Course:
    """A published course of eight hours about chronic pain."""
    number = next(_numbers)
    values = {
        "title": f"Course {number}",
        "slug": f"course-{number}",
        "summary": "A course for tests.",
        "hours": Decimal(8),
        "categories": ["chronic"],
        "fee": 10_000,
        "published": True,
    }
    row = Course(**(values | fields))
    save_as(row, by=SITE)
    return row


def run(**fields) -> CourseRun:
    """A published run of 5 places for 10,000 rupees; its course is made unless named.

    Enrolment opened yesterday and closes a day before the start; people withdraw until three days before.
    """
    starts_at = fields.get("starts_at", STARTS)
    values = {
        "starts_at": starts_at,
        "ends_at": starts_at + (ENDS - STARTS),
        "capacity": 5,
        "fee": 10_000,
        "opens_at": min(NOW - timedelta(days=1), starts_at - timedelta(days=2)),
        "closes_at": starts_at - timedelta(days=1),
        "withdraw_until_at": starts_at - timedelta(days=3),
        "state": RunState.PUBLISHED,
    }
    if fields.get("state") == RunState.CANCELLED:
        values |= {"cancelled_at": NOW, "cancelled_by": "office", "cancel_reason": "The hall is flooded."}
    course_ = fields.pop("course", None) or course()
    row = CourseRun(course=course_, **(values | fields))
    save_as(row, by=SITE)
    return row


def item(run_: CourseRun, **fields) -> ProgrammeItem:
    """The first hour of a run's programme."""
    values = {"title": "Lecture", "starts_at": run_.starts_at, "ends_at": run_.starts_at + timedelta(hours=1)}
    row = ProgrammeItem(run=run_, **(values | fields))
    save_as(row, by=SITE)
    return row


def details(number: int | None = None, **fields) -> Details:
    """What a doctor types; another doctor for each `number`."""
    number = next(_numbers) if number is None else number
    values = {
        "name": f"Dr Doctor {number}",
        "email": f"doctor{number}@example.org",
        "phone": phone(number),
        "council": Council.DELHI,
        "registration_number": f"DMC/R/{number:05}",
        "qualification": "MBBS, MD",
        "specialty": "Anaesthesia",
        "place": "Delhi",
        "language": "en",
        "consent_version": CONSENT,
        "consent_at": NOW,
    }
    return Details(**(values | fields))


def enrolment(run_: CourseRun | None = None, **fields) -> Enrolment:
    """A confirmed enrolment, made online; its seat is counted. What a `status` needs follows from it.

    A plain row, without the verbs: their messages, moments and fees are for the tests of the verbs.
    """
    run_ = run_ or run()
    number = next(_numbers)
    status = Status(fields.get("status", Status.CONFIRMED))
    values = {
        "status": status,
        "source": Source.ONLINE,
        "name": f"Dr Doctor {number}",
        "email": f"doctor{number}@example.org",
        "phone": phone(number),
        "council": Council.DELHI,
        "registration_number": f"DMC/R/{number:05}",
        "created_at": NOW,
        MOMENTS[status]: NOW,
    }
    if fields.get("source", Source.ONLINE) == Source.ONLINE:
        values |= {"consent_version": CONSENT, "consent_at": NOW}
    if status == Status.OFFERED:
        values["offer_ends_at"] = NOW + timedelta(hours=24)
    if status == Status.CANCELLED:
        values |= {"cancelled_by": "doctor", "end": End.WITHDREW}
    values |= fields
    values.setdefault("search_name", search_key(values["name"]))
    values.setdefault("email_key", email_key(values["email"]) if values["email"] else "")
    values.setdefault("registration_key", registration_key(values["registration_number"]))
    row = Enrolment(run=run_, **values)
    with transaction.atomic():
        save_as(row, by=SITE)
        if status in HOLDING:
            CourseRun.objects.filter(pk=run_.pk).update(seats_taken=F("seats_taken") + 1)
            run_.refresh_from_db(fields=["seats_taken"])
    return row


def payment(enrolment_: Enrolment, **fields) -> Payment:
    """A payment by UPI that waits for a check."""
    number = next(_numbers)
    values = {
        "amount": 10_000,
        "way": Way.UPI,
        "transaction_number": f"UPI{number:09}",
        "transaction_key": f"UPI{number:09}",
        "state": PaymentState.CLAIMED,
        "claimed_at": NOW,
    }
    row = Payment(enrolment=enrolment_, **(values | fields))
    save_as(row, by=SITE)
    return row
