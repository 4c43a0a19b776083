"""What the search knows of a question, and how the counters of words keep up."""

import io
from collections import Counter

import pytest
from django.core.management import call_command

from faq.models import Question, SearchEntry, SearchWord
from faq.search import entries
from faq.search.finding import find
from ipsc.history import SITE, save_as
from tests.factories import NOW
from tests.faq.search.conftest import make_question, make_topic

pytestmark = pytest.mark.django_db

ENGLISH = {"en": ("What is a stent?", "<p>A tube of <strong>metal</strong>.</p><p>It stays.</p>")}


@pytest.fixture
def topic():
    return make_topic()


def counted() -> dict[str, tuple[int, int]]:
    return {row.word: (row.entries, row.shown) for row in SearchWord.objects.all()}


def recounted() -> dict[str, tuple[int, int]]:
    """The same from the entries themselves."""
    every: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for entry in SearchEntry.objects.all():
        every.update(entry.words.keys())
        shown.update(word for word, seen in entry.words.items() if seen)
    return {word: (every[word], shown[word]) for word in every}


def finds(text: str) -> list[str]:
    return [hit.question.slug for hit in find(text, language="en", at=NOW).hits]


def test_it_keeps_the_plain_words_of_a_published_text(topic):
    question = make_question(topic, "stent", texts=ENGLISH, keywords="tube, जाली")
    assert entries.write([question.pk]) == 1
    entry = question.search_entry
    assert (entry.title_en, entry.body_en, entry.title_hi) == ("What is a stent?", "A tube of metal. It stays.", "")
    assert entry.words == {"stent": 1, "tube": 1, "metal": 1, "stays": 1, "जाली": 0}
    assert counted() == recounted()


def test_it_knows_nothing_of_a_draft(topic):
    question = make_question(topic, "secret", texts={"en": ("A secret stent?", "<p>Hush.</p>")}, version=0)
    assert entries.write([question.pk]) == 0
    assert not SearchEntry.objects.exists()
    assert not SearchWord.objects.exists()


def test_it_knows_only_the_language_that_is_published(topic):
    question = make_question(topic, "stent", texts=ENGLISH)
    draft = {"draft_title": "स्टेंट", "draft_answer": "<p>नली</p>", "state": "draft", "drafted_at": NOW}
    save_as(question.wordings.model(question=question, language="hi", **draft), by=SITE)
    entries.write([question.pk])
    assert (question.search_entry.title_hi, question.search_entry.body_hi) == ("", "")


def test_it_follows_a_change_word_by_word(topic):
    question = make_question(topic, "stent", texts=ENGLISH, keywords="tube")
    other = make_question(topic, "tube", texts={"en": ("A tube?", "<p>Of metal.</p>")})
    entries.write([question.pk, other.pk])
    assert counted()["tube"] == (2, 2)
    wording = question.wordings.get()
    wording.answer = "<p>Plastic.</p>"
    save_as(wording, by=SITE)
    entries.write([question.pk])
    assert counted() == recounted()
    assert counted()["tube"] == (2, 1)
    assert counted()["metal"] == (1, 1)
    assert "stays" not in counted()


def test_it_changes_nothing_when_nothing_has_changed(topic):
    question = make_question(topic, "stent", texts=ENGLISH)
    entries.write([question.pk])
    before = counted()
    entries.write([question.pk])
    assert counted() == before


def test_it_forgets_a_question_that_is_taken_back_or_deleted(topic):
    question = make_question(topic, "stent", texts=ENGLISH)
    other = make_question(topic, "other", texts=ENGLISH)
    entries.write([question.pk, other.pk])
    question.wordings.all().delete()
    assert entries.write([question.pk]) == 0
    assert counted() == recounted()
    entries.forget([other.pk])
    assert not SearchWord.objects.exists()
    assert not SearchEntry.objects.exists()


def test_it_rolls_back_with_what_caused_it(topic):
    from django.db import transaction

    question = make_question(topic, "stent", texts=ENGLISH)
    with transaction.atomic():
        entries.write([question.pk])
        transaction.set_rollback(True)
    assert not SearchEntry.objects.exists()
    assert not SearchWord.objects.exists()


def test_it_costs_as_many_queries_however_many_questions_there_are(topic, django_assert_num_queries):
    for number in range(3):
        make_question(topic, f"stent-{number}", texts=ENGLISH)
    entries.write_all()
    ids = list(Question.objects.values_list("pk", flat=True))
    # Savepoint and its release, lock, entry before, question, its wordings, what is no longer there, entry, counters.
    with django_assert_num_queries(9):
        entries.write(ids[:1])
    with django_assert_num_queries(9):
        entries.write(ids)


def test_it_makes_everything_again(fourteen):
    right = counted()
    SearchWord.objects.filter(word="cement").update(entries=400)
    SearchWord.objects.filter(word="spine").delete()
    SearchEntry.objects.earliest("pk").delete()
    out = io.StringIO()
    call_command("index_faq", stdout=out)
    assert out.getvalue() == f"Questions that can be searched: 14; different words: {len(right)}.\n"
    assert counted() == recounted() == right


def test_it_finds_a_new_text_at_once_and_an_old_one_no_more(topic):
    question = make_question(topic, "stent", texts=ENGLISH)
    entries.write([question.pk])
    assert finds("metal") == ["stent"]
    wording = question.wordings.get()
    wording.answer = "<p>Plastic.</p>"
    save_as(wording, by=SITE)
    entries.write([question.pk])
    assert finds("metal") == []
    assert finds("plastics") == ["stent"]


def test_it_lets_nothing_into_a_text_that_marks_extracts(topic):
    texts = {"en": ("A \x02stent\x03?", "<p>metal\x02tube\x00</p>")}
    texts = {"en": (texts["en"][0], texts["en"][1].replace("\x00", ""))}
    question = make_question(topic, "stent", texts=texts)
    entries.write([question.pk])
    assert question.search_entry.title_en == "A stent ?"
    assert question.search_entry.body_en == "metaltube"
