"""The fourteen questions as they ship: loaded once, never over an edit."""

import io

import pytest
from django.core.management import call_command

from faq import content, editing
from faq.html import clean, text_of
from faq.models import LayWord, Question, SearchEntry, Topic, Wording
from ipsc.history import SITE
from tests.factories import NOW
from tests.faq import writers

pytestmark = pytest.mark.django_db


def load(*arguments) -> str:
    out = io.StringIO()
    call_command("load_faq", *arguments, stdout=out)
    return out.getvalue()


def test_it_loads_the_fourteen_questions_in_both_languages_in_their_order():
    assert load().startswith("Questions: 14 in 1 new topics; 0 were there already. Words that people say: ")
    assert Topic.objects.get().published
    assert Wording.objects.published(NOW.replace(year=2030)).count() == 28
    slugs = list(Question.objects.values_list("slug", flat=True))
    assert (slugs[0], slugs[5], slugs[13]) == ("what-is-osteoporosis", "how-successful-it-is", "going-home-afterwards")
    assert LayWord.objects.count() > 50
    assert not Wording.objects.filter(reviewed_by__isnull=False).exists()


def test_a_second_time_it_loads_nothing():
    load()
    before = list(Wording.objects.values())
    assert load() == "Questions: nothing to load, 14 are there already. Words that people say: 0 added.\n"
    assert list(Wording.objects.values()) == before


def test_what_the_search_does_not_know_is_made_known_to_it():
    load()
    SearchEntry.objects.filter(question__slug="how-painful-it-is").delete()
    load()
    assert SearchEntry.objects.count() == 14


def test_dry_it_says_what_it_would_do_and_does_nothing():
    told = load("--dry-run")
    assert "would load topic    vertebral-augmentation" in told
    assert told.count("would load question vertebral-augmentation/") == 14
    assert not Topic.objects.exists()
    assert not LayWord.objects.exists()


def test_what_staff_have_changed_moved_or_hidden_stays_so():
    load()
    question = Question.objects.get(slug="how-painful-it-is")
    writers.published(question, writers.draft("Does it hurt?", "<p>Ours.</p>"))
    editing.amend_question(question=question, values={"slug": "hurt", "topic": writers.topic()}, by=SITE, now=NOW)
    editing.amend_topic(
        topic=Topic.objects.get(slug="vertebral-augmentation"),
        values={"slug": "spine", "published": False},
        by=SITE,
        now=NOW,
    )
    load()
    assert Question.objects.count() == 14
    assert Topic.objects.count() == 2
    question.refresh_from_db()
    assert (question.label, question.slug) == ("Does it hurt?", "hurt")


def test_a_question_that_the_files_gain_later_joins_its_topic(monkeypatch):
    load()
    Question.objects.get(slug="how-painful-it-is").delete()
    topic = Topic.objects.get()
    editing.amend_topic(topic=topic, values={"slug": "spine"}, by=SITE, now=NOW)
    assert load().startswith("Questions: 1 in 0 new topics; 13 were there already.")
    assert Question.objects.get(slug="how-painful-it-is").topic == topic


def test_claims_are_marked_for_the_doctors_and_said_to_be_the_centres_own(loaded):
    claims = Question.objects.exclude(to_confirm="").values_list("slug", flat=True)
    assert set(claims) == {
        "compression-or-wedge-fracture",
        "how-successful-it-is",
        "how-painful-it-is",
        "is-it-safe-for-older-people",
        "what-the-side-effects-are",
    }
    for slug in set(claims) - {"compression-or-wedge-fracture"}:
        english = Wording.objects.get(question__slug=slug, language="en")
        hindi = Wording.objects.get(question__slug=slug, language="hi")
        assert "At our centre" in text_of(english.answer)
        assert "हमारे केंद्र में" in text_of(hindi.answer)


def test_the_questions_about_afterwards_show_the_card(loaded):
    flagged = Question.objects.filter(red_flags=True).values_list("slug", flat=True)
    assert set(flagged) == {"what-not-to-do-afterwards", "what-the-side-effects-are", "going-home-afterwards"}


def test_the_files_hold_clean_answers_with_both_languages():
    for path in content.files():
        for each in content.read(path)["questions"]:
            for name in ("answer", "answer_hi"):
                assert text_of(clean(each[name])).split() == text_of(each[name]).split()
            assert each["question"].endswith("?")
            assert each["question_hi"].endswith("?")
