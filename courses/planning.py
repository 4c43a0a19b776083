"""The verbs that put runs into the catalogue: one, many by a rule, and copies. None is made twice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseRun, ProgrammeItem, RunState
from courses.refusals import EnrolmentRefused
from courses.schedule import Dates, dates_on, shifted
from ipsc.dates import clinic_day
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

CLOSES_BEFORE = timedelta(days=1)
WITHDRAWAL_BEFORE = timedelta(days=3)
# What a new run does not take from the one it is made from: its identity, its seats, its end, and what was granted or
# opened for those dates alone.
NOT_COPIED = frozenset(
    {
        *("id", "public_id", "sequence", "is_sample", "state", "seats_taken", "joining_url"),
        *("credit_hours", "credit_council", "credit_reference", "was_draft", "cancelled_at", "cancelled_by"),
        "cancel_reason",
    }
)
MOMENTS = ("starts_at", "ends_at", "opens_at", "closes_at", "withdraw_until_at")


class RunThere(EnrolmentRefused):
    words = _("This course has a run that begins at this moment already.")


def usual_dates(starts_at: datetime, now: datetime) -> dict[str, datetime]:
    """When enrolment opens and closes and until when people withdraw, unless somebody says otherwise."""
    return {
        "opens_at": now.replace(second=0, microsecond=0),
        "closes_at": starts_at - CLOSES_BEFORE,
        "withdraw_until_at": starts_at - WITHDRAWAL_BEFORE,
    }


def is_in_time(starts_at: datetime, now: datetime) -> bool:
    """Whether people could still enrol in a run by the usual dates."""
    return now < starts_at - CLOSES_BEFORE


def there(course: Course, starts: Collection[datetime]) -> set[datetime]:
    """Those of the moments at which a run of a course begins that is not cancelled."""
    rows = CourseRun.objects.filter(course=course, starts_at__in=starts).exclude(state=RunState.CANCELLED)
    return set(rows.values_list("starts_at", flat=True))


def locked_course(course: Course) -> Course:
    """Lock a course, so that the same run is not made twice at once."""
    return Course.objects.select_for_update(no_key=True).get(pk=course.pk)


@verb(refusals={})
def add_run(*, run: CourseRun, by: Actor) -> CourseRun:
    """Save a new run.

    :raises RunThere: the course has one at that moment.
    """
    locked_course(run.course)
    if there(run.course, [run.starts_at]):
        raise RunThere
    save_as(run, by=by)
    return run


@verb(refusals={})
def make_runs(
    *,
    course: Course,
    dates: Sequence[Dates],
    values: Mapping[str, Any],
    by: Actor,
    now: datetime,
    pattern: CourseRun | None = None,
) -> tuple[list[CourseRun], int]:
    """Make a run of a course for each of the dates; return the new ones, and how many were there already.

    `pattern` is a run whose terms and programme they get; `values` go before its terms.
    """
    locked_course(course)
    known = there(course, [each.starts_at for each in dates])
    wanted = [each for each in dates if each.starts_at not in known]
    made = [_make(course, each, values, pattern, by=by, now=now) for each in wanted]
    return made, len(dates) - len(made)


def _make(course: Course, dates: Dates, values, pattern: CourseRun | None, *, by: Actor, now: datetime) -> CourseRun:
    terms = terms_of(pattern, venue=values.get("venue", "")) if pattern else {}
    moments = {"starts_at": dates.starts_at, "ends_at": dates.ends_at, **usual_dates(dates.starts_at, now)}
    run = CourseRun(**(terms | moments | dict(values)), course=course)
    run.full_clean(exclude=["public_id"], validate_unique=False)
    save_as(run, by=by, why="by the schedule")
    if pattern:
        copy_programme(pattern, run, by=by)
    return run


def terms_of(run: CourseRun, *, venue: str) -> dict[str, Any]:
    """What another run at a `venue` takes from this one: terms, language, what the fee includes.

    Its name, its coordinator and, at another venue, all that leads there are its own.
    """
    own = {*MOMENTS, "course", "early_fee", "early_until_on", "title", "title_hi", "phone"}
    if venue != run.venue:
        own |= {"venue", "venue_hi", "map_url"}
    fields = [each.name for each in CourseRun._meta.concrete_fields if each.name not in NOT_COPIED | own]
    return {name: getattr(run, name) for name in fields}


@verb(refusals={})
def copy_runs(*, runs: Mapping[CourseRun, int], by: Actor) -> tuple[list[CourseRun], int]:
    """Copy each run to so many days later, as a draft with empty seats, its programme and all its dates shifted alike.

    Returns the copies, and how many were there already. No credit is copied: it is granted for each run anew.
    """
    courses = {run.course_id: run.course for run in runs}
    for _pk, course in sorted(courses.items()):
        locked_course(course)
    made = [copy for run, days in runs.items() if (copy := _copy(run, days, by=by))]
    return made, len(runs) - len(made)


def _copy(run: CourseRun, days: int, *, by: Actor) -> CourseRun | None:
    starts_at = shifted(run.starts_at, days)
    if there(run.course, [starts_at]):
        return None
    fields = [each.name for each in CourseRun._meta.concrete_fields if each.name not in NOT_COPIED]
    values = {name: getattr(run, name) for name in fields}
    values |= {name: shifted(getattr(run, name), days) for name in MOMENTS}
    if run.early_until_on:
        values["early_until_on"] = run.early_until_on + timedelta(days=days)
    copy = CourseRun(**values)
    save_as(copy, by=by, why=f"copied from {clinic_day(run.starts_at):%d.%m.%Y}")
    copy_programme(run, copy, by=by)
    return copy


def programme_fits(source: CourseRun, begins: time, ends: time, days: int) -> bool:
    """Whether the programme of a run lies within one of `days` days that begins and ends by this clock."""
    dates = dates_on(clinic_day(source.starts_at), begins, ends, days)
    return not source.programme.filter(Q(starts_at__lt=dates.starts_at) | Q(ends_at__gt=dates.ends_at)).exists()


def copy_programme(source: CourseRun, target: CourseRun, *, by: Actor) -> None:
    """Give a run the programme of another one: the same times on the same day of the course."""
    days = (clinic_day(target.starts_at) - clinic_day(source.starts_at)).days
    for item in source.programme.all():
        copy = ProgrammeItem(
            run=target,
            starts_at=shifted(item.starts_at, days),
            ends_at=shifted(item.ends_at, days),
            title=item.title,
            title_hi=item.title_hi,
            speaker_id=item.speaker_id,
            kind=item.kind,
        )
        save_as(copy, by=by)
