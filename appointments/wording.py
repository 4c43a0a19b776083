"""What a patient is told about the state of a booking."""

from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Status
from ipsc.history import PATIENT

HEADINGS = {
    Status.REQUESTED: _("We have your request"),
    Status.BOOKED: _("Your visit is booked"),
    Status.ARRIVED: _("You have arrived"),
    Status.IN_CONSULTATION: _("You are with the clinician"),
    Status.FULFILLED: _("This visit is over"),
    Status.NO_SHOW: _("You did not come to this visit"),
    Status.CANCELLED: _("This visit is cancelled"),
    Status.DECLINED: _("We could not confirm your request"),
}

EXPLANATIONS = {
    Status.FULFILLED: _("Thank you for coming."),
    Status.NO_SHOW: _("Your time was kept for you. If this is wrong, please tell us."),
    Status.CANCELLED: _("Please do not come at this time; it is no longer kept for you."),
    Status.DECLINED: _("Please do not come at this time; it is not kept for you. You may choose another one."),
}


def explanation(appointment: Appointment) -> str:
    """What the state means for the patient; nothing where the page says it at length."""
    if appointment.status == Status.CANCELLED and appointment.cancelled_by == PATIENT.label:
        return str(_("You have cancelled this visit. The time is no longer kept for you."))
    return str(EXPLANATIONS.get(Status(appointment.status), ""))
