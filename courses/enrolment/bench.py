"""How many doctors a second can enrol in one run: one client after the other, and eight at once for the same lock."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from appointments.bench import databases
from courses.councils import Council
from courses.enrolment import Details, enrol
from courses.models import Course, CourseRun, Enrolment, RunState
from ipsc.history import DOCTOR
from ipsc.models import ClinicSettings, Message
from ipsc.privacy import CONSENT_VERSION

CLIENTS, PEOPLE = 8, 200
DAY = timedelta(days=1)
SLUG = "trials-of-the-bench"


def measure(*, now: datetime, say: Callable[[str], None] = print, people: int = PEOPLE) -> float:
    """Enrol `people` doctors in one run by one client, and by CLIENTS at once; say and return the ratio of the rates.

    It happens in the database that the present connection is to, which has to be one for trials.
    """
    run = _run(people, now)
    try:
        rates = [_rate(run, clients, people, now) for clients in (1, CLIENTS)]
    finally:
        _forget(run)
    ratio = rates[1] / rates[0]
    say(
        f"enrolments on one run: {rates[0]:.0f} a second by one client, {rates[1]:.0f} by {CLIENTS} at once, "
        f"ratio {ratio:.2f}; {people} seats each, all sold once"
    )
    return ratio


def _run(people: int, now: datetime) -> CourseRun:
    # These databases are for trials: whoever comes next does not mind.
    ClinicSettings.objects.update_or_create(pk=1, defaults={"enrolment_open": True})
    course = Course.objects.create(title="Trials", slug=SLUG, summary="Trials.", hours=Decimal(1), published=True)
    return CourseRun.objects.create(
        course=course,
        starts_at=now + 30 * DAY,
        ends_at=now + 31 * DAY,
        opens_at=now - DAY,
        closes_at=now + 29 * DAY,
        withdraw_until_at=now + 29 * DAY,
        capacity=people,
        fee=1000,
        state=RunState.PUBLISHED,
    )


def _rate(run: CourseRun, clients: int, people: int, now: datetime) -> float:
    """Enrolments a second; the connections are open, and the clients at one gate, before the clock starts."""
    _empty(run)
    name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
    gate = threading.Barrier(clients + 1)
    failures: list[Exception] = []

    def work(numbers: range) -> None:
        database = databases.connect(name)
        try:
            with databases.using(database):
                database.ensure_connection()
                gate.wait()
                for number in numbers:
                    enrol(run=run, details=_details(number), by=DOCTOR, now=now)
        except Exception as failure:
            failures.append(failure)
        finally:
            database.close()

    threads = [threading.Thread(target=work, args=(range(start, people, clients),)) for start in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    if failures:
        raise failures[0]
    run.refresh_from_db()
    if run.seats_taken != people:
        raise AssertionError(f"{run.seats_taken} of {people} seats are taken")
    return people / spent


def _details(number: int) -> Details:
    return Details(
        name=f"Doctor {number}",
        phone="+919800000001",
        email=f"doctor{number}@example.org",
        council=Council.DELHI,
        registration_number=str(number + 1),
        consent_version=CONSENT_VERSION,
    )


def _empty(run: CourseRun) -> None:
    rows = Enrolment.objects.filter(run=run)
    ids = list(rows.values_list("pk", flat=True))
    Message.objects.filter(about=Enrolment._meta.label_lower, about_id__in=ids).delete()
    Enrolment.history.filter(id__in=ids).delete()
    # The database compares rows and counter when both are done.
    with transaction.atomic():
        rows.delete()
        CourseRun.objects.filter(pk=run.pk).update(seats_taken=0)


def _forget(run: CourseRun) -> None:
    _empty(run)
    run.delete()
    run.course.delete()
    CourseRun.history.filter(id=run.pk).delete()
    Course.history.filter(slug=SLUG).delete()
