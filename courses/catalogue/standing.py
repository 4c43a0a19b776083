"""How a run stands for somebody who might enrol in it: one state, its words, one thing to do. Pure.

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


class Action(StrEnum):
    """What one can do about a run: enrol in it, read about it, look for other dates of its course, or call."""

    ENROL = "enrol"
    COURSE = "course"
    DATES = "dates"
    CALL = "call"


@dataclass(frozen=True)
class Standing:
    """`words` are in the page's language; `action` is the one thing to do, and `label` says what that is.

    `left` counts the places that a newcomer can have, 0 where there is none.
    """

    state: State
    words: str
    action: Action
    label: str
    left: int = 0

    @property
    def has_places(self) -> bool:
        """Whether a newcomer would have a place at once."""
        return self.state in (State.OPEN, State.FEW)


def standing(run: CourseRun, *, waiting: int, now: datetime, enrolment_open: bool, phone: str = "") -> Standing:
    """How a run that the public may see stands at `now`; all its spans are half-open.

    `waiting` is how many people wait for a place, less the offers whose time is over: each of those places goes to
    the first who waits as soon as anybody comes (rule C2), so that it may be below 0. `phone` is the number for
    questions about the run, as people read it, or empty.
    """
    told = _by_its_dates(run, now)
    if told is None:
        told = _by_its_seats(run, waiting)
        if told.action == Action.ENROL and not enrolment_open:
            told = _offline(phone)
    return told


def _elsewhere(state: State, words: str) -> Standing:
    """A state in which other dates are all that one can have."""
    return Standing(state, words, Action.DATES, _("Other dates"))


def _offline(phone: str) -> Standing:
    words = _("Enrolment online is closed at the moment")
    if phone:
        return Standing(State.OFFLINE, words, Action.CALL, _("Call us: %(number)s") % {"number": phone})
    return Standing(State.OFFLINE, words, Action.COURSE, _("See the course"))


def _by_its_dates(run: CourseRun, now: datetime) -> Standing | None:
    """The state that no seat can change; None while enrolment is open."""
    if run.state == RunState.CANCELLED:
        return _elsewhere(State.CANCELLED, _("Cancelled"))
    if now >= run.ends_at:
        return _elsewhere(State.PAST, _("Past"))
    if now >= run.starts_at:
        return _elsewhere(State.UNDER_WAY, _("Under way"))
    if now < run.opens_at:
        words = _("Enrolment opens on %(moment)s") % {"moment": opening(run.opens_at, now)}
        return Standing(State.OPENS, words, Action.COURSE, _("See the course"))
    if now >= run.closes_at:
        return _elsewhere(State.CLOSED, _("Enrolment has closed"))
    return None


def _by_its_seats(run: CourseRun, waiting: int) -> Standing:
    free = run.capacity - run.seats_taken
    # What is free goes first to those who wait; a newcomer has what is left after them.
    left = free - waiting
    if left > FEW:
        return Standing(State.OPEN, _("Places free"), Action.ENROL, _("Enrol"), left)
    if left > 0:
        words = ngettext("Only %(count)s place left", "Only %(count)s places left", left) % {"count": left}
        return Standing(State.FEW, words, Action.ENROL, _("Enrol"), left)
    if max(0, -left) < run.queue_capacity:
        return Standing(State.WAITING, _("Full, with a waiting list"), Action.ENROL, _("Join the waiting list"))
    return _elsewhere(State.FULL, _("Full"))


def opening(moment: datetime, now: datetime) -> str:
    """“Thu 26 Nov, 9:00 am”: with the year where it is another one, and without the hour where that is midnight."""
    day = clinic_day(moment)
    words = short_day(day) if day.year == clinic_day(now).year else f"{short_day(day)} {day.year}"
    if moment == start_of_day(day):
        return words
    return _("%(day)s, %(clock)s") % {"day": words, "clock": time_of_day(moment)}
