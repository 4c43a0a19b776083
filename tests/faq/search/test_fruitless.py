"""Searches that found nothing: counted for editors, and nobody's secret kept."""

from datetime import timedelta
from unittest import mock

import pytest

from faq.models import FruitlessSearch
from faq.search import fruitless
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def search(text: str = "Slipped disc?", place: str = "192.0.2.1", now=NOW) -> bool:
    return fruitless.count(text, place=place, now=now)


def test_it_keeps_the_term_after_three_different_people(django_assert_num_queries):
    for number, term in enumerate(["", "", "slipped disc", "slipped disc"], 1):
        with django_assert_num_queries(1):
            assert search(place=f"192.0.2.{number}", now=NOW + timedelta(days=number - 1))
        row = FruitlessSearch.objects.get()
        assert (row.times, row.term) == (number, term)
    assert (row.first_on, row.last_on) == (TODAY, TODAY + timedelta(days=3))


def test_it_never_counts_one_visitor_twice():
    assert search()
    assert not search()
    assert not search(now=NOW + timedelta(days=40))
    assert search(place="192.0.2.2")
    assert not search()
    assert FruitlessSearch.objects.get().times == 2


def test_it_takes_different_signs_and_capitals_for_the_same():
    for number, text in enumerate(["slipped disc", "SLIPPED   disc", "slipped, disc…"]):
        search(text, place=f"192.0.2.{number}")
    assert FruitlessSearch.objects.get().times == 3


@pytest.mark.parametrize(
    "text",
    [
        "call 9800000001",
        "room 3",
        "कमरा ३",
        "me@example.org",
        "ab",
        "?",
        "",
        "x" * 61,
        "word " * 13,
        "slipped disc" + " " * 200,
    ],
)
def test_it_counts_nothing_that_may_be_about_a_person(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not search(text)


def test_it_keeps_no_address_and_no_word_in_what_it_stores_first():
    search("slipped disc", place="192.0.2.1")
    row = FruitlessSearch.objects.get()
    stored = " ".join(map(str, vars(row).values()))
    assert "192" not in row.places
    assert "slipped" not in stored
    assert len(row.places) == fruitless.MARK


def test_it_marks_one_visitor_otherwise_for_each_term():
    search("slipped disc")
    search("frozen shoulder")
    assert len(set(FruitlessSearch.objects.values_list("places", flat=True))) == 2


def test_it_keeps_only_the_last_places():
    for number in range(fruitless.MOST_PLACES + 10):
        search(place=f"192.0.2.{number}")
    row = FruitlessSearch.objects.get()
    assert len(row.places.split()) == fruitless.MOST_PLACES
    assert row.times > fruitless.MOST_PLACES


def test_it_makes_room_by_forgetting_what_is_oldest_and_has_no_words():
    with mock.patch.object(fruitless, "MOST_KEPT", 3):
        for number in range(3):
            search("frozen shoulder", place=f"192.0.2.{number}")
        search("first", now=NOW - timedelta(days=2))
        search("second", now=NOW - timedelta(days=1))
        gone = FruitlessSearch.objects.get(last_on=TODAY - timedelta(days=2))
        search("third")
        assert FruitlessSearch.objects.count() == 3
        assert not FruitlessSearch.objects.filter(pk=gone.pk).exists()
        assert FruitlessSearch.objects.filter(term="frozen shoulder").exists()
        search("third", place="192.0.2.2")
        assert FruitlessSearch.objects.count() == 3


def test_it_forgets_90_days_after_the_last_time():
    search()
    assert fruitless.forget(now=NOW + timedelta(days=89)) == 0
    assert fruitless.forget(now=NOW + timedelta(days=90)) == 1
    assert not FruitlessSearch.objects.exists()
