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
ENDS = {
    End.WITHDREW: _("You have withdrawn. Your place has gone to somebody else, or is free."),
    End.LEFT_QUEUE: _("You have left the waiting list."),
    End.DECLINED_OFFER: _("You have declined the place that was offered to you."),
    End.OFFER_ENDED: _("The time to accept the place that was offered to you is over, so it is not kept any more."),
    End.UNPAID: _("Your place was not paid in time. It has gone to somebody else, or is free."),
    End.RUN_CANCELLED: _("The course has been cancelled. We are sorry."),
    End.BY_OFFICE: _("Our course office has ended this enrolment. If you do not know why, please ask us."),
}


def has_lapsed(enrolment: Enrolment, now: datetime) -> bool:
    """Whether this is an offer whose time is over, though nobody has looked since (rule C2)."""
    ends_at = enrolment.offer_ends_at
    return enrolment.status == Status.OFFERED and ends_at is not None and ends_at <= now


def heading(enrolment: Enrolment, now: datetime) -> str:
    status = Status.CANCELLED if has_lapsed(enrolment, now) else Status(enrolment.status)
    return str(HEADINGS[status])


def explanation(enrolment: Enrolment, now: datetime) -> str:
    """Why it has ended; nothing while it has not."""
    if has_lapsed(enrolment, now):
        return str(ENDS[End.OFFER_ENDED])
    if enrolment.end in (End.WITHDREW, End.LEFT_QUEUE) and enrolment.cancelled_by != DOCTOR.label:
        return str(ENDS[End.BY_OFFICE])
    return str(ENDS[End(enrolment.end)]) if enrolment.end else ""
