"""Removing the sample courses, with a preview (rule F3).

What people have enrolled in stays: the run, its course, and whoever teaches there; so does a course of which the centre
has dates of its own. A sample enrolment with a real payment counts as real. The made-up doctors go out of every run,
and their seats are free then. Enrolments, payments and programmes go with their whole history; of courses, dates and
faculty one line of history stays: that they were removed, by whom and when.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import HOLDING, Course, CourseRun, Enrolment, Faculty, Payment, ProgrammeItem, Refund
from ipsc.history import Actor, acting
from ipsc.sampling import REMOVED, Line, lines, one_at_a_time
from ipsc.verbs import verb

ENROLLED = _("Doctors have enrolled here. Cancel it or edit it instead; editing makes it yours.")
OWN = _("The centre’s own courses or dates need it. Edit it; editing makes it yours.")

REAL = Q(is_sample=False) | Q(payments__is_sample=False) | Q(refunds__is_sample=False)


@dataclass(frozen=True)
class Removal:
    """What goes and what stays; `runs` and `enrolments` are too many to name."""

    gone: tuple[Line, ...]
    kept: tuple[Line, ...]
    runs: int
    enrolments: int

    @property
    def is_empty(self) -> bool:
        return not (self.gone or self.runs or self.enrolments)


@dataclass(frozen=True)
class _Rows:
    courses: QuerySet[Course]
    faculty: QuerySet[Faculty]
    runs: QuerySet[CourseRun]
    enrolments: QuerySet[Enrolment]
    report: Removal


def preview() -> Removal:
    """What `remove` would do now."""
    return _look().report


@verb(refusals={})
def remove(*, by: Actor) -> Removal:
    """Remove every sample that no real enrolment needs; return what went and what stayed.

    Whoever enrols meanwhile is either seen here, and the run stays, or finds it gone: every verb waits for the lock on
    its run.
    """
    one_at_a_time()
    list(CourseRun.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    rows = _look()
    _remove_people(list(rows.enrolments.values_list("pk", flat=True)))
    runs, courses, faculty = list(rows.runs), list(rows.courses), list(rows.faculty)
    items = list(ProgrammeItem.objects.filter(run__in=runs).values_list("pk", flat=True))
    ProgrammeItem.objects.filter(pk__in=items).delete()
    _forget(ProgrammeItem, items)
    for row in (*runs, *courses, *faculty):
        pk = row.pk
        _forget(type(row), [pk])
        with acting(row, by=by, why=REMOVED):
            row.delete()
    return rows.report


def _remove_people(enrolments: list[int]) -> None:
    held = Enrolment.objects.filter(pk__in=enrolments, status__in=HOLDING).order_by("run")
    for told in list(held.values("run").annotate(seats=Count("pk"))):
        CourseRun.objects.filter(pk=told["run"]).update(seats_taken=F("seats_taken") - told["seats"])
    for model in (Payment, Refund):
        money = list(model.objects.filter(enrolment__in=enrolments).values_list("pk", flat=True))
        model.objects.filter(pk__in=money).delete()
        _forget(model, money)
    Enrolment.objects.filter(pk__in=enrolments).delete()
    _forget(Enrolment, enrolments)


def _look() -> _Rows:
    real = Enrolment.objects.filter(REAL)
    people = Enrolment.objects.samples().exclude(pk__in=real.values("pk"))
    runs = CourseRun.objects.samples()
    enrolled = runs.filter(pk__in=real.values("run"))
    gone_runs = runs.exclude(pk__in=real.values("run"))
    staying_runs = CourseRun.objects.exclude(pk__in=gone_runs.values("pk"))
    courses = Course.objects.samples()
    gone_courses = courses.exclude(pk__in=staying_runs.values("course"))
    kept_courses = courses.filter(pk__in=staying_runs.values("course"))
    staying_courses = Course.objects.exclude(pk__in=gone_courses.values("pk"))
    teaching = Q(pk__in=staying_courses.values("authors")) | Q(
        pk__in=ProgrammeItem.objects.filter(run__in=staying_runs, speaker__isnull=False).values("speaker")
    )
    # NULL in the list of a NOT IN would keep everybody: hence the positive form first.
    kept_faculty = Faculty.objects.samples().filter(teaching)
    gone_faculty = Faculty.objects.samples().exclude(pk__in=kept_faculty.values("pk"))
    report = Removal(
        gone=(*lines(gone_courses), *lines(gone_faculty)),
        kept=(
            *lines(enrolled.select_related("course"), ENROLLED),
            *lines(kept_courses, OWN),
            *lines(kept_faculty, OWN),
        ),
        runs=gone_runs.count(),
        enrolments=people.count(),
    )
    return _Rows(courses=gone_courses, faculty=gone_faculty, runs=gone_runs, enrolments=people, report=report)


def _forget(model: type[Model], ids: list[int]) -> None:
    """Delete what the history tables hold of these rows; the links of a history row do not go with it by themselves."""
    history = model.history.filter(id__in=ids)  # type: ignore[attr-defined]
    if model is Course:
        links = apps.get_model("courses", "HistoricalCourse_authors")
        links.objects.filter(history__in=history.values("history_id")).delete()
    history.delete()
