"""Every constraint of the search's tables is violated once by plain rows."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction

from faq.models import FruitlessSearch, LayWord, SearchEntry, SearchWord
from ipsc.verbs import constraint_of
from tests.factories import NOW, TODAY
from tests.faq.search.conftest import make_question, make_topic

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)

# Pairs of a constraint's name and a function that tries to break it.
CASES: list[tuple[str, Callable[[], object]]] = []


def search_word(**fields) -> SearchWord:
    return SearchWord.objects.create(**({"word": f"word{next(_numbers)}", "entries": 2, "shown": 1} | fields))


def lay_word(**fields) -> LayWord:
    return LayWord.objects.create(**({"words": f"words {next(_numbers)}", "means": "spine"} | fields))


def fruitless_search(**fields) -> FruitlessSearch:
    values = {"key": str(next(_numbers)), "times": 3, "term": "slipped disc", "first_on": TODAY, "last_on": TODAY}
    return FruitlessSearch.objects.create(**(values | {"places": "abcd"} | fields))


def search_entry(**fields) -> SearchEntry:
    question = make_question(make_topic(), "question", texts={"en": ("A stent?", "<p>metal</p>")})
    return SearchEntry.objects.create(**({"question": question, "title_en": "A stent?"} | fields))


def add(name: str, make: Callable[..., models.Model], given: dict | None = None, **wrong) -> None:
    """Note an UPDATE that breaks `name`, on a row made by `make` from `given`."""

    def case():
        row = make(**(given or {}))
        type(row).objects.filter(pk=row.pk).update(**wrong)

    CASES.append((name, case))


add("search_entry_title", search_entry, title_en="")
add("search_word", search_word, word="")
add("search_word_entries", search_word, entries=0, shown=0)
add("search_word_entries", search_word, shown=3)
add("lay_word_words", lay_word, words="")
add("lay_word_words", lay_word, sound="")
add("lay_word_means", lay_word, means="")
add("fruitless_search_term_late", fruitless_search, times=2)
add("fruitless_search_term_plain", fruitless_search, term="98000 00001")
add("fruitless_search_term_plain", fruitless_search, term="कमरा ३")
add("fruitless_search_term_plain", fruitless_search, term="me@home")
add("fruitless_search_term_plain", fruitless_search, term="ab")
add("fruitless_search_ordered", fruitless_search, last_on=TODAY - timedelta(days=1))
add("fruitless_search_ordered", fruitless_search, {"term": ""}, times=0)
CASES.append(("faq_searchword.word", lambda: search_word(word=search_word().word)))
CASES.append(("faq_layword.words", lambda: lay_word(words=lay_word().words)))
CASES.append(("faq_layword.source_key", lambda: lay_word(source_key=lay_word(source_key="key").source_key)))

# A row for each model with a number that is not negative.
ROWS = {SearchWord: search_word, FruitlessSearch: fruitless_search}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_it_upholds(name, case):
    from tests.appointments.test_constraints import named

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        case()
    assert constraint_of(refused.value) == named(name)


@pytest.mark.parametrize("make", [search_word, lay_word, fruitless_search, search_entry])
def test_it_lets_a_good_row_be(make):
    make().refresh_from_db()
    assert NOW


ROWS = {SearchWord: search_word, FruitlessSearch: fruitless_search}
