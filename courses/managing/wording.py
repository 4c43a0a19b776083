"""What a doctor is told about the state of an enrolment."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from courses.models import End, Enrolment, Status
from ipsc.history import DOCTOR

HEADINGS = {
    Status.CONFIRMED: _("You are enrolled"),
    Status.OFFERED: _("A place is offered to you"),
    Status.WAITING: _("You are on the waiting list"),
    Status.CANCELLED: _("You are not enrolled any more"),
    Status.ATTENDED: _("You have taken part"),
    Status.ABSENT: _("You did not take part"),
}
OFF_THE_LIST = _("You are no longer on the waiting list")
NO_PLACE = _("No place has become free for you")
CLOSED = _(
    "Enrolment has closed, so no more places are offered here. If one becomes free all the same, our course office may "
    "call you. There is nothing to pay."
)
OVER = _("The course has begun. There is nothing to pay.")
ENDS = {
    End.WITHDREW: _("You have withdrawn. Your place has gone to somebody else, or is free."),
    End.LEFT_QUEUE: _("You have left the waiting list."),
    End.DECLINED_OFFER: _("You have declined the place that was offered to you."),
    End.OFFER_ENDED: _("The time to accept the place that was offered to you is over, so it is not kept any more."),
    End.UNPAID: _("Your place was not paid in time. It has gone to somebody else, or is free."),
    End.RUN_CANCELLED: _("The course has been cancelled. We are sorry."),
    End.BY_OFFICE: _("Our course office has ended this enrolment. If you do not know why, please ask us."),
}


def is_left_out(enrolment: Enrolment, now: datetime) -> bool:
    """Whether they wait for a course that offers nobody a place any more (rule C2)."""
    return enrolment.status == Status.WAITING and now >= enrolment.run.closes_at


def heading(enrolment: Enrolment, now: datetime) -> str:
    if is_left_out(enrolment, now):
        return str(NO_PLACE)
    ended = enrolment.status == Status.CANCELLED or enrolment.has_lapsed(now)
    if ended and enrolment.confirmed_at is None and enrolment.end != End.RUN_CANCELLED:
        # Whoever has only waited has never been enrolled.
        return str(OFF_THE_LIST)
    return str(HEADINGS[Status.CANCELLED if ended else Status(enrolment.status)])


def explanation(enrolment: Enrolment, now: datetime) -> str:
    """Why it has ended, or will not come to a place; nothing else."""
    if is_left_out(enrolment, now):
        return str(OVER if now >= enrolment.run.starts_at else CLOSED)
    if enrolment.has_lapsed(now):
        return str(ENDS[End.OFFER_ENDED])
    if enrolment.end in (End.WITHDREW, End.LEFT_QUEUE) and enrolment.cancelled_by != DOCTOR.label:
        return str(ENDS[End.BY_OFFICE])
    return str(ENDS[End(enrolment.end)]) if enrolment.end else ""
