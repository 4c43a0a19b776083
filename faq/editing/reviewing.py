"""A doctor has read what is published and stands by it. Nothing is ever unpublished because nobody has."""

from datetime import date, datetime

from appointments.models import Clinician
from faq.editing.refusals import BadDates, NoDoctor, NotReviewable
from faq.editing.rights import demand_publisher
from faq.editing.writing import locked_wording, save
from faq.models import Question, Wording
from ipsc.dates import clinic_day
from ipsc.history import Actor
from ipsc.verbs import verb


@verb(refusals={})
def review(
    *,
    question: Question,
    language: str,
    version: int,
    reviewed_by: Clinician,
    on: date,
    due_on: date,
    by: Actor,
    now: datetime,
    why: str = "",
) -> Wording:
    """Record that this clinician has read this version and confirms it, and when it is to be read again.

    :raises MayNotPublish: `by` has not the right.
    :raises NotReviewable: another version is published, or none.
    :raises NoDoctor: the clinician is a sample (rule F3).
    :raises BadDates: the review lies in the future, or the next one is not after it.
    """
    demand_publisher(by)
    seen = Wording.objects.filter(question=question, language=language).values_list("sequence", flat=True).first()
    wording = locked_wording(question, language, seen or 0)
    if not wording.is_public_text or wording.version != version:
        raise NotReviewable
    if reviewed_by.is_sample:
        raise NoDoctor
    if on > clinic_day(now) or due_on <= on:
        raise BadDates
    wording.reviewed_by, wording.reviewed_on = reviewed_by, on
    wording.reviewed_version, wording.review_due_on = version, due_on
    save(wording, by=by, why=why or "reviewed")
    return wording
