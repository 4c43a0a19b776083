"""What the public pages show: the published wordings, in the page's language or in the other one (rules F1, L1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from faq.models import Question, Topic, Wording

DRAFTS = ("draft_title", "draft_answer", "draft_sources", "draft_picture_alt")
# All that stands on a page; a title alone is enough for a link.
FULL = ("answer", "sources", "picture_alt")


@dataclass(frozen=True)
class Shown:
    """A question in the words in which it is shown; `language` is named only where it is not the page's."""

    question: Question
    wording: Wording
    language: str = ""

    @property
    def title(self) -> str:
        return self.wording.title


def topics(at: datetime) -> list[Topic]:
    """The topics with anything to read, each with its number of questions as `count`; in one query."""
    public = Question.objects.published(at)
    rows = Topic.objects.published().annotate(count=Count("questions", filter=Q(questions__in=public), distinct=True))
    return list(rows.filter(count__gt=0))


def find_topic(slug: str) -> Topic | None:
    rows = Topic.objects.published().select_related("service")
    return rows.filter(slug=slug).first() if "\0" not in slug else None


def answers(topic: Topic, *, language: str, at: datetime) -> list[Shown]:
    """All questions of a topic with their answers, in order; in one query."""
    return chosen(_full(Wording.objects.published(at).filter(question__topic=topic)), language)


def answer(topic_slug: str, slug: str, *, language: str, at: datetime) -> Shown | None:
    """One question with its answer, its topic and the service that the topic leads on to; in one query."""
    if "\0" in topic_slug + slug:
        return None
    rows = Wording.objects.published(at).filter(question__topic__slug=topic_slug, question__slug=slug)
    found = chosen(_full(rows).select_related("question__topic__service"), language)
    return found[0] if found else None


@dataclass(frozen=True)
class Neighbours:
    """Where to go on from a question; texts are left out, titles are there."""

    before: Shown | None
    after: Shown | None
    related: list[Shown]


def neighbours(shown: Shown, *, language: str, at: datetime) -> Neighbours:
    """The questions before and after one in its topic, and those related to it; in one query."""
    question = shown.question
    links = Question.related.through.objects.filter(from_question=question).values("to_question")
    near = Q(question__topic=question.topic_id) | Q(question__in=links)
    rows = Wording.objects.published(at).filter(near).select_related("question__topic").defer(*DRAFTS, *FULL)
    rows = rows.annotate(is_related=Q(question__in=links)).order_by("question__order", "question_id", "language")
    found = chosen(rows, language)
    row = [each for each in found if each.question.topic_id == question.topic_id]
    place = next((index for index, each in enumerate(row) if each.question == question), None)
    return Neighbours(
        before=row[place - 1] if place else None,
        after=row[place + 1] if place is not None and place + 1 < len(row) else None,
        related=[each for each in found if each.wording.is_related and each.question != question],  # type: ignore[attr-defined]
    )


def chosen(rows: Iterable[Wording], language: str) -> list[Shown]:
    """One wording for each question: in the page's language, else in the other, marked with it."""
    found: dict[int, Wording] = {}
    for row in rows:
        if row.question_id not in found or row.language == language:
            found[row.question_id] = row
    return [Shown(row.question, row, "" if row.language == language else row.language) for row in found.values()]


def _full(rows: QuerySet[Wording]) -> QuerySet[Wording]:
    rows = rows.select_related("question__topic", "reviewed_by", "picture")
    return rows.defer(*DRAFTS, "picture__content").order_by("question__order", "question_id", "language")


@dataclass(frozen=True)
class Reviewed:
    """What may truly be said of a review: `name` is empty where nobody has reviewed anything yet."""

    by: object = None
    on: date | None = None
    due_on: date | None = None
    is_overdue: bool = False
    is_older: bool = False  # the text has been changed since


def reviewed(wording: Wording, today: date) -> Reviewed:
    """The review of a wording as its page tells it."""
    if wording.reviewed_by is None:
        return Reviewed()
    return Reviewed(
        by=wording.reviewed_by,
        on=wording.reviewed_on,
        due_on=wording.review_due_on,
        is_overdue=wording.is_overdue(today),
        is_older=not wording.is_reviewed,
    )
