"""Every constraint of the questions' tables is violated once by plain rows, without verb or form in front.

`tests.appointments.test_constraints` looks whether one is missing here.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction

from faq.models import OldQuestionSlug, OldTopicSlug, Question, Topic, Vote, Wording
from ipsc.models import Picture
from ipsc.verbs import constraint_of
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)
CASES: list[tuple[str, Callable[[], object]]] = []


def topic(**fields) -> Topic:
    number = next(_numbers)
    return Topic.objects.create(**({"title": f"Topic {number}", "slug": f"topic-{number}"} | fields))


def question(**fields) -> Question:
    values = {"slug": f"question-{next(_numbers)}", "topic": fields.pop("topic", None) or topic()}
    return Question.objects.create(**(values | fields))


def wording(**fields) -> Wording:
    """Published, with a draft, not reviewed."""
    values = {"question": fields.pop("question", None) or question(), "language": "hi", "version": 2}
    values |= {"title": "A?", "answer": "<p>a</p>", "published_at": NOW}
    values |= {"draft_title": "B?", "state": "draft", "drafted_at": NOW}
    return Wording.objects.create(**(values | fields))


def reviewed(**fields) -> Wording:
    doctor = factories.clinician(services=[])
    values = {"reviewed_by": doctor, "reviewed_on": TODAY, "reviewed_version": 2}
    return wording(**(values | {"review_due_on": TODAY + timedelta(days=9)} | fields))


def vote(**fields) -> Vote:
    values = {"question": fields.pop("question", None) or question(), "browser": str(next(_numbers)), "language": "en"}
    return Vote.objects.create(**(values | {"version": 1, "helpful": False, "at": NOW} | fields))


def old_question_slug(**fields) -> OldQuestionSlug:
    row = question()
    return OldQuestionSlug.objects.create(**({"topic": row.topic, "question": row, "slug": "old"} | fields))


def picture() -> Picture:
    return Picture.objects.create(digest=f"{next(_numbers):064}", content=b"x", width=1, height=1)


def related_twice() -> None:
    row, other = question(), question()
    for _each in range(2):
        Question.related.through.objects.create(from_question=row, to_question=other)


def add(name: str, make: Callable[..., models.Model], **wrong) -> None:
    """Note an UPDATE that breaks `name`, on a row that is good so far."""

    def case():
        row = make()
        type(row).objects.filter(pk=row.pk).update(
            **{key: each() if callable(each) else each for key, each in wrong.items()}
        )

    CASES.append((name, case))


def twice(name: str, make: Callable[..., models.Model], *same: str) -> None:
    """Note a second row with the same values."""

    def case():
        row = make()
        make(**{key: getattr(row, key) for key in same})

    CASES.append((name, case))


twice("faq_topic.public_id", topic, "public_id")
twice("faq_topic.slug", topic, "slug")
add("topic_address", topic, slug="search")
add("topic_title", topic, title="")
twice("faq_question.public_id", question, "public_id")
CASES.append(("faq_question.source_key", lambda: question(source_key=question(source_key="k").source_key)))
twice("question_address_once", question, "topic", "slug")
add("question_address", question, slug="")
add("question_moments", question, publish_from=NOW.replace(year=1999))
add("question_public_span", question, publish_from=NOW, unpublish_at=NOW)
CASES.append(("faq_question_related.from_question_id,to_question_id", lambda: related_twice()))
twice("wording_once", wording, "question", "language")
add("wording_language", wording, language="fr", english_version=None)
add("wording_published_whole", wording, answer="")
add("wording_draft_whole", wording, draft_title="")
add("wording_picture_in_words", wording, picture=picture)
add("wording_review_whole", reviewed, reviewed_version=3)
add("wording_english_version", wording, language="en", english_version=1)
CASES.append(("faq_oldtopicslug.slug", lambda: [OldTopicSlug.objects.create(slug="old", topic=topic()) for _ in "ab"]))
twice("old_question_slug_once", old_question_slug, "topic")
twice("vote_once", vote, "question", "browser")
add("vote_reason_only_for_no", vote, helpful=True, text="but")
add("vote_reason", vote, reason="nonsense")


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_it_upholds(name, case):
    from tests.appointments.test_constraints import named

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        case()
    assert constraint_of(refused.value) == named(name)


MORE = [
    ("wording_published_whole", {"published_at": None}),
    ("wording_published_whole", {"version": 0}),
    ("wording_draft_whole", {"state": "none"}),
    ("wording_draft_whole", {"state": "else"}),
    ("wording_draft_whole", {"drafted_at": None}),
    ("wording_picture_in_words", {"draft_picture_alt": "nothing"}),
    ("wording_review_whole", {"reviewed_on": TODAY}),
]


@pytest.mark.parametrize(("name", "wrong"), MORE)
def test_it_upholds_every_side_of_a_rule(name, wrong):
    row = wording()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Wording.objects.filter(pk=row.pk).update(**wrong)
    assert constraint_of(refused.value) == name


def test_it_lets_good_rows_be():
    for row in (wording(), reviewed(), vote(reason="wrong", text="x"), vote(helpful=True), old_question_slug()):
        row.refresh_from_db()
    Wording.objects.create(question=question(), language="en")
    question(publish_from=NOW, unpublish_at=NOW + timedelta(seconds=1))


ROWS = {Topic: topic, Question: question, Wording: reviewed, Vote: vote}
