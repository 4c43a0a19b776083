"""Drafts: written beside what is published, never over it (rule F1)."""

from dataclasses import replace
from datetime import datetime

from faq.editing.refusals import SavedMeanwhile
from faq.html import clean
from faq.models import CONTENT, Draft, Question, State, Wording
from ipsc.history import Actor, save_as
from ipsc.verbs import verb


def locked_wording(question: Question, language: str, seen: int) -> Wording:
    """The wording, its question locked; a new one where there is none yet.

    `seen` is the `sequence` of the wording that whoever asks has read, 0 for none.

    :raises SavedMeanwhile: somebody has changed it since.
    """
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    found = Wording.objects.filter(question=question, language=language).first()
    wording = found or Wording(question=question, language=language)
    if wording.sequence != seen:
        raise SavedMeanwhile
    return wording


def set_draft(wording: Wording, draft: Draft, *, state: str, by: Actor, now: datetime) -> None:
    """Put a text beside the published one, unsaved."""
    for name in CONTENT:
        setattr(wording, f"draft_{name}", getattr(draft, name))
    wording.state, wording.drafted_at, wording.drafted_by = state, now, by.label


def drop_draft(wording: Wording) -> None:
    """Leave nothing beside the published text, unsaved."""
    for name in CONTENT:
        setattr(wording, f"draft_{name}", None if name == "picture_id" else "")
    wording.state, wording.drafted_at, wording.drafted_by = State.NONE, None, ""


def save(wording: Wording, *, by: Actor, why: str) -> None:
    """Save one more change of a wording, and who made it."""
    wording.sequence += 1
    save_as(wording, by=by, why=why)


@verb(refusals={"wording_once": SavedMeanwhile})
def save_draft(
    *, question: Question, language: str, draft: Draft, seen: int, by: Actor, now: datetime, why: str = ""
) -> Wording:
    """Keep a text as the draft of this language. Its answer is cleaned here, whoever has sent it.

    One that says what is published already is no draft and ends the one there was.

    :raises SavedMeanwhile: the wording is not the one with the `sequence` that was `seen`.
    """
    wording = locked_wording(question, language, seen)
    draft = replace(draft, title=" ".join(draft.title.split()), answer=clean(draft.answer))
    if draft == wording.draft and wording.has_draft:
        return wording
    if wording.is_public_text and draft == wording.published:
        if not wording.has_draft:
            return wording
        drop_draft(wording)
    else:
        set_draft(wording, draft, state=State.DRAFT, by=by, now=now)
    save(wording, by=by, why=why)
    return wording
