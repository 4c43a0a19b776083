"""How a run stands for somebody who might enrol in it: one state, its words, at most one thing to do. Pure.

It says what the verb `courses.enrolment.enrol` would do at the same moment, and a test holds one against the other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CourseRun, RunState
from ipsc.dates import clinic_day, short_day, start_of_day, time_of_day

# As few places as this are told by their number.
FEW = 5
ENROL = "courses:enrol"


class State(StrEnum):
    """`OFFLINE`: all would be well, but enrolment online is switched off."""

    OPENS = "opens"
    OPEN = "open"
    FEW = "few"
    WAITING = "waiting"
    OFFLINE = "offline"
    FULL = "full"
    CLOSED = "closed"
    UNDER_WAY = "under_way"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Standing:
    """`words` are in the page's language; `action` is the URL name of what one can do, and `label` says what that is.

    `left` counts the places that a newcomer can have, 0 where there is none.
    """

    state: State
    words: str
    action: str = ""
    label: str = ""
    left: int = 0

    @property
    def has_places(self) -> bool:
        """Whether a newcomer would have a place at once."""
        return self.state in (State.OPEN, State.FEW)


def standing(run: CourseRun, *, waiting: int, now: datetime, enrolment_open: bool) -> Standing:
    """How a run that the public may see stands at `now`; all its spans are half-open.

    `waiting` is how many people wait for a place, less the offers whose time is over: each of those places goes to
    the first who waits as soon as anybody comes (rule C2), so that it may be below 0.
    """
    told = _by_its_dates(run, now)
    if told is None:
        told = _by_its_seats(run, waiting)
        if told.action and not enrolment_open:
            told = Standing(State.OFFLINE, _("Enrolment online is closed at the moment"))
    return told


def _by_its_dates(run: CourseRun, now: datetime) -> Standing | None:
    """The state that no seat can change; None while enrolment is open."""
    if run.state == RunState.CANCELLED:
        return Standing(State.CANCELLED, _("Cancelled"))
    if now >= run.ends_at:
        return Standing(State.PAST, _("Past"))
    if now >= run.starts_at:
        return Standing(State.UNDER_WAY, _("Under way"))
    if now < run.opens_at:
        return Standing(State.OPENS, _("Enrolment opens on %(moment)s") % {"moment": opening(run.opens_at, now)})
    if now >= run.closes_at:
        return Standing(State.CLOSED, _("Enrolment has closed"))
    return None


def _by_its_seats(run: CourseRun, waiting: int) -> Standing:
    free = run.capacity - run.seats_taken
    # What is free goes first to those who wait; a newcomer has what is left after them.
    left = free - waiting
    if left > FEW:
        return Standing(State.OPEN, _("Places free"), ENROL, _("Enrol"), left)
    if left > 0:
        words = ngettext("Only %(count)s place left", "Only %(count)s places left", left) % {"count": left}
        return Standing(State.FEW, words, ENROL, _("Enrol"), left)
    if max(0, -left) < run.queue_capacity:
        return Standing(State.WAITING, _("Full, with a waiting list"), ENROL, _("Join the waiting list"))
    return Standing(State.FULL, _("Full"))


def opening(moment: datetime, now: datetime) -> str:
    """“Thu 26 Nov, 9:00 am”: with the year where it is another one, and without the hour where that is midnight."""
    day = clinic_day(moment)
    words = short_day(day) if day.year == clinic_day(now).year else f"{short_day(day)} {day.year}"
    if moment == start_of_day(day):
        return words
    return _("%(day)s, %(clock)s") % {"day": words, "clock": time_of_day(moment)}
