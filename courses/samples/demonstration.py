"""Keeping the demonstration going: twelve months ahead, and people in the runs that are near (rule F3).

Rows are written as they are, since the verbs refuse the past; each gets the moments that its status needs, none of them
in the future. Seats are counted behind the lock of the run, as everywhere (rule C1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.enrolment.seats import close, enter, locked_runs
from courses.models import Course, CourseRun, End, Enrolment, RunState, Status
from courses.refusals import REDRAWN
from courses.samples import content, people
from courses.samples.dates import Scene, plan
from courses.samples.loading import add_months
from ipsc.dates import clinic_day
from ipsc.history import SITE, save_as
from ipsc.sampling import FIRST_CONTENT, REMOVED, one_at_a_time, refuse_in_production
from ipsc.verbs import verb

# How far back and ahead runs are peopled.
BACK, AHEAD = timedelta(days=62), timedelta(days=100)
# One of so many does not come.
ABSENT_OF = 6


@dataclass(frozen=True)
class Filled:
    """What a start has added."""

    runs: int = 0
    enrolments: int = 0

    def __str__(self) -> str:
        if not (self.runs or self.enrolments):
            return "Demonstration courses: nothing to add."
        return f"Demonstration courses: {self.runs} dates and {self.enrolments} sample enrolments made."


@verb(refusals={}, redrawn=REDRAWN)
def fill(*, now: datetime) -> Filled:
    """Make the months that are missing ahead, end what is over, and people the sample runs that are near; each once.

    Nothing comes back after the samples have been removed, what people had enrolled in included.

    :raises NoSamplesHere: in production.
    """
    refuse_in_production()
    one_at_a_time()
    if _were_removed():
        return Filled()
    runs = add_months(now=now)
    made = sum(_people(run, now) for run in _near(now))
    _end_old_ones(now)
    return Filled(runs=runs, enrolments=made)


def _were_removed() -> bool:
    told = Course.history.filter(history_change_reason__in=[FIRST_CONTENT, REMOVED])
    last = told.order_by("-history_date", "-history_id").first()
    return last is not None and last.history_change_reason == REMOVED


def _near(now: datetime) -> list[CourseRun]:
    """The sample runs whose enrolment has opened and that nobody is in yet, locked."""
    rows = CourseRun.objects.samples().filter(
        state=RunState.PUBLISHED, opens_at__lt=now - people.HOUR, starts_at__gt=now - BACK, starts_at__lt=now + AHEAD
    )
    runs = locked_runs(rows.filter(enrolments=None).values_list("pk", flat=True))
    return list(runs.values())


def _people(run: CourseRun, now: datetime) -> int:
    scene = _scene(run)
    if scene == Scene.CANCELLED:
        _cancel(run, now)
        return 0
    return people.fill_run(run, scene, now=now) if scene else 0


def _scene(run: CourseRun) -> Scene | None:
    """The scene that was planned for a run; none for a run of another day or course."""
    for planned in plan(run.month, len(content.courses())):
        slug = content.courses()[planned.course]["slug"]
        if slug == run.course.slug and planned.on == clinic_day(run.starts_at):
            return planned.scene
    return None


def _cancel(run: CourseRun, now: datetime) -> None:
    run.state, run.cancelled_at, run.cancelled_by = RunState.CANCELLED, now, SITE.label
    run.cancel_reason = content.CANCELLED
    save_as(run, by=SITE, why="demonstration")


def _end_old_ones(now: datetime) -> None:
    """Nobody takes the samples of past runs through their statuses; without this they would stand open for ever."""
    rows = Enrolment.objects.samples().filter(run__ends_at__lte=now, run__is_sample=True)
    rows = rows.filter(status__in=[Status.CONFIRMED, Status.OFFERED, Status.WAITING]).order_by("pk")
    runs = locked_runs(set(rows.values_list("run_id", flat=True)))
    for place, enrolment in enumerate(rows):
        enrolment.run = runs[enrolment.run_id]
        if enrolment.status == Status.CONFIRMED:
            enter(enrolment, Status.ABSENT if place % ABSENT_OF == ABSENT_OF - 1 else Status.ATTENDED, now)
            save_as(enrolment, by=SITE, why="demonstration")
        else:
            close(enrolment, End.BY_OFFICE, by=SITE, now=now)
