"""Short ways to the verbs, for tests: a doctor and the course office at work."""

from datetime import datetime

from django.db import connection

from courses import enrolment as verbs
from courses.models import CourseRun, Enrolment
from ipsc.history import DOCTOR, Actor
from ipsc.models import Message
from tests.courses import rows
from tests.factories import NOW
from tests.staff import member


def office() -> Actor:
    return Actor.staff(member("Course office"))


def enrol(run: CourseRun, number: int | None = None, *, now: datetime = NOW, **options) -> Enrolment:
    """Enrol doctor `number`, another one each time unless one is named."""
    by = options.pop("by", DOCTOR)
    given = options.pop("details", None) or rows.details(number)
    return verbs.enrol(run=run, details=given, by=by, now=now, **options)


def queue(run: CourseRun, people: int, *, now: datetime = NOW) -> list[Enrolment]:
    """Have so many people wait for a run, in this order."""
    return [enrol(run, queue=True, now=now) for _each in range(people)]


def statuses(*enrolments: Enrolment) -> list[str]:
    """How they stand now, in their order."""
    return [Enrolment.objects.get(pk=each.pk).status for each in enrolments]


def taken(run: CourseRun) -> int:
    return CourseRun.objects.get(pk=run.pk).seats_taken


def told(enrolment: Enrolment) -> list[str]:
    """The kinds of message about an enrolment, oldest first, reminders aside."""
    rows_ = Message.objects.of(enrolment).exclude(kind="courses.reminder").order_by("pk")
    return [kind.partition(".")[2] for kind in rows_.values_list("kind", flat=True)]


def check_counters() -> None:
    """Have the database compare counters and rows now instead of at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS run_seats_are_rows IMMEDIATE")
        cursor.execute("SET CONSTRAINTS run_seats_are_rows DEFERRED")
