"""The verbs in the words of the desk: what a button says, and what a refusal says to staff."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking import STEPS, too_early
from appointments.models import Appointment, Status
from appointments.refusals import BookingRefused, NotOnOffer, ServiceNotOnOffer, SlotTaken
from ipsc.dates import clinic_day

LABELS: dict[tuple[Status, Status], Promise] = {
    (Status.REQUESTED, Status.BOOKED): _("Confirm"),
    (Status.REQUESTED, Status.DECLINED): _("Decline"),
    (Status.BOOKED, Status.ARRIVED): _("Has arrived"),
    (Status.BOOKED, Status.NO_SHOW): _("Did not come"),
    (Status.ARRIVED, Status.IN_CONSULTATION): _("Goes in"),
    (Status.ARRIVED, Status.BOOKED): _("Undo: has not arrived"),
    (Status.ARRIVED, Status.NO_SHOW): _("Left before the visit"),
    (Status.IN_CONSULTATION, Status.FULFILLED): _("Visit is over"),
    (Status.IN_CONSULTATION, Status.ARRIVED): _("Undo: still waiting"),
    (Status.FULFILLED, Status.IN_CONSULTATION): _("Undo: visit is not over"),
    (Status.NO_SHOW, Status.BOOKED): _("Undo: may still come"),
    (Status.NO_SHOW, Status.ARRIVED): _("Came after all"),
    (Status.CANCELLED, Status.BOOKED): _("Undo: book it again"),
    (Status.DECLINED, Status.BOOKED): _("Undo: book it after all"),
}
# The one step that comes next in the ordinary course of a day.
ONWARD = {
    Status.REQUESTED: Status.BOOKED,
    Status.BOOKED: Status.ARRIVED,
    Status.ARRIVED: Status.IN_CONSULTATION,
    Status.IN_CONSULTATION: Status.FULFILLED,
}
CANCELLABLE = (Status.REQUESTED, Status.BOOKED, Status.ARRIVED)
MOVABLE = (Status.REQUESTED, Status.BOOKED)

# Where the public's words would not help a receptionist.
FOR_STAFF: dict[type[BookingRefused], Promise] = {
    SlotTaken: _("Another visit is at that time. Choose another time, or squeeze this one in and say why."),
    NotOnOffer: _("That day lies too far away. Choose a day within two years."),
    ServiceNotOnOffer: _("This service or clinician is not on offer any more. Choose another one."),
}
TAKEN_MEANWHILE = _("Another visit has this time by now. Move that one, or book this patient at another time.")


@dataclass(frozen=True)
class Step:
    """A button: `go` is what it sends."""

    to: Status
    label: Promise
    go: str
    is_onward: bool
    asks_why: bool


def steps(appointment: Appointment, now: datetime) -> list[Step]:
    """What may become of this visit now, the ordinary next thing first."""
    status = Status(appointment.status)
    return [
        Step(
            to=to,
            label=LABELS[status, to],
            go=f"{to.value}:{appointment.sequence}",
            is_onward=ONWARD.get(status) == to,
            asks_why=to == Status.DECLINED,
        )
        for to in STEPS[status]
        if not too_early(appointment, to, now)
    ]


def onward(appointment: Appointment, now: datetime) -> Step | None:
    """The next thing in the ordinary course, where its time has come: nobody arrives on another day."""
    if appointment.status != Status.REQUESTED and clinic_day(appointment.starts_at) != clinic_day(now):
        return None
    return next((step for step in steps(appointment, now) if step.is_onward), None)


def read(go: str) -> tuple[Status | None, int]:
    """The status and the version that a button has sent; None where no button sends such a thing."""
    to, _colon, sequence = go.partition(":")
    if to not in Status.values or not (sequence.isascii() and sequence.isdigit() and len(sequence) < 10):
        return None, -1
    return Status(to), int(sequence)


def words(refusal: BookingRefused) -> str:
    return str(FOR_STAFF.get(type(refusal)) or refusal)
