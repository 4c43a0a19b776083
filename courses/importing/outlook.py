"""What would become of each row of a file, as the run is now; nothing is saved (rules C1 to C3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.councils import Council, email_key, registration_key
from courses.enrolment import Details
from courses.importing.rows import Row
from courses.models import CourseRun, Enrolment, Payment, PaymentState
from courses.models.payment import transaction_key
from courses.refusals import TransactionUsed


class Fate(models.TextChoices):
    SEAT = "seat", gettext_lazy("a place")
    QUEUE = "queue", gettext_lazy("waiting list")
    FULL = "full", gettext_lazy("no place")
    THERE = "there", gettext_lazy("is in it already")
    TWICE = "twice", gettext_lazy("twice in the file")
    WRONG = "wrong", gettext_lazy("to be mended")


COMES_IN = (Fate.SEAT, Fate.QUEUE)


@dataclass(frozen=True)
class Prospect:
    """A row and what would become of it; `words` say why where it would not come in."""

    row: Row
    fate: Fate
    words: str = ""

    @property
    def comes_in(self) -> bool:
        return self.fate in COMES_IN


@dataclass
class Room:
    """How many seats and places to wait are left, while the rows are gone through."""

    seats: int
    queue: int

    def take(self) -> Fate:
        if self.seats > 0:
            self.seats -= 1
            return Fate.SEAT
        if self.queue > 0:
            self.queue -= 1
            return Fate.QUEUE
        return Fate.FULL


@dataclass
class Numbers:
    """The transaction numbers that stand for a payment already, and those of the rows gone through."""

    used: set[str]
    seen: dict[str, int] = field(default_factory=dict)

    def problem_of(self, row: Row) -> str:
        """Why the number of a row counts for no payment of its own, in words; it is remembered where it does."""
        key = number_of(row)
        if key in self.used:
            return str(TransactionUsed())
        if key in self.seen:
            return _("The same transaction number as in row %(number)s.") % {"number": self.seen[key]}
        if key:
            self.seen[key] = row.number
        return ""


def who(details: Details) -> tuple[str, str]:
    """What tells a doctor from another within a run (rule C3)."""
    if details.council == Council.OTHER:
        return (Council.OTHER, email_key(details.email))
    return (details.council, registration_key(details.registration_number))


def outlook(run: CourseRun, rows: Iterable[Row], *, queue: bool, now: datetime) -> list[Prospect]:
    """What would become of the rows in their order, if those who find no seat may wait with `queue`. Three queries."""
    people = Enrolment.objects.filter(run=run)
    there = {
        (council, email if council == Council.OTHER else number)
        for council, number, email in people.active().values_list("council", "registration_key", "email_key")
    }
    room = _room(run, people.queue().count(), queue, now)
    rows = list(rows)
    numbers = Numbers(used_among(rows))
    seen: dict[tuple[str, str], int] = {}
    return [_prospect(row, there, seen, numbers, room) for row in rows]


def used_among(rows: Iterable[Row]) -> set[str]:
    """Those of the rows' transaction numbers that stand for a payment already. One query."""
    keys = {key for row in rows if (key := number_of(row))}
    used = Payment.objects.filter(transaction_key__in=keys).exclude(state=PaymentState.REFUSED)
    return set(used.values_list("transaction_key", flat=True))


def number_of(row: Row) -> str:
    """A row's transaction number as it is compared; empty without one."""
    return transaction_key(row.values["transaction_number"])


def _room(run: CourseRun, waiting: int, queue: bool, now: datetime) -> Room:
    return Room(run.free_for_newcomers(waiting, now), max(0, run.queue_capacity - waiting) if queue else 0)


def _prospect(row: Row, there: set, seen: dict[tuple[str, str], int], numbers: Numbers, room: Room) -> Prospect:
    if row.details is None:
        return Prospect(row, Fate.WRONG, " ".join(row.problems))
    key = who(row.details)
    if key in there:
        return Prospect(row, Fate.THERE, _("Somebody with this registration number or e-mail address is in it."))
    if key in seen:
        return Prospect(row, Fate.TWICE, _("The same person as in row %(number)s.") % {"number": seen[key]})
    if problem := numbers.problem_of(row):
        return Prospect(row, Fate.WRONG, problem)
    seen[key] = row.number
    fate = room.take()
    return Prospect(row, fate, _words(row, fate))


def _words(row: Row, fate: Fate) -> str:
    if fate not in COMES_IN:
        return _("There is no room for this person.")
    if fate == Fate.QUEUE and row.paid:
        return _("What was paid stands as to be refunded until there is a place.")
    return ""
