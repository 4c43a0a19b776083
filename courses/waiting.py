"""Why nobody has been offered a place: a pure function for the roster of a run (rule C2)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courses.models import CourseRun, RunState
from ipsc.dates import in_words


@dataclass(frozen=True)
class Why:
    """The reason in words; `may_offer` is whether a look at the run would offer a place now."""

    words: str
    may_offer: bool = False


def why_nobody_is_offered(run: CourseRun, *, waiting: int, offer_ends_at: datetime | None, now: datetime) -> Why:
    """Explain the queue of a run: `waiting` people, and the end of the open offer that ends first, if there is one."""
    if offer_ends_at and offer_ends_at <= now:
        return Why(_("The time of an offer is over; the place goes on at the next look."), may_offer=True)
    if not waiting:
        return Why(_("Nobody waits."))
    if run.state == RunState.DRAFT:
        return Why(_("The run is a draft."))
    if run.state == RunState.CANCELLED:
        return Why(_("The run is cancelled."))
    if now >= run.starts_at:
        return Why(_("The course has begun."))
    if now >= run.closes_at:
        closed = in_words(run.closes_at)
        return Why(_("Enrolment closed %(moment)s. No offer is made after that.") % {"moment": closed})
    if run.seats_taken < run.capacity:
        return Why(_("A place is free. It is offered at the next look."), may_offer=True)
    if offer_ends_at:
        ends = in_words(offer_ends_at)
        return Why(_("No place is free; one is offered to somebody until %(moment)s.") % {"moment": ends})
    return Why(_("No place is free."))
