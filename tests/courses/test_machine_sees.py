"""The machine of test_machine.py sees what it is there for: with a guard taken out, it finds the rule broken.

A machine that finds nothing proves nothing until it has been seen to find something. Each guard below is taken out by
itself; the machine then has to end with the words of the rule that this guard keeps.
"""

import sys
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from courses import messages
from courses.enrolment import enrolling, leaving, moving, offering, running, seats
from courses.models import CourseRun, Enrolment
from ipsc.outbox import Kind
from tests.courses.test_machine import Courses

pytestmark = pytest.mark.django_db

# The package has a verb of the same name.
overdue = sys.modules["courses.enrolment.overdue"]
MODULES = (enrolling, leaving, moving, offering, overdue, running, seats)
Guard = Callable[[pytest.MonkeyPatch], None]


def replace(monkeypatch: pytest.MonkeyPatch, name: str, other: Callable) -> None:
    """Have all verbs call another function under this name."""
    for module in MODULES:
        if hasattr(module, name):
            monkeypatch.setattr(module, name, other)


def alter(statement: str) -> None:
    """Change the tables; the transaction of the test takes it back."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def seats_have_no_end(monkeypatch) -> None:
    def claim(run: CourseRun) -> None:
        CourseRun.objects.filter(pk=run.pk).update(seats_taken=F("seats_taken") + 1)
        run.seats_taken += 1

    alter("ALTER TABLE courses_courserun DROP CONSTRAINT run_seats")
    replace(monkeypatch, "has_room", lambda run: True)
    replace(monkeypatch, "claim_seat", claim)


def freed_seats_are_not_counted(monkeypatch) -> None:
    for table in ("courses_enrolment", "courses_courserun"):
        alter(f"ALTER TABLE {table} DISABLE TRIGGER run_seats_are_rows")
    replace(monkeypatch, "free_seat", lambda run: None)


def the_last_who_waits_is_first(monkeypatch) -> None:
    monkeypatch.setattr(
        type(Enrolment.objects.all()), "queue", lambda rows: rows.filter(status="waiting").order_by("-waiting_at")
    )


def newcomers_do_not_look_who_waits(monkeypatch) -> None:
    replace(monkeypatch, "has_room", lambda run: run.seats_taken < run.capacity)


def freed_seats_are_handed_to_nobody(monkeypatch) -> None:
    replace(monkeypatch, "hand_over", lambda run, now: [])


def whoever_ends_is_deleted(monkeypatch) -> None:
    close = seats.close

    def close_and_forget(enrolment: Enrolment, *given, **options) -> None:
        close(enrolment, *given, **options)
        Enrolment.objects.filter(pk=enrolment.pk).delete()

    replace(monkeypatch, "close", close_and_forget)


def offers_run_for_ever(monkeypatch) -> None:
    end = seats.offer_end
    monkeypatch.setattr(seats, "offer_end", lambda at, hours, closes_at: end(at, 90 * 24, closes_at.replace(year=2090)))


def notices_need_not_arrive(monkeypatch) -> None:
    late = overdue.overdue
    monkeypatch.setattr(overdue, "_to_release", lambda now: late(now).filter(noticed_at__isnull=False))


def refunds_are_not_counted(monkeypatch) -> None:
    def settle(enrolment: Enrolment, **options) -> None:
        enrolment.paid = enrolment.fee
        settle_as(enrolment, **options)

    refunding = sys.modules["courses.enrolment.refunding"]
    settle_as = refunding.settle_as
    monkeypatch.setattr(refunding, "settle_as", settle)


def leaves_out(kind: Kind) -> Guard:
    """Nobody is told of this kind of change."""

    def take_out(monkeypatch) -> None:
        announce = messages.announce

        def some(enrolment: Enrolment, told: Kind, **options) -> None:
            if told != kind:
                announce(enrolment, told, **options)

        monkeypatch.setattr(messages, "announce", some)

    return take_out


ENTER = [Courses.withdraws, Courses.enrols]
OFFER = [Courses.withdraws, Courses.accepts, Courses.it_is_nearly_the_end_of_an_offer]
# Each with the words that the machine has to end with, and what happens in it: less of the rest is found sooner.
GUARDS = [
    (seats_have_no_end, "more hold a seat than there are", [Courses.enrols]),
    (freed_seats_are_not_counted, "the counter is wrong", [Courses.withdraws]),
    (the_last_who_waits_is_first, "somebody has passed those who wait", [Courses.withdraws]),
    (newcomers_do_not_look_who_waits, "somebody has passed those who wait", [Courses.it_is_nearly_the_close, *ENTER]),
    (freed_seats_are_handed_to_nobody, "a seat is free, and somebody waits", [Courses.withdraws]),
    (whoever_ends_is_deleted, "somebody is gone", [Courses.withdraws]),
    (offers_run_for_ever, "an offer outlives the close", [Courses.withdraws]),
    (notices_need_not_arrive, "nobody has told them", [Courses.is_told_to_pay]),
    (refunds_are_not_counted, "money is lost", [Courses.pays, Courses.gets_money_back]),
    (leaves_out(messages.ENROLLED), "nobody was told: confirmed", [Courses.enrols, *OFFER]),
    (leaves_out(messages.WAITING), "nobody was told: waiting", [Courses.enrols]),
    (leaves_out(messages.OFFERED), "nobody was told: offered", OFFER),
    (leaves_out(messages.OFFER_ENDED), "nobody was told: cancelled offer_ended", [*OFFER, Courses.is_swept]),
    (leaves_out(messages.WITHDRAWN), "nobody was told: cancelled", [Courses.withdraws]),
    (leaves_out(messages.MOVED), "nobody was told: confirmed", [Courses.withdraws, Courses.moves]),
    (leaves_out(messages.RUN_CHANGED), "nobody was told: confirmed", [Courses.gets_other_dates]),
    (leaves_out(messages.RUN_CANCELLED), "nobody was told: cancelled run_cancelled", [Courses.is_cancelled]),
    (leaves_out(messages.PAYMENT_DUE), "nobody was told: confirmed", [Courses.is_told_to_pay]),
]


@pytest.mark.parametrize(("take_out", "words", "happens"), GUARDS)
def test_the_machine_finds_what_a_guard_keeps(take_out, words, happens, monkeypatch):
    take_out(monkeypatch)
    monkeypatch.setattr(Courses, "ACTIONS", happens)
    # The first that is found is enough, and the same one each time.
    found = settings(
        max_examples=100,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(AssertionError, match=words):
        run_state_machine_as_test(Courses, settings=found)
