"""Many editors, publishers, patients and programs at once, with real threads (see tests/gate.py)."""

import functools
from unittest import mock

import pytest

from faq import content, editing, helping, transfer
from faq.models import Language, OldQuestionSlug, Question, Topic, Vote, Wording
from ipsc.history import SITE
from tests.factories import NOW
from tests.faq import writers
from tests.gate import rush

pytestmark = pytest.mark.django_db(transaction=True)


def save(question: Question, text: str, seen: int) -> Wording:
    draft = writers.draft("Is it safe?", f"<p>{text}</p>")
    return editing.save_draft(question=question, language=Language.ENGLISH, draft=draft, seen=seen, by=SITE, now=NOW)


def editors(question: Question, seen: int) -> list:
    calls = [functools.partial(save, question, f"Editor {number}", seen) for number in range(10)]
    return rush(calls, table="faq_wording")


@pytest.mark.parametrize("has_text", [False, True])
def test_of_ten_editors_one_saves_and_the_others_are_told(has_text):
    wording = writers.published() if has_text else None
    question = wording.question if wording else writers.question()
    ends = editors(question, wording.sequence if wording else 0)
    saved = [each for each in ends if isinstance(each, Wording)]
    assert len(saved) == 1
    assert {type(each) for each in ends if each is not saved[0]} == {editing.SavedMeanwhile}
    assert Wording.objects.get().draft_answer == saved[0].draft_answer


def test_without_the_lock_of_the_question_they_overwrite_each_other():
    """Seen wrong: each has looked before anybody has written, and the last one stays."""
    wording = writers.published()
    with mock.patch.object(Question.objects, "select_for_update", return_value=Question.objects.all()):
        ends = editors(wording.question, wording.sequence)
    assert sum(isinstance(each, Wording) for each in ends) > 1


def test_of_many_publishers_one_publishes():
    wording = writers.drafted()
    publish = functools.partial(
        editing.publish, question=wording.question, language="en", seen=wording.sequence, by=SITE, now=NOW
    )
    ends = rush([publish] * 8, table="faq_wording")
    assert sum(isinstance(each, Wording) for each in ends) == 1
    assert Wording.objects.get().version == 1


def test_saving_and_publishing_at_once_publish_only_what_was_seen():
    wording = writers.drafted()
    publish = functools.partial(
        editing.publish, question=wording.question, language="en", seen=wording.sequence, by=SITE, now=NOW
    )
    rush([publish, functools.partial(save, wording.question, "Sneaked in", wording.sequence)], table="faq_wording")
    assert "Sneaked in" not in Wording.objects.get().answer


def test_a_browser_that_answers_ten_times_at_once_is_counted_once():
    wording = writers.published()
    votes = [
        functools.partial(helping.vote, wording=wording, browser="b", helpful=number % 2 == 0, address="", now=NOW)
        for number in range(10)
    ]
    ends = rush(votes, table="faq_vote")
    assert all(isinstance(each, Vote) for each in ends), ends
    assert Vote.objects.count() == 1


def test_questions_of_one_title_made_at_once_have_addresses_of_their_own():
    topic = writers.topic()
    make = functools.partial(editing.new_question, topic=topic, title="Is it safe?", by=SITE, now=NOW)
    ends = rush([make] * 8, table="faq_question")
    assert all(isinstance(each, Question) for each in ends), ends
    assert len(set(topic.questions.values_list("slug", flat=True))) == 8
    assert len(set(topic.questions.values_list("order", flat=True))) == 8


def test_two_programs_that_load_at_once_load_once():
    ends = rush([functools.partial(content.load, by=SITE, now=NOW)] * 3, table="faq_topic")
    assert sorted(len(each.questions) for each in ends) == [0, 0, 14]
    assert (Topic.objects.count(), Question.objects.count()) == (1, 14)


def test_two_questions_that_change_places_at_once_end_in_words_and_not_in_a_lock():
    topic = writers.topic()
    rows = [writers.published(writers.question(of=topic, slug=slug)).question for slug in "ab"]

    def move(question: Question, slug: str):
        return editing.amend_question(question=question, values={"slug": slug}, by=SITE, now=NOW)

    ends = rush([functools.partial(move, rows[0], "c"), functools.partial(move, rows[1], "a")], table="faq_question")
    moved = [each for each in ends if isinstance(each, Question)]
    assert moved
    for question in Question.objects.all():
        assert not OldQuestionSlug.objects.filter(slug=question.slug).exclude(question=question).exists()


def test_one_file_brought_in_twice_at_once_is_there_once():
    content.load(by=SITE, now=NOW)
    data = transfer.dump()
    for question in Question.objects.all():
        writers.drafted(question, writers.draft("Else?"))
    ends = rush([functools.partial(transfer.load, data=data, by=SITE, now=NOW)] * 2, table="faq_wording")
    assert [each for each in ends if isinstance(each, Exception)] == []
    assert transfer.dump() == data


def test_one_file_brought_into_an_empty_house_twice_at_once_is_there_once():
    content.load(by=SITE, now=NOW)
    data = transfer.dump()
    for model in (OldQuestionSlug, Wording, Question, Topic):
        model.objects.all().delete()
    ends = rush([functools.partial(transfer.load, data=data, by=SITE, now=NOW)] * 2, table="faq_topic")
    assert [each for each in ends if isinstance(each, Exception)] == []
    assert (transfer.dump(), Question.objects.count()) == (data, 14)
