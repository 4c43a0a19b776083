"""The fourteen questions as they ship, published, and found by the search."""

import tomllib
from pathlib import Path

import pytest

import faq
from faq.models import Question, Topic, Wording
from faq.search import entries, lay
from ipsc.history import SITE, save_as
from tests.factories import NOW

CONTENT = Path(faq.__file__).parent / "content" / "vertebral-augmentation.toml"


def make_topic(**fields) -> Topic:
    row = Topic(**({"title": "Topic", "slug": "topic", "published": True} | fields))
    save_as(row, by=SITE)
    return row


def make_question(
    topic: Topic, slug: str, *, texts: dict[str, tuple[str, str]], version: int = 1, **fields
) -> Question:
    """A question with a title and an answer for each language, published as `version`; 0 is a draft of the title."""
    row = Question(topic=topic, slug=slug, **fields)
    save_as(row, by=SITE)
    for language, (title, answer) in texts.items():
        words = {"title": title, "answer": answer, "version": version, "published_at": NOW}
        if not version:
            words = {"draft_title": title, "draft_answer": answer, "state": "draft", "drafted_at": NOW}
        save_as(Wording(question=row, language=language, **words), by=SITE)
    return row


@pytest.fixture
def fourteen(db) -> Topic:
    """All that a visitor can search on the first day."""
    given = tomllib.loads(CONTENT.read_text())
    topic = make_topic(**{name: given[name] for name in ("slug", "title", "title_hi")})
    for order, each in enumerate(given["questions"]):
        texts = {"en": (each["question"], each["answer"]), "hi": (each["question_hi"], each["answer_hi"])}
        make_question(topic, each["slug"], texts=texts, keywords=each["keywords"], order=order)
    lay.load()
    entries.write_all()
    return topic
