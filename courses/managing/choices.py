"""What may be done with an enrolment now: pure, and the same as the verbs would say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.models import SETTLED, CourseRun, Enrolment, Mode, Status
from courses.terms import leave_until
from ipsc.dates import in_words

# The joining link is no use before, and stays for those who lose their connection.
JOIN_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Choices:
    """`leave` is how one gives up what one has, or nothing; `until` says for how long that goes, in words."""

    answer: bool = False
    move: bool = False
    leave: bool = False
    correct: bool = False
    too_late: bool = False
    until: str = ""


def choices(enrolment: Enrolment, now: datetime) -> Choices:
    status, run = Status(enrolment.status), enrolment.run
    if enrolment.has_lapsed(now) or status not in (Status.CONFIRMED, Status.OFFERED, Status.WAITING):
        return Choices()
    coming = now < run.starts_at
    if status != Status.CONFIRMED:
        return Choices(answer=status == Status.OFFERED, move=coming, leave=True, correct=coming)
    in_time = now < leave_until(enrolment)
    return Choices(
        move=in_time,
        leave=in_time,
        correct=coming,
        too_late=not in_time and now < run.ends_at,
        until=in_words(leave_until(enrolment)) if in_time else "",
    )


def joining_url(enrolment: Enrolment, now: datetime) -> str:
    """The link to join online, for those who are enrolled, from a day before the start to the end; else nothing."""
    return enrolment.run.joining_url if _joins(enrolment, now) else ""


def link_missing(enrolment: Enrolment, now: datetime) -> bool:
    """Whether it is time for the link to join, and the office has not given it yet."""
    return _joins(enrolment, now) and not enrolment.run.joining_url


def joins_at(enrolment: Enrolment, now: datetime) -> datetime | None:
    """From when the link to join is shown, while that is to come, for those who are enrolled; else None."""
    run = enrolment.run
    opens_at = run.starts_at - JOIN_BEFORE
    return opens_at if _is_online(enrolment) and now < opens_at else None


def is_near(run: CourseRun, now: datetime) -> bool:
    """Whether a run is within a day, or under way."""
    return run.starts_at - JOIN_BEFORE <= now < run.ends_at


def _joins(enrolment: Enrolment, now: datetime) -> bool:
    return _is_online(enrolment) and is_near(enrolment.run, now)


def _is_online(enrolment: Enrolment) -> bool:
    # The ticks of the first day take the link from nobody: there may be a second day.
    return enrolment.status in SETTLED and enrolment.run.mode != Mode.ONSITE
