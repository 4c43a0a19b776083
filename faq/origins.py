"""What the address of the booking pages carries of the page that led there: an opaque id, no health detail (M2)."""

from collections.abc import Iterable

from faq.models import Question, Topic
from ipsc.origins import Origin, register

QUESTION, TOPIC = "q", "t"


def from_question(question: Question) -> str:
    return f"{QUESTION}-{question.public_id}"


def from_topic(topic: Topic) -> str:
    return f"{TOPIC}-{topic.public_id}"


def questions(ids: Iterable[str]) -> dict[str, Origin]:
    """What staff read of these questions, by their opaque ids."""
    rows = Question.objects.filter(public_id__in=list(ids)).select_related("topic").prefetch_related("wordings")
    return {row.public_id: Origin(str(row), row.get_absolute_url()) for row in rows}


def topics(ids: Iterable[str]) -> dict[str, Origin]:
    rows = Topic.objects.filter(public_id__in=list(ids))
    return {row.public_id: Origin(str(row), row.get_absolute_url()) for row in rows}


def announce() -> None:
    """Make both kinds known to the booking pages, when the site starts."""
    register(QUESTION, questions)
    register(TOPIC, topics)
