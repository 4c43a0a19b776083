"""Which sample course runs when: pure arithmetic, the same for a month whenever it is asked (rule F3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from django.utils import timezone

from courses.models import ItemKind

SATURDAY = 5
MONTHS_AHEAD = 12
# Three, four and five courses by turns; in three months twelve.
COURSES_OF = (3, 4, 5)
BEFORE_IN_TURN = (0, 3, 7)

LECTURE, SHOWN, HANDS_ON, ETHICS, BREAK = (
    ItemKind.LECTURE,
    ItemKind.DEMONSTRATION,
    ItemKind.HANDS_ON,
    ItemKind.ETHICS,
    ItemKind.BREAK,
)
_WHOLE_DAY = [
    (0, "09:00", "10:15", LECTURE),
    (0, "10:15", "11:15", LECTURE),
    (0, "11:15", "11:30", BREAK),
    (0, "11:30", "13:00", SHOWN),
    (0, "13:00", "14:00", BREAK),
    (0, "14:00", "15:30", HANDS_ON),
    (0, "15:30", "15:45", BREAK),
    (0, "15:45", "17:00", ETHICS),
]
# By the name of a plan: day after the first, from, until, and what it is.
PLANS: dict[str, list[tuple[int, str, str, ItemKind]]] = {
    "half day": [
        (0, "14:00", "15:00", LECTURE),
        (0, "15:00", "15:45", LECTURE),
        (0, "15:45", "16:00", BREAK),
        (0, "16:00", "17:00", SHOWN),
        (0, "17:00", "17:45", ETHICS),
    ],
    "one day": _WHOLE_DAY,
    "two days": [
        *_WHOLE_DAY,
        (1, "09:00", "10:30", LECTURE),
        (1, "10:30", "11:00", BREAK),
        (1, "11:00", "13:00", HANDS_ON),
    ],
}


class Scene(Enum):
    """What a run shows in the demonstration once its enrolment is open."""

    OPEN = "open"
    FEW = "few places left"
    QUEUE = "waiting list"
    FULL = "full"
    CANCELLED = "cancelled"


# Runs take these by turns, so that any three months show all of them.
SCENES = (Scene.OPEN, Scene.FEW, Scene.QUEUE, Scene.OPEN, Scene.FULL, Scene.FEW, Scene.OPEN, Scene.CANCELLED)


@dataclass(frozen=True)
class Planned:
    """A run to be: `course` is its place in the content, from 0; `on` its first day."""

    course: int
    on: date
    scene: Scene


def months(today: date) -> list[date]:
    """The first days of the month before today's, of today's, and of the twelve after it."""
    return [_month(today, step) for step in range(-1, MONTHS_AHEAD + 1)]


def _month(day: date, step: int) -> date:
    number = day.year * 12 + day.month - 1 + step
    return date(number // 12, number % 12 + 1, 1)


def plan(month: date, courses: int) -> list[Planned]:
    """The runs of a month whose first day is given, of so many courses; no course comes twice in it."""
    number = month.year * 12 + month.month - 1
    turn = number % len(COURSES_OF)
    first = number // len(COURSES_OF) * sum(COURSES_OF) + BEFORE_IN_TURN[turn]
    days = _days(month)[: min(COURSES_OF[turn], courses)]
    return [
        Planned((number * 4 + place) % courses, day, scene_of(first + place)) for place, day in sorted(enumerate(days))
    ]


def scene_of(number: int) -> Scene:
    """The scene of a run by its number, counted through all months."""
    return SCENES[number % len(SCENES)]


def _days(month: date) -> list[date]:
    """The four first Saturdays, and a Thursday between for a fifth course."""
    saturday = month + timedelta(days=(SATURDAY - month.weekday()) % 7)
    saturdays = [saturday + timedelta(weeks=week) for week in range(4)]
    return [*saturdays, saturdays[2] + timedelta(days=5)]


def clock(day: date, told: str) -> datetime:
    """A moment at the clinic, such as ``clock(day, "09:00")``."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(told)))


def parts(plan_name: str, on: date) -> Iterator[tuple[datetime, datetime, ItemKind]]:
    """The programme of a run that begins on a day: from, until, and kind."""
    for after, begins, ends, kind in PLANS[plan_name]:
        day = on + timedelta(days=after)
        yield clock(day, begins), clock(day, ends), kind


def hours(plan_name: str) -> float:
    """Hours of teaching of a plan, its breaks left out."""
    taught = [end - begin for begin, end, kind in parts(plan_name, date(2026, 1, 3)) if kind != BREAK]
    return sum(taught, timedelta()) / timedelta(hours=1)


def spread(opens: datetime, until: datetime, count: int) -> Sequence[datetime]:
    """So many moments in order within `(opens, until)`, evenly apart."""
    return [opens + (until - opens) * place / (count + 1) for place in range(1, count + 1)]
