"""The token bucket: how it empties and fills, and that no two requests spend one token."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ipsc.models import RateLimit
from ipsc.ratelimit import address_of, forget_full_buckets, spend
from tests.gate import rush

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def take(
    value: str = "+919800000001", *, late: timedelta = timedelta(0), what: str = "test", capacity: int = 4
) -> bool:
    return spend(what, value, capacity=capacity, period=4 * HOUR, now=NOW + late)


@pytest.mark.django_db
def test_it_gives_as_many_tokens_as_the_bucket_holds():
    assert [take() for _each in range(6)] == [True] * 4 + [False] * 2


@pytest.mark.django_db
def test_it_fills_evenly():
    for _each in range(4):
        take()
    assert not take(late=HOUR - timedelta(milliseconds=1))
    assert take(late=HOUR)
    assert not take(late=HOUR)
    assert [take(late=3 * HOUR) for _each in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_it_keeps_fractions():
    for _each in range(4):
        take()
    assert take(late=HOUR * 1.5)
    assert not take(late=HOUR * 1.75)
    assert take(late=HOUR * 2)


@pytest.mark.django_db
def test_it_never_holds_more_than_its_capacity():
    take()
    assert [take(late=1000 * HOUR) for _each in range(5)] == [True] * 4 + [False]


@pytest.mark.django_db
def test_it_loses_nothing_by_a_refusal():
    """Whoever keeps asking waits no longer than whoever does not."""
    for _each in range(4):
        take()
    for minutes in range(60):
        assert not take(late=timedelta(minutes=minutes))
    assert take(late=HOUR)


@pytest.mark.django_db
def test_it_is_not_fooled_by_a_clock_that_goes_back():
    for _each in range(4):
        take(late=HOUR)
    assert not take()
    assert not take(late=HOUR)
    assert take(late=2 * HOUR)


@pytest.mark.django_db
def test_it_fills_no_hour_twice_when_the_clock_goes_back():
    for late in (HOUR, HOUR, HOUR, timedelta(0)):
        assert take(late=late)
    assert not take(late=HOUR)


@pytest.mark.django_db
def test_it_follows_a_capacity_that_the_manager_changes():
    assert take(capacity=8)
    assert [take(capacity=2) for _each in range(3)] == [True, True, False]
    assert [take(capacity=8, late=HOUR) for _each in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_it_keeps_values_and_purposes_apart():
    for _each in range(4):
        take()
    assert take("+919800000002")
    assert take(what="another")
    assert not take()


@pytest.mark.django_db
def test_it_stores_no_value_that_it_counts():
    take("+919800000001")
    (key,) = RateLimit.objects.values_list("key", flat=True)
    assert len(key) == 64
    assert "9800" not in key


@pytest.mark.django_db
def test_it_gives_the_token_back_when_the_transaction_fails():
    for _each in range(3):
        take()
    for _each in range(5):
        with transaction.atomic():
            assert take()
            transaction.set_rollback(True)
    assert take()
    assert not take()


@pytest.mark.django_db
def test_it_forgets_buckets_that_are_full_again():
    take()
    take("+919800000002", late=3 * HOUR)
    assert forget_full_buckets(now=NOW + timedelta(days=2)) == 0
    assert forget_full_buckets(now=NOW + timedelta(days=2, microseconds=1)) == 1
    assert RateLimit.objects.count() == 1


class TestBucket(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(capacity=st.integers(1, 10), pauses=st.lists(st.integers(0, 3 * 3600), min_size=1, max_size=25))
    def test_it_agrees_with_a_bucket_in_python(self, capacity, pauses):
        """And in no stretch of time does anybody get more than the capacity and what has flowed in since."""
        period = timedelta(hours=4)
        tokens, filled_at, moment, given_at = float(capacity), NOW, NOW, []
        RateLimit.objects.all().delete()
        for pause in pauses:
            moment += timedelta(seconds=pause)
            held = min(capacity, tokens + (moment - filled_at) / period * capacity)
            if abs(held - round(held)) < 1e-9:
                held = round(held)  # on the edge the two may round differently
                continue
            got = spend("test", "value", capacity=capacity, period=period, now=moment)
            assert got == (held >= 1)
            if got:
                tokens, filled_at = held - 1, moment
                given_at.append(moment)
        for first in range(len(given_at)):
            for last in range(first, len(given_at)):
                flowed = (given_at[last] - given_at[first]) / period * capacity
                assert last - first + 1 <= capacity + flowed + 1e-6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [False, True], ids=["new", "used"])
def test_it_never_gives_more_than_its_capacity_at_once(begun):
    if begun:
        take()
    ends = rush([take] * 40, table="ipsc_ratelimit")
    assert not [end for end in ends if isinstance(end, Exception)]
    assert sum(ends) == (3 if begun else 4)
    assert RateLimit.objects.get().tokens == 0


@pytest.mark.django_db(transaction=True)
def test_it_counts_right_while_transactions_fail():
    """A token that is given back goes to somebody who waits."""

    def take_and_fail() -> bool:
        with transaction.atomic():
            got = take()
            transaction.set_rollback(True)
        return got

    ends = rush([take_and_fail, take] * 15, table="ipsc_ratelimit")
    assert sum(ends[1::2]) == 4


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "found"),
    [
        (False, None, "192.0.2.1"),
        (False, "198.51.100.9", "192.0.2.1"),  # anybody may write that
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (True, "x, , 2001:db8::1", "2001:db8::"),
        (True, "", ""),
        (True, None, ""),
    ],
)
def test_it_knows_where_a_request_came_from(rf, settings, behind_proxy, forwarded, found):
    settings.BEHIND_PROXY = behind_proxy
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    assert address_of(rf.get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == found


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("not an address", "unknown"),
        ("", ""),
    ],
)
def test_it_counts_a_home_as_one_address(rf, remote, counted):
    assert address_of(rf.get("/", REMOTE_ADDR=remote)) == counted
