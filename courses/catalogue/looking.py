"""What the catalogue asks of the database; each function is one query."""

from datetime import date, datetime

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from courses.catalogue.filters import Filters
from courses.catalogue.months import shifted
from courses.models import Course, CourseRun, Enrolment, Faculty, ProgrammeItem, RunState, Status
from ipsc.dates import clinic_day, start_of_day

PAST_RUNS = 6


def queue_length(now: datetime) -> Coalesce:
    """How many wait for a place of a run, less the offers whose time is over; see `standing`."""
    over = Q(status=Status.OFFERED, offer_ends_at__lte=now)
    rows = Enrolment.objects.filter(Q(status=Status.WAITING) | over, run=OuterRef("pk")).order_by()
    each = Case(When(status=Status.WAITING, then=Value(1)), default=Value(-1), output_field=IntegerField())
    return Coalesce(Subquery(rows.values("run").annotate(length=Sum(each)).values("length")), 0)


def fitting(filters: Filters, *, now: datetime, enrolment_open: bool) -> QuerySet[CourseRun]:
    """The public runs that a reader looks for, each with its `waiting`; without an order."""
    rows = CourseRun.objects.public().order_by().annotate(waiting=queue_length(now))
    if filters.category:
        rows = rows.filter(course__categories__contains=[filters.category])
    if filters.mode:
        rows = rows.filter(mode=filters.mode)
    if filters.level:
        rows = rows.filter(course__level=filters.level)
    if filters.places:
        rows = _with_places(rows, now) if enrolment_open else rows.none()
    return rows


def _with_places(rows: QuerySet[CourseRun], now: datetime) -> QuerySet[CourseRun]:
    """Those in which a newcomer has a place at once: `Standing.has_places` says the same of one of them."""
    rows = rows.filter(state=RunState.PUBLISHED, opens_at__lte=now, closes_at__gt=now)
    return rows.filter(capacity__gt=F("seats_taken") + F("waiting"))


def month_and_after(
    rows: QuerySet[CourseRun], first: date, *, now: datetime, ahead: int, closed: bool = True
) -> tuple[list[CourseRun], list[CourseRun]]:
    """The runs of a month, and the `ahead` next ones after it that nobody has cancelled and that are still to come.

    Without the `closed` ones, the next are those that one can join, or will be able to.
    """
    begins, after = start_of_day(first), start_of_day(shifted(first, 1))
    coming = rows.exclude(state=RunState.CANCELLED).filter(starts_at__gte=max(after, now)).order_by("starts_at", "pk")
    if not closed:
        coming = coming.filter(closes_at__gt=now)
    month = rows.filter(starts_at__gte=begins, starts_at__lt=after).select_related("course")
    # Each by the index on its own: one condition for both would look at all there are.
    found = month.union(coming.select_related("course")[:ahead], all=True)
    in_month: list[CourseRun] = []
    later: list[CourseRun] = []
    for row in sorted(found, key=lambda each: (each.starts_at, each.pk)):
        (in_month if row.starts_at < after else later).append(row)
    return in_month, later


def counts(rows: QuerySet[CourseRun], start: date, months: int) -> dict[date, int]:
    """How many runs begin in each of so many months from `start` on, cancelled ones left out."""
    until = start_of_day(shifted(start, months))
    rows = rows.exclude(state=RunState.CANCELLED).filter(starts_at__gte=start_of_day(start), starts_at__lt=until)
    month = TruncMonth("starts_at", tzinfo=timezone.get_default_timezone())
    found = rows.annotate(begins=month).values("begins").annotate(count=Count("pk")).values_list("begins", "count")
    return {clinic_day(each): count for each, count in found}


def bounds() -> tuple[date, date] | None:
    """The months of the first public run and of the last that is not cancelled; None without any."""
    rows = CourseRun.objects.public().values_list("starts_at", flat=True)
    last = rows.exclude(state=RunState.CANCELLED).order_by("-starts_at")[:1]
    # Each end by the index on its own: the least and the greatest of all would read all.
    ends = list(rows.order_by("starts_at")[:1].union(last, all=True))
    if not ends:
        return None
    return clinic_day(min(ends)).replace(day=1), clinic_day(max(ends)).replace(day=1)


def next_runs(count: int, *, now: datetime) -> list[CourseRun]:
    """The soonest runs that have not begun, for the first page of the site."""
    rows = CourseRun.objects.public().annotate(waiting=queue_length(now)).exclude(state=RunState.CANCELLED)
    return list(rows.upcoming(now).select_related("course")[:count])


def find_course(slug: str) -> Course | None:
    return Course.objects.public().filter(slug=slug).first()


def moved_course(slug: str) -> Course | None:
    """The course that was public under this slug once."""
    return Course.objects.public().filter(old_slugs__slug=slug).first()


def runs_of(course: Course, *, now: datetime) -> tuple[list[CourseRun], list[CourseRun]]:
    """The runs of a course that have not ended, soonest first, and the latest of those that have."""
    rows = CourseRun.objects.public().filter(course=course).annotate(waiting=queue_length(now))
    past = rows.filter(ends_at__lte=now).exclude(state=RunState.CANCELLED).order_by("-starts_at", "-pk")
    found = sorted(
        rows.filter(ends_at__gt=now).order_by().union(past[:PAST_RUNS], all=True),
        key=lambda each: (each.starts_at, each.pk),
    )
    for each in found:
        each.course = course
    coming = [each for each in found if each.ends_at > now]
    return coming, [each for each in reversed(found) if each.ends_at <= now]


def programme_of(runs: list[CourseRun]) -> dict[int, list[ProgrammeItem]]:
    """The programme of each of these runs, by the run's id."""
    found: dict[int, list[ProgrammeItem]] = {}
    for item in ProgrammeItem.objects.filter(run__in=runs).order_by("starts_at", "pk"):
        found.setdefault(item.run_id, []).append(item)
    return found


def faculty_of(course: Course, runs: list[CourseRun]) -> list[Faculty]:
    """Who has written a course or teaches in these runs, each with `is_author`; only whom the public may see."""
    authors = Course.authors.through.objects.filter(course=course).values("faculty")
    speakers = ProgrammeItem.objects.filter(run__in=runs).values("speaker")
    rows = Faculty.objects.public().pictured().filter(Q(pk__in=authors) | Q(pk__in=speakers))
    return list(rows.annotate(is_author=Case(When(pk__in=authors, then=Value(True)), default=Value(False))))
