"""What reception writes by WhatsApp, or says on the phone, where no message goes.

Day, time, place and map in the patient's language; no link to the booking, no service, nothing of anybody's health
(rule M2): the message leaves by somebody's own telephone, and families share theirs.
"""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import messages
from appointments.models import Appointment
from ipsc.dates import in_words
from ipsc.models import ClinicSettings
from ipsc.outbox import Kind, by_hand
from ipsc.templatetags.ipsc import in_page_language

NEWS: dict[Kind, Promise] = {
    messages.REMINDER: gettext_lazy("This is a reminder of your visit: %(moment)s."),
    messages.BOOKED: gettext_lazy("Your visit is booked: %(moment)s."),
    messages.CONFIRMED: gettext_lazy("Your visit is confirmed: %(moment)s."),
    messages.MOVED: gettext_lazy("Your visit has a new time: %(moment)s."),
    messages.REQUESTED: gettext_lazy(
        "We have your request for a visit: %(moment)s. Please do not come before we have confirmed it."
    ),
    messages.CANCELLED: gettext_lazy(
        "We are sorry: your visit, %(moment)s, is cancelled. Please call us, and we will find another time."
    ),
    messages.DECLINED: gettext_lazy(
        "We are sorry: we cannot offer you the visit that you asked for, %(moment)s. Please call us, and we will find "
        "another time."
    ),
}
ENDS = (messages.CANCELLED, messages.DECLINED)


def text(appointment: Appointment, kind: Kind, clinic: ClinicSettings) -> str:
    """The words for one patient, in their language."""
    with translation.override(appointment.language):
        told = [
            _("Hello, this is %(clinic)s.") % {"clinic": clinic.name},
            str(NEWS[kind]) % {"moment": in_words(appointment.starts_at)},
        ]
        if kind not in ENDS and clinic.address:
            told.append(f"{_('Place')}: {' '.join(in_page_language(clinic, 'address')[0].split())}")
        if kind not in ENDS and clinic.map_url:
            told.append(clinic.map_url)
        if clinic.phone:
            told.append(_("Our phone: %(phone)s") % {"phone": clinic.phone.as_international})
    return "\n".join(told)


def whatsapp_url(appointment: Appointment, kind: Kind, clinic: ClinicSettings) -> str:
    """The address that opens a chat with these words in it; nothing for a land line."""
    return by_hand.whatsapp_url(appointment.phone, text(appointment, kind, clinic))
