"""Loading the sample courses, once, and their runs month by month (rule F3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from courses.models import Course, CourseRun, Faculty, ItemKind, Mode, ProgrammeItem, RunState
from courses.refusals import REDRAWN
from courses.samples import content
from courses.samples.dates import Planned, Scene, clock, hours, months, parts, plan
from ipsc.clinic import amend
from ipsc.dates import clinic_day
from ipsc.history import SITE, acting, save_as
from ipsc.sampling import FIRST_CONTENT, one_at_a_time, refuse_in_production
from ipsc.verbs import verb

OPENS, CLOSES, WITHDRAWN, EARLY = (timedelta(days=days) for days in (180, 2, 3, 30))


@dataclass(frozen=True)
class Loaded:
    """What a load has made; nothing where there was a course already."""

    courses: int = 0
    faculty: int = 0
    runs: int = 0
    opened: bool = False

    def __str__(self) -> str:
        if not self.courses:
            return "No sample courses loaded: there is content already."
        text = f"Loaded samples: {self.courses} courses, {self.faculty} faculty, {self.runs} dates."
        return text + (" Online enrolment is open." if self.opened else "")


@verb(refusals={}, redrawn=REDRAWN)
def load(*, now: datetime) -> Loaded:
    """Load the samples if there is neither a course nor faculty; the first time, open online enrolment as well.

    :raises NoSamplesHere: in production.
    """
    refuse_in_production()
    one_at_a_time()
    if Course.objects.exists() or Faculty.objects.exists():
        return Loaded()
    opened = not Course.history.exists()
    if opened:
        amend(values={"enrolment_open": True}, by=SITE)
    people = _faculty()
    for place, values in enumerate(content.courses(), start=1):
        _course(place, values, people)
    made = add_months(now=now)
    return Loaded(courses=len(content.courses()), faculty=len(people), runs=made, opened=opened)


def _faculty() -> dict[str, Faculty]:
    made = {}
    for place, values in enumerate(content.FACULTY, start=1):
        made[values["name"]] = row = Faculty(**values, order=place * 10, is_sample=True)
        save_as(row, by=SITE, why=FIRST_CONTENT)
    return made


def _course(place: int, told: dict, people: dict[str, Faculty]) -> None:
    values = content.EVERY_COURSE | (content.ADVANCED if told["level"] == "advanced" else {})
    values |= {key: told[key] for key in ("slug", "title", "title_hi", "summary", "summary_hi", "level", "fee")}
    values |= {key: told[key].strip() for key in ("outcomes", "outcomes_hi", "syllabus", "syllabus_hi")}
    values |= {"categories": told["categories"], "hours": hours(told["plan"]), "order": place * 10}
    course = Course(**values, published=True, is_sample=True)
    save_as(course, by=SITE, why=FIRST_CONTENT)
    with acting(course, by=SITE, why=FIRST_CONTENT):
        course.authors.set([people[name] for name in told["authors"]])


def add_months(*, now: datetime) -> int:
    """Make the runs of each month from the last one to twelve ahead that was not made before; return how many.

    Only of courses that are samples still. The history remembers a month whose runs have become the clinic's own.
    """
    courses = {each.slug: each for each in Course.objects.samples()}
    people = {each.name: each for each in Faculty.objects.samples()}
    marked = set(CourseRun.history.values_list("history_change_reason", flat=True).distinct())
    made = 0
    for month in months(clinic_day(now)):
        if mark(month) in marked:
            continue
        for planned in plan(month, len(content.courses())):
            told = content.courses()[planned.course]
            if course := courses.get(told["slug"]):
                _run(course, told, planned, people)
                made += 1
    return made


def mark(month: date) -> str:
    """What the history says of the runs of a month."""
    return f"sample month {month:%Y-%m}"


def _run(course: Course, told: dict, planned: Planned, people: dict[str, Faculty]) -> None:
    on = planned.on
    times = list(parts(told["plan"], on))
    values = content.EVERY_RUN | {"fee": told["fee"], "capacity": told["capacity"], "mode": told["mode"]}
    if told["fee"]:
        values |= {"early_fee": told["fee"] * 3 // 4, "early_until_on": on - EARLY}
    if told["mode"] != Mode.ONSITE:
        values["joining_url"] = content.JOINING
    if planned.scene == Scene.FULL:
        values["queue_capacity"] = 0
    run = CourseRun(
        course=course,
        starts_at=times[0][0],
        ends_at=times[-1][1],
        opens_at=clock(on - OPENS, "09:00"),
        closes_at=clock(on - CLOSES, "18:00"),
        withdraw_until_at=clock(on - WITHDRAWN, "17:00"),
        state=RunState.PUBLISHED,
        is_sample=True,
        **values,
    )
    save_as(run, by=SITE, why=mark(on.replace(day=1)))
    _programme(run, told, times, people)


def _programme(run: CourseRun, told: dict, times: list, people: dict[str, Faculty]) -> None:
    titles = iter(told["programme"])
    for starts_at, ends_at, kind in times:
        is_break = kind == ItemKind.BREAK
        title, title_hi, speaker = (content.BREAK, content.BREAK_HI, "") if is_break else next(titles)
        item = ProgrammeItem(run=run, starts_at=starts_at, ends_at=ends_at, kind=kind, title=title, title_hi=title_hi)
        item.speaker = people.get(speaker)
        save_as(item, by=SITE, why=FIRST_CONTENT)
