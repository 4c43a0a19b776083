"""Why a booking cannot be made or changed, in words that may be shown, and the constraints that say the same."""

from django.utils.translation import gettext_lazy as _

from ipsc.verbs import Refusal


class BookingRefused(Refusal):
    """Base of all refusals of the booking verbs."""


class SlotTaken(BookingRefused):
    words = _("Another visit has that time. Please choose another one.")


class NotOnOffer(BookingRefused):
    words = _("That time is not on offer. Please choose another one.")


class ServiceNotOnOffer(BookingRefused):
    words = _("That visit cannot be booked online at the moment.")


class BookingClosed(BookingRefused):
    words = _("Online booking is closed at the moment.")


class TooManyBookings(BookingRefused):
    words = _("Many visits have been booked with this phone number or from this connection.")


class TooManySearches(BookingRefused):
    words = _("Many people have looked for a booking with this phone number or from this connection.")


class PatientElsewhere(BookingRefused):
    words = _("This patient already has an appointment at that time.")


class OutsideHours(BookingRefused):
    words = _("The clinician does not work at that time. Tick “outside working hours” if this is meant.")


class WrongStatus(BookingRefused):
    words = _("The appointment has changed meanwhile; look at it again before you go on.")


class TooEarly(BookingRefused):
    words = _("It is too early for that: the visit has not begun yet.")


class TooLate(BookingRefused):
    words = _("It is too late to change this visit online. Please call us.")


class AttemptUsed(BookingRefused):
    words = _("This form was already sent. Your visit is booked once.")


REFUSALS = {
    "appointment_clinician_free": SlotTaken,
    "appointment_patient_in_one_place": PatientElsewhere,
    "appointments_appointment_attempt_key": AttemptUsed,
}

# Random values: another draw is as good.
REDRAWN = frozenset({"appointments_appointment_reference_key", "appointments_appointment_public_id_key"})
