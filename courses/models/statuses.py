"""How an enrolment stands: its status, why it ended, its money, and where it came from."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """CONFIRMED, OFFERED, ATTENDED and ABSENT hold a seat; WAITING stands in the queue; CANCELLED is the end."""

    CONFIRMED = "confirmed", _("confirmed")
    OFFERED = "offered", _("place offered")
    WAITING = "waiting", _("waiting")
    CANCELLED = "cancelled", _("cancelled")
    ATTENDED = "attended", _("attended")
    ABSENT = "absent", _("did not come")


HOLDING = [Status.CONFIRMED, Status.OFFERED, Status.ATTENDED, Status.ABSENT]
ACTIVE = [*HOLDING, Status.WAITING]
# Those whose place is their own, whether or not the course is over.
SETTLED = [Status.CONFIRMED, Status.ATTENDED, Status.ABSENT]
MOMENTS = {
    Status.CONFIRMED: "confirmed_at",
    Status.OFFERED: "offered_at",
    Status.WAITING: "waiting_at",
    Status.CANCELLED: "cancelled_at",
    Status.ATTENDED: "attended_at",
    Status.ABSENT: "absent_at",
}


class End(models.TextChoices):
    """Why an enrolment has ended."""

    WITHDREW = "withdrew", _("withdrew")
    LEFT_QUEUE = "left_queue", _("left the waiting list")
    DECLINED_OFFER = "declined_offer", _("declined the offer")
    OFFER_ENDED = "offer_ended", _("the offer ended without an answer")
    UNPAID = "unpaid", _("was not paid in time")
    RUN_CANCELLED = "run_cancelled", _("the course was cancelled")
    BY_OFFICE = "by_office", _("ended by the course office")


class News(StrEnum):
    """The reason that a verb records with a change that is news to its doctor: by it the office knows whom to phone."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    ADMITTED = "admitted"
    MOVED = "moved"
    REVISED = "run revised"
    REINSTATED = "reinstated"


class Money(models.TextChoices):
    """How an enrolment stands with its fee; follows from `fee` and `paid` (see `courses.enrolment.money`)."""

    NONE = "none", _("nothing to pay")
    DUE = "due", _("to be paid")
    CLAIMED = "claimed", _("said to be paid")
    PAID = "paid", _("paid")
    REFUND_DUE = "refund_due", _("to be refunded")


class Source(models.TextChoices):
    ONLINE = "online", _("online")
    PHONE = "phone", _("by phone")
    IMPORT = "import", _("imported")
