"""What every verb gets: one transaction, refusals in words, another try after a deadlock or an unlucky draw."""

import functools
import itertools
import threading
from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.utils.translation import gettext_lazy, override

from appointments.models import Appointment
from ipsc.models import RateLimit
from ipsc.verbs import TRIES, Refusal, constraint_of, verb
from tests.appointments.desk import book
from tests.people import make_clinic

NOW = datetime(2026, 11, 25, tzinfo=UTC)


class Empty(Refusal):
    words = "The bucket is empty."


def bucket(key: str, tokens: float = 1) -> RateLimit:
    return RateLimit.objects.create(key=key, tokens=tokens, updated_at=NOW)


@verb(refusals={"rate_limit_never_below_zero": Empty})
def pour(*, key: str, tokens: float) -> RateLimit:
    """Pour some into a new bucket, and then write what it holds now."""
    made = bucket(key)
    made.tokens = tokens
    made.save()
    return made


# One transaction and refusals


@pytest.mark.django_db
def test_it_returns_what_the_function_returns():
    assert pour(key="one", tokens=2) == RateLimit.objects.get(tokens=2)


@pytest.mark.django_db
def test_it_says_in_words_what_the_database_refused_and_undoes_all_of_it():
    with pytest.raises(Empty) as refused:
        pour(key="one", tokens=-1)
    assert str(refused.value) == "The bucket is empty."
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert constraint_of(refused.value.__cause__) == "rate_limit_never_below_zero"
    assert not RateLimit.objects.exists()


@pytest.mark.django_db
def test_it_leaves_the_transaction_around_it_usable():
    bucket("before")
    with pytest.raises(Empty):
        pour(key="one", tokens=-1)
    bucket("after")
    assert set(RateLimit.objects.values_list("key", flat=True)) == {"before", "after"}


@pytest.mark.django_db
def test_it_undoes_all_of_it_when_the_function_itself_refuses():
    @verb(refusals={})
    def refuse():
        bucket("one")
        raise Empty("Fill it first.")

    with pytest.raises(Empty, match=r"Fill it first\."):
        refuse()
    assert not RateLimit.objects.exists()


@pytest.mark.django_db
def test_it_hides_no_violation_that_nobody_expects():
    bucket("one")
    with pytest.raises(IntegrityError) as error:
        pour(key="one", tokens=1)
    assert constraint_of(error.value) == "ipsc_ratelimit_pkey"


@pytest.mark.django_db
def test_it_hides_no_error_of_the_programmer():
    calls = []

    @verb(refusals={})
    def fail():
        calls.append(1)
        raise FieldDoesNotExist

    with pytest.raises(FieldDoesNotExist):
        fail()
    assert len(calls) == 1


def test_it_takes_keywords_only():
    with pytest.raises(TypeError):
        pour("one", 1)


def test_it_keeps_name_and_docstring():
    assert (pour.__name__, pour.__doc__[:4]) == ("pour", "Pour")


def test_it_has_no_constraint_of_an_error_that_is_not_the_databases():
    assert constraint_of(IntegrityError("made up")) == ""


def test_it_speaks_the_language_of_whoever_reads():
    class Closed(Refusal):
        words = gettext_lazy("Yes")

    refusal = Closed()
    with override("hi"):
        assert str(refusal) == "हाँ"
    assert str(refusal) == "Yes"
    assert str(Closed("No")) == "No"


# Unlucky draws


@pytest.mark.django_db
def test_it_draws_again_where_a_random_value_was_taken():
    bucket("one")
    keys = iter(["one", "one", "two"])

    @verb(refusals={}, redrawn=frozenset({"ipsc_ratelimit_pkey"}))
    def draw():
        return bucket(next(keys))

    assert draw().key == "two"


@pytest.mark.django_db
def test_it_gives_up_after_some_tries():
    bucket("one")
    calls = []

    @verb(refusals={}, redrawn=frozenset({"ipsc_ratelimit_pkey"}))
    def draw():
        calls.append(1)
        bucket("one")

    with pytest.raises(IntegrityError):
        draw()
    assert len(calls) == TRIES


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["reference", "public_id"])
def test_it_gives_a_booking_another_reference_when_its_own_is_taken(monkeypatch, field):
    clinic = make_clinic()
    first = book(clinic, "10:00")
    column = Appointment._meta.get_field(field)
    fresh = column.get_default()
    draws = itertools.chain([getattr(first, field)] * (TRIES - 1), [fresh])
    monkeypatch.setattr(column, "_get_default", functools.partial(next, draws))
    second = book(clinic, "10:20")
    assert getattr(second, field) == fresh
    assert Appointment.objects.count() == 2


# Deadlocks


@pytest.mark.django_db(transaction=True)
def test_it_tries_again_after_a_real_deadlock():
    """Two transactions, each of which holds what the other wants: the database ends one, and that one begins again."""
    for key in ("one", "two"):
        bucket(key)
    both_hold_one = threading.Barrier(2, timeout=30)
    runs, ends = [], {}

    @verb(refusals={})
    def add(first: str, second: str) -> None:
        runs.append(first)
        RateLimit.objects.select_for_update().get(key=first)
        if len(runs) <= 2:
            both_hold_one.wait()
        for key in (first, second):
            row = RateLimit.objects.select_for_update().get(key=key)
            row.tokens += 1
            row.save()

    def work(first: str, second: str) -> None:
        try:
            add(first=first, second=second)
            ends[first] = "done"
        except Exception as error:
            ends[first] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=keys) for keys in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ends == {"one": "done", "two": "done"}
    assert len(runs) == 3
    assert list(RateLimit.objects.values_list("tokens", flat=True)) == [3, 3]


def failing_with(code: str, calls: list, times: int = 100):
    """A verb that the database stops with an error of this code, so many times."""

    @verb(refusals={})
    def work() -> str:
        calls.append(1)
        if len(calls) <= times:
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'stopped' USING ERRCODE = '{code}'; END $$")
        return "done"

    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_it_gives_up_after_some_deadlocks(code):
    calls = []
    assert failing_with(code, calls, TRIES - 1)() == "done"
    assert len(calls) == TRIES
    calls.clear()
    with pytest.raises(OperationalError):
        failing_with(code, calls)()
    assert len(calls) == TRIES


@pytest.mark.django_db(transaction=True)
def test_it_tries_nothing_again_but_deadlocks():
    calls = []
    with pytest.raises(OperationalError):
        failing_with("53200", calls)()  # out of memory
    assert len(calls) == 1


@pytest.mark.django_db
def test_it_leaves_a_deadlock_to_whoever_began_the_transaction():
    calls = []
    with pytest.raises(OperationalError), transaction.atomic():
        failing_with("40P01", calls)()
    assert len(calls) == 1
