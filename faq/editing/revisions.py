"""What a text said before: every change of it, with who, when and why, and the way back."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from faq.editing.refusals import SavedMeanwhile
from faq.editing.writing import save_draft
from faq.models import CONTENT, Draft, Question, State, Wording
from ipsc.history import Actor
from ipsc.models import Picture
from ipsc.verbs import Refusal

MOST = 20


class NoSuchRevision(Refusal):
    words = _("This text is not in the history of this answer.")


@dataclass(frozen=True)
class Revision:
    """One change: `text` is what it was about, a draft or what was published; `before` what stood there until then."""

    id: int
    at: datetime
    by: str
    why: str
    event: str
    version: int
    text: Draft
    before: Draft


def revisions(wording: Wording) -> list[Revision]:
    """The latest MOST changes of a wording, newest first."""
    records = list(wording.history.order_by("-history_date", "-history_id")[: MOST + 1])
    found = []
    for place, record in enumerate(records[:MOST]):
        older = records[place + 1] if place + 1 < len(records) else None
        text = content_of(record, older)
        found.append(
            Revision(
                id=record.history_id,
                at=record.history_date,
                by=record.actor or str(_("the site")),
                why=record.history_change_reason or "",
                event=event_of(record, older),
                version=record.version,
                text=text,
                before=content_of(older, None) if older else Draft(),
            )
        )
    return found


def content_of(record, older) -> Draft:
    """What a record of the history is about: the draft where it has one, else what it published."""
    prefix = "" if record.state == State.NONE else "draft_"
    return Draft(**{name: getattr(record, f"{prefix}{name}") for name in CONTENT})


def event_of(record, older) -> str:
    """What was done, in a few words for staff."""
    before = older.version if older else 0
    if record.version > before:
        return str(_("published as version %(number)s") % {"number": record.version})
    if older is not None and older.published_at and not record.published_at:
        return str(_("taken back from the public"))
    if (
        older is not None
        and record.reviewed_on
        and (record.reviewed_on, record.reviewed_version)
        != (
            older.reviewed_on,
            older.reviewed_version,
        )
    ):
        return str(_("reviewed"))
    if record.state == State.REVIEW and (older is None or older.state != State.REVIEW):
        return str(_("sent to the doctor"))
    if record.state == State.NONE and older is not None and older.state != State.NONE:
        return str(_("draft thrown away"))
    return str(_("draft saved"))


def revert(*, question: Question, language: str, to: int, seen: int, by: Actor, now: datetime) -> Wording:
    """Make the text of a change, by the id of its record, the draft again. Nothing is published by that.

    :raises NoSuchRevision: there is none of this id.
    :raises SavedMeanwhile: the wording has been changed since it was read.
    """
    wording = Wording.objects.filter(question=question, language=language).first()
    if wording is None:
        raise NoSuchRevision
    record = wording.history.filter(history_id=to).first()
    text = content_of(record, None) if record else Draft()
    if not text.title:
        raise NoSuchRevision
    if wording.sequence != seen:
        raise SavedMeanwhile
    if text.picture_id and not Picture.objects.filter(pk=text.picture_id).exists():
        # Pictures that nothing points to are deleted after a day; the words are worth going back to all the same.
        text = replace(text, picture_id=None, picture_alt="")
    why = _("back to %(day)s") % {"day": f"{record.history_date:%Y-%m-%d %H:%M}"}
    return save_draft(question=question, language=language, draft=text, seen=seen, by=by, now=now, why=why)
