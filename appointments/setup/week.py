"""A clinician's ordinary week: the hours that hold every week, and the verb that sets them.

Hours with a first or last day, of every second week, or with a cap on online bookings are special. They are left alone
here, but no ordinary hours may overlap them.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from appointments.admin.displaced import left_outside, time_worked
from appointments.admin.hours import Interval
from appointments.booking.choosing import lock_clinicians
from appointments.models import Appointment, Clinician, WorkingHours
from appointments.models.schedule import MIDNIGHT
from ipsc.history import Actor, acting, save_as
from ipsc.verbs import Refusal, verb

WHY = "week set"


class WeekRefused(Refusal):
    """Base of what `set_week` refuses."""


class WeekChanged(WeekRefused):
    words = _("Somebody else has changed these hours meanwhile. Nothing is saved: look at them as they are now.")


class HoursClash(WeekRefused):
    words = _("Some of these hours overlap. Nothing is saved.")


class HoursEndFirst(WeekRefused):
    words = _("Some of these hours end before they begin. Nothing is saved.")


class NoSuchClinician(WeekRefused):
    words = _("That clinician is not there any more.")


@dataclass(frozen=True)
class Difference:
    """What makes the rows of a week into the week that is wanted."""

    kept: list[WorkingHours]
    changed: list[tuple[WorkingHours, Interval]]
    added: list[Interval]
    gone: list[WorkingHours]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written: a sample that is kept becomes the clinic's own, which is a change."""
        return not (self.changed or self.added or self.gone or any(row.is_sample for row in self.kept))


def is_simple(row: WorkingHours) -> bool:
    """Whether these hours hold every week, for ever, without a cap."""
    return row.valid_from is None and row.valid_until is None and row.every == 1 and row.online_cap is None


def every_week(weekday: int, opens: time, closes: time) -> Interval:
    """Ordinary hours of a weekday (0 is Monday)."""
    return Interval(weekday, opens, closes, None, None, 1)


def interval_of(row: WorkingHours) -> Interval:
    return Interval(row.weekday, row.opens, row.closes, row.valid_from, row.valid_until, row.every)


def digest(rows: Iterable[WorkingHours]) -> str:
    """A fingerprint of all hours of a clinician, by which a form knows that they changed since it was shown."""
    facts = sorted(
        (row.pk, row.weekday, row.opens, row.closes, row.every, f"{row.valid_from} {row.valid_until} {row.online_cap}")
        for row in rows
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def difference(rows: Iterable[WorkingHours], week: Collection[Interval]) -> Difference:
    """Keep the rows that stay as they are, change those of the same day, in order, and add or remove the rest."""
    wanted = sorted(week, key=_order)
    kept, changed, gone = [], [], []
    left = []
    for row in sorted(rows, key=_order):
        if (same := interval_of(row)) in wanted:
            wanted.remove(same)
            kept.append(row)
        else:
            left.append(row)
    for row in left:
        other = next((each for each in wanted if each.weekday == row.weekday), None)
        if other is None:
            gone.append(row)
        else:
            wanted.remove(other)
            changed.append((row, other))
    return Difference(kept, changed, wanted, gone)


def clashes(week: Collection[Interval], special: Collection[Interval]) -> list[tuple[Interval, Interval]]:
    """Pairs that overlap: ordinary hours and what stands in their way, special hours or ordinary ones before them."""
    found = []
    for place, one in enumerate(week):
        others = [*list(week)[:place], *special]
        found += [(one, other) for other in others if one.overlaps(other)]
    return found


def ends_first(interval: Interval) -> bool:
    """Whether hours end before they begin, or at once; midnight ends the day."""
    return interval.closes != MIDNIGHT and interval.closes <= interval.opens


@verb(refusals={})
def set_week(
    *, clinician: Clinician, week: Collection[Interval], by: Actor, now: datetime, seen: str | None = None
) -> list[Appointment]:
    """Make `week` a clinician's ordinary week. Returns the visits to come that lie outside the hours by that.

    Rows that stay are kept, with their history; a sample among them becomes the clinic's own (rule F3). `seen` is the
    digest of the rows that the week was made from. The same week set again changes nothing, however old its form is.

    :raises WeekChanged: the hours are not those `seen` any more.
    :raises HoursClash: hours overlap each other or special ones.
    :raises HoursEndFirst: hours end before they begin.
    :raises NoSuchClinician: the clinician has been removed.
    """
    if not lock_clinicians([clinician.pk]):
        raise NoSuchClinician
    rows = list(WorkingHours.objects.filter(clinician=clinician).order_by("pk"))
    found = difference([row for row in rows if is_simple(row)], week)
    if found.is_empty:
        return []
    if seen is not None and seen != digest(rows):
        raise WeekChanged
    if any(ends_first(each) for each in week):
        raise HoursEndFirst
    if clashes(week, [interval_of(row) for row in rows if not is_simple(row)]):
        raise HoursClash
    before = time_worked(clinician, now)
    _write(found, clinician, by)
    return left_outside(clinician, before, time_worked(clinician, now), now)


def _write(found: Difference, clinician: Clinician, by: Actor) -> None:
    for row in found.gone:
        with acting(row, by=by, why=WHY):
            row.delete()
    for row, interval in found.changed:
        row.opens, row.closes, row.is_sample = interval.opens, interval.closes, False
        save_as(row, by=by, why=WHY)
    for row in found.kept:
        if row.is_sample:
            row.is_sample = False
            save_as(row, by=by, why=WHY)
    for each in found.added:
        row = WorkingHours(clinician=clinician, weekday=each.weekday, opens=each.opens, closes=each.closes)
        save_as(row, by=by, why=WHY)


def _order(each: WorkingHours | Interval) -> tuple:
    return each.weekday, each.opens, each.closes
