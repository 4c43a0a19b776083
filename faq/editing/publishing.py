"""What becomes of a draft: sent to the doctor, published, or thrown away (rule F1)."""

from datetime import datetime

from faq import reminding
from faq.editing.refusals import AnswerMissing, NothingToPublish
from faq.editing.rights import demand_publisher
from faq.editing.writing import drop_draft, locked_wording, save, set_draft
from faq.models import CONTENT, Language, Question, State, Wording
from faq.search import entries
from ipsc.history import Actor
from ipsc.verbs import verb


def drafted(question: Question, language: str, seen: int) -> Wording:
    """The locked wording with the draft that was read.

    :raises SavedMeanwhile: it has been changed since.
    :raises NothingToPublish: it has none.
    :raises AnswerMissing: the draft is a question without an answer.
    """
    wording = locked_wording(question, language, seen)
    if not wording.has_draft:
        raise NothingToPublish
    if not wording.draft_answer:
        raise AnswerMissing
    return wording


@verb(refusals={})
def send_to_doctor(*, question: Question, language: str, seen: int, by: Actor, now: datetime, why: str = "") -> Wording:
    """Say that a draft is ready to be read; the doctor who looks after the question is told.

    :raises SavedMeanwhile, NothingToPublish, AnswerMissing: see `drafted`.
    """
    wording = drafted(question, language, seen)
    if wording.state != State.REVIEW:
        wording.state = State.REVIEW
        save(wording, by=by, why=why)
        reminding.tell_of_draft(wording, by=by, now=now)
    return wording


@verb(refusals={})
def publish(
    *,
    question: Question,
    language: str,
    seen: int,
    by: Actor,
    now: datetime,
    why: str = "",
    follows_english: bool = True,
) -> Wording:
    """Make the draft the text that the public reads. A review of the text before does not hold for this one.

    With `follows_english` a Hindi text is recorded as saying what the English one says now.

    :raises MayNotPublish: `by` has not the right.
    :raises SavedMeanwhile, NothingToPublish, AnswerMissing: see `drafted`.
    """
    demand_publisher(by)
    wording = drafted(question, language, seen)
    for name in CONTENT:
        setattr(wording, name, getattr(wording, f"draft_{name}"))
    drop_draft(wording)
    wording.version += 1
    wording.published_at = now
    if language == Language.HINDI and follows_english:
        wording.english_version = english_version(question)
    save(wording, by=by, why=why)
    entries.write([question.pk])
    return wording


def english_version(question: Question) -> int | None:
    """The version of the English text that is published now; None without one."""
    rows = Wording.objects.filter(question=question, language=Language.ENGLISH, published_at__isnull=False)
    return rows.values_list("version", flat=True).first()


@verb(refusals={})
def discard(*, question: Question, language: str, seen: int, by: Actor, now: datetime, why: str = "") -> Wording:
    """Throw the draft away; its history keeps it.

    :raises SavedMeanwhile: the wording has been changed since it was read.
    :raises NothingToPublish: there is no draft.
    """
    wording = locked_wording(question, language, seen)
    if not wording.has_draft:
        raise NothingToPublish
    drop_draft(wording)
    save(wording, by=by, why=why)
    return wording


@verb(refusals={})
def withdraw_text(*, question: Question, language: str, seen: int, by: Actor, now: datetime, why: str = "") -> Wording:
    """Take a published text back at once; it becomes the draft, unless there is one. A review of it ends with it.

    :raises MayNotPublish: `by` has not the right.
    :raises SavedMeanwhile: the wording has been changed since it was read.
    :raises NothingToPublish: nothing is published.
    """
    demand_publisher(by)
    wording = locked_wording(question, language, seen)
    if not wording.is_public_text:
        raise NothingToPublish
    if not wording.has_draft:
        set_draft(wording, wording.published, state=State.DRAFT, by=by, now=now)
    for name in CONTENT:
        setattr(wording, name, None if name == "picture_id" else "")
    wording.published_at = wording.english_version = None
    wording.reviewed_by = wording.reviewed_on = wording.reviewed_version = wording.review_due_on = None
    save(wording, by=by, why=why)
    entries.write([question.pk])
    return wording
