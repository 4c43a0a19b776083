"""By which ways a patient can be told something, as things are: what is not set up is not promised (rule M2)."""

from django.conf import settings
from phonenumbers import PhoneNumberType, number_type

from appointments.models import Appointment
from ipsc import sms
from ipsc.models import Channel
from ipsc.outbox import Kind

MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
# The registered texts are those of Indian carriers; they go to no other country.
INDIA = 91


def ways(appointment: Appointment, kind: Kind) -> list[tuple[Channel, str]]:
    """The channels by which a kind of message goes to the patient of a visit, each with address or number."""
    found = []
    if settings.SENDS_EMAIL and appointment.email:
        found.append((Channel.EMAIL, appointment.email))
    if texts(appointment, kind):
        found.append((Channel.SMS, appointment.phone.as_e164))
    return found


def texts(appointment: Appointment, kind: Kind) -> bool:
    """Whether an SMS of this kind can go to the patient, in the patient's language."""
    phone = appointment.phone
    return bool(
        sms.is_set_up()
        and sms.registered(kind.name, appointment.language)
        and phone
        and phone.country_code == INDIA
        and number_type(phone) in MOBILE
    )
