"""Many publish at once, with real threads (see tests/gate.py): the counters of words stay right."""

import functools
from contextlib import nullcontext
from unittest import mock

import pytest

from faq.models import Question
from faq.search import entries
from tests.faq.search.conftest import make_question, make_topic
from tests.faq.search.test_entries import counted, recounted
from tests.gate import rush

pytestmark = pytest.mark.django_db(transaction=True)


def publish(question: Question, words: str) -> int:
    question.wordings.update(answer=f"<p>{words}</p>")
    return entries.write([question.pk])


@pytest.fixture
def questions():
    topic = make_topic()
    texts = {"en": ("A stent?", "<p>metal</p>")}
    made = [make_question(topic, f"stent-{number}", texts=texts) for number in range(12)]
    entries.write_all()
    return made


def all_at_once(questions) -> list:
    words = ["plastic tube", "tube plastic", "metal tube"]
    calls = [functools.partial(publish, each, words[place % 3]) for place, each in enumerate(questions)]
    return rush(calls, table="faq_searchentry")


def test_it_counts_right_when_many_publish_at_once(questions):
    assert all_at_once(questions) == [1] * 12
    assert counted() == recounted()
    assert counted()["tube"] == (12, 12)


def one_many_times(questions) -> list:
    calls = [functools.partial(publish, questions[0], f"metal word{letter}") for letter in "abcdefgh"]
    return rush(calls, table="faq_searchentry")


def test_it_counts_right_when_one_question_is_published_many_times_at_once(questions):
    assert one_many_times(questions) == [1] * 8
    assert counted() == recounted()


def test_without_the_lock_it_goes_wrong(questions):
    """Each takes off the words that it saw before the gate, and so they go eight times."""
    with mock.patch.object(entries, "_lock", nullcontext):
        one_many_times(questions)
    assert counted() != recounted()
