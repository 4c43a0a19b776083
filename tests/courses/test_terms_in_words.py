"""The terms of a run in words: they say what the arithmetic of the refunds does."""

from datetime import timedelta

import pytest
from django.utils import translation

from courses.models import Enrolment, Status
from courses.terms import refund_of, terms_in_words
from ipsc.dates import clinic_day, day_in_words
from tests.courses.test_standing import run_of
from tests.factories import NOW, clinic_time


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def paid_run(**fields):
    return run_of(fee=1000, withdraw_until_at=clinic_time(2027, 1, 6, 9), **fields)


def test_they_say_when_to_pay_how_to_leave_and_what_comes_back():
    told = terms_in_words(paid_run(pay_days=1, refund_full_days=14, refund_part_percent=50, refund_part_days=7), NOW)
    assert told == [
        "You pay within 1 day after you have your place, and before the course begins.",
        "You can move to other dates of this course, or withdraw, online until Wednesday 6 January 2027, 9:00 am. "
        "After that, call us.",
        "If you withdraw by Saturday 26 December 2026, all that you have paid comes back.",
        "If you withdraw later, but by Saturday 2 January 2027, 50 per cent of it comes back.",
        "After that, nothing comes back. If we cancel the course, all of it comes back.",
    ]


def test_without_a_part_there_is_no_word_of_one():
    assert not any("per cent" in each for each in terms_in_words(paid_run(refund_full_days=14), NOW))


def test_where_nothing_is_paid_nothing_is_said_of_money():
    (told,) = terms_in_words(run_of(fee=0, withdraw_until_at=clinic_time(2027, 1, 6, 9)), NOW)
    assert "comes back" not in told


@pytest.mark.parametrize(
    ("day", "said", "unsaid"),
    [
        (26, "If you withdraw by Saturday 26 December 2026, all", "too late"),
        (27, "If you withdraw by Saturday 2 January 2027, 50 per cent of what you have paid", "26 December"),
        (34, "If you withdraw, nothing comes back.", "per cent"),
        (38, "It is too late to move or withdraw online.", "online until"),
    ],
)
def test_they_promise_nothing_that_is_over(day, said, unsaid):
    run = paid_run(refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    moment = clinic_time(2026, 12, 1, 10) + timedelta(days=day - 1)
    told = " ".join(terms_in_words(run, moment))
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize(("full", "part", "percent"), [(14, 7, 50), (0, 0, 0), (1, 0, 33), (30, 29, 99)])
def test_the_days_that_they_name_are_the_last_ones(full, part, percent):
    run = paid_run(refund_full_days=full, refund_part_days=part, refund_part_percent=percent)
    enrolment = Enrolment(run=run, status=Status.CONFIRMED, fee=1000, paid=1000)
    begins = clinic_day(run.starts_at)
    told = " ".join(terms_in_words(run, NOW))
    last = clinic_time(begins.year, begins.month, begins.day) - timedelta(days=full, seconds=-86399)
    assert day_in_words(clinic_day(last)) in told
    assert refund_of(enrolment, last) == 1000
    assert refund_of(enrolment, last + timedelta(seconds=1)) == (10 * percent if full else 0)
    if percent:
        last = clinic_time(begins.year, begins.month, begins.day) - timedelta(days=part, seconds=-86399)
        assert day_in_words(clinic_day(last)) in told
        assert refund_of(enrolment, last) == 10 * percent
        assert refund_of(enrolment, last + timedelta(seconds=1)) == 0


@pytest.mark.parametrize(
    ("least_kept", "said", "unsaid"),
    [
        (
            30,
            ["by Saturday 26 December 2026, 70 per cent", "later, but by Saturday 2 January 2027, 50 per cent"],
            "all",
        ),
        (50, ["by Saturday 2 January 2027, 50 per cent of what you have paid"], "26 December"),
        (80, ["by Saturday 2 January 2027, 20 per cent of what you have paid"], "26 December"),
        (100, ["If you withdraw, nothing comes back."], "per cent"),
    ],
)
def test_whoever_has_moved_late_is_promised_no_more_than_before(least_kept, said, unsaid):
    run = paid_run(refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    told = " ".join(terms_in_words(run, NOW, least_kept=least_kept)[2:])
    for each in said:
        assert each in told
    assert unsaid not in told.replace("all of it comes back", "")
