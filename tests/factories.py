"""Rows for tests: each function makes one that satisfies every constraint, and every field can be named instead.

Nothing here looks at the clock: the tests' present is `NOW`, and what is booked lies on the days after it. Names are
roles, numbers are artificial.
"""

import itertools
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from appointments.models import (
    Appointment,
    CallBack,
    Clinician,
    Patient,
    Service,
    Source,
    Status,
    TimeOff,
    WorkingHours,
)
from appointments.models.appointment import MOMENTS
from appointments.models.call_back import CallState
from ipsc.history import SITE, save_as
from ipsc.models import Message, MessageState
from ipsc.names import search_key

EVERY_DAY = range(7)
CONSENT = "2026-11"

_numbers = itertools.count(1)


def clinic_time(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment by the clock on the clinic's wall."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))  # noqa: DTZ001


def at(day: date, clock: str) -> datetime:
    """The moment of `clock`, such as "09:30", on a day of the clinic."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


# A Wednesday morning, before the clinic opens at the hours that `hours` makes.
TODAY = date(2026, 11, 25)
TOMORROW = date(2026, 11, 26)
NOW = clinic_time(2026, 11, 25, 9)


def phone(number: int = 1) -> str:
    """An artificial mobile number of valid form, another one for each `number` up to 99999."""
    return f"+9198000{number:05}"


def service(**fields) -> Service:
    """A visit of 20 minutes every 20 minutes, without buffer, to be booked from now on for 28 days, at once certain."""
    number = next(_numbers)
    values = {
        "name": f"Service {number}",
        "slug": f"service-{number}",
        "description": "A visit for tests.",
        "duration": 20,
        "buffer": 0,
        "step": 20,
        "notice": 0,
        "horizon": 28,
        "instant": True,
    }
    row = Service(**(values | fields))
    save_as(row, by=SITE)
    return row


def clinician(*, services: Iterable[Service] = (), **fields) -> Clinician:
    """Somebody who sees patients for `services`; without working hours until `hours` gives some."""
    row = Clinician(**({"name": f"Clinician {next(_numbers)}"} | fields))
    save_as(row, by=SITE)
    row.services.set(services)
    return row


def hours(
    clinician: Clinician,
    opens: str | time = "10:00",
    closes: str | time = "13:00",
    *,
    weekdays: Iterable[int] = EVERY_DAY,
    **fields,
) -> list[WorkingHours]:
    """Working hours from `opens` to `closes` ("00:00" ends the day) on each of `weekdays` (0 is Monday)."""
    opens, closes = (time.fromisoformat(each) if isinstance(each, str) else each for each in (opens, closes))
    rows = []
    for weekday in weekdays:
        row = WorkingHours(clinician=clinician, weekday=weekday, opens=opens, closes=closes, **fields)
        save_as(row, by=SITE)
        rows.append(row)
    return rows


def time_off(starts_at: datetime, ends_at: datetime, clinician: Clinician | None = None, **fields) -> TimeOff:
    """Time in which a clinician, or unless one is named the whole clinic, sees nobody."""
    row = TimeOff(starts_at=starts_at, ends_at=ends_at, clinician=clinician, **fields)
    save_as(row, by=SITE)
    return row


def call_back(**fields) -> CallBack:
    """Somebody who asked yesterday evening to be called this morning; what a `state` needs follows from it."""
    number = next(_numbers)
    state = CallState(fields.get("state", CallState.WAITING))
    values = {
        "attempt": uuid.uuid4(),
        "name": f"Caller {number}",
        "phone": phone(number),
        "consent_version": CONSENT,
        "consent_at": NOW - timedelta(hours=12),
        "created_at": NOW - timedelta(hours=12),
        "due_at": NOW + timedelta(hours=5),
    }
    if state == CallState.TRIED:
        values |= {"tries": 1, "tried_at": NOW}
    elif state == CallState.REACHED:
        values["reached_at"] = NOW
    elif state == CallState.DROPPED:
        values |= {"dropped_at": NOW, "note": "Asked twice"}
    row = CallBack(**(values | fields))
    save_as(row, by=SITE)
    return row


def message(**fields) -> Message:
    """A message that waits to be sent; what a `state` needs follows from it."""
    number = next(_numbers)
    state = MessageState(fields.get("state", MessageState.QUEUED))
    values = {
        "key": f"key {number}",
        "kind": "appointments.booked",
        "channel": "email",
        "to": f"patient{number}@example.org",
        "language": "en",
        "version": 0,
        "by": "patient",
        "caused_at": NOW,
        "due_at": NOW,
        "next_attempt_at": NOW,
    }
    if state == MessageState.SENDING:
        values["claimed_until"] = NOW + timedelta(minutes=2)
    elif state != MessageState.QUEUED:
        values |= {"ended_at": NOW, "body": "What was sent", "last_error": "What went wrong"}
    return Message.objects.create(**(values | fields))


def patient(**fields) -> Patient:
    """A person whom reception knows."""
    number = next(_numbers)
    row = Patient(**({"name": f"Patient {number}", "phone": phone(number)} | fields))
    row.search_name = fields.get("search_name", search_key(row.name))
    save_as(row, by=SITE)
    return row


def appointment(**fields) -> Appointment:
    """A booked visit at 10:00 tomorrow, made online with consent; service and clinician are made unless named.

    What follows from a field follows here too unless it is named: the end and the buffer from the service, the moments
    from `status` (any status will do), the consent from an online `source`, who cancelled, why a visit is squeezed in,
    and who books for somebody else.
    """
    service_ = fields.pop("service", None) or service()
    clinician_ = fields.pop("clinician", None) or clinician(services=[service_])
    starts_at = fields.get("starts_at", at(TOMORROW, "10:00"))
    ends_at = fields.get("ends_at", starts_at + timedelta(minutes=service_.duration))
    status = Status(fields.get("status", Status.BOOKED))
    made_at = fields.get("created_at", NOW)
    values = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "busy_until": ends_at + timedelta(minutes=service_.buffer),
        "status": status,
        "source": Source.ONLINE,
        "name": "Patient One",
        "phone": phone(1),
        "created_at": made_at,
        MOMENTS[status]: made_at,
    }
    if status == Status.REQUESTED:
        values["answer_by_at"] = min(made_at + timedelta(hours=24), starts_at)
    if status == Status.CANCELLED:
        values["cancelled_by"] = "reception"
    if fields.get("source", Source.ONLINE) == Source.ONLINE:
        values |= {"consent_version": CONSENT, "consent_at": made_at}
    if fields.get("squeeze_in"):
        values["squeeze_in_reason"] = "In pain since last night"
    if fields.get("for_someone_else"):
        values["contact_name"] = "Relative One"
    values |= fields
    values.setdefault("search_name", search_key(values["name"]))
    row = Appointment(service=service_, clinician=clinician_, **values)
    save_as(row, by=SITE)
    return row
