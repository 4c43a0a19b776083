"""What the office writes by WhatsApp, or says on the phone, where no message goes.

Course, dates and phone in the doctor's language; no link to the enrolment: the message leaves by somebody's own
telephone (rule M2).
"""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import messages
from courses.models import Enrolment, Status
from ipsc.dates import in_words
from ipsc.models import ClinicSettings
from ipsc.outbox import Kind, by_hand

NEWS: dict[Kind, Promise] = {
    messages.ENROLLED: gettext_lazy("You are enrolled in our course: %(course)s."),
    messages.WAITING: gettext_lazy("You are on the waiting list of our course: %(course)s."),
    messages.OFFERED: gettext_lazy(
        "A place has become free for you in our course: %(course)s. It is kept for you until %(until)s. Please call us "
        "if you want it."
    ),
    messages.OFFER_ENDED: gettext_lazy(
        "The time to take the place in our course is over, so it is not kept for you any more: %(course)s. Please "
        "call us if you still want to come."
    ),
    messages.MOVED: gettext_lazy("You have moved to other dates of our course: %(course)s."),
    messages.WITHDRAWN: gettext_lazy("Your enrolment in our course has ended: %(course)s."),
    messages.RUN_CHANGED: gettext_lazy(
        "Our course has changed. This is how it is now: %(course)s. Please call us if it does not suit you."
    ),
    messages.RUN_CANCELLED: gettext_lazy(
        "We are sorry: our course is cancelled: %(course)s. Please call us, and we will find another one for you."
    ),
}


def text(enrolment: Enrolment, kind: Kind, clinic: ClinicSettings) -> str:
    """The words for one doctor, in their language."""
    run = enrolment.run
    phone = clinic.course_phone or clinic.phone
    with translation.override(enrolment.language):
        course = f"{run.title or run.course.title}, {in_words(run.starts_at)}"
        until = in_words(enrolment.offer_ends_at) if enrolment.offer_ends_at else ""
        kinds = [kind]
        if kind == messages.RUN_CHANGED and enrolment.status == Status.OFFERED:
            kinds.append(messages.OFFERED)
        told = [_("Hello, this is %(clinic)s.") % {"clinic": clinic.name}]
        told += [str(NEWS[each]) % {"course": course, "until": until} for each in kinds]
        if phone:
            told.append(_("Our phone: %(phone)s") % {"phone": phone.as_international})
    return "\n".join(told)


def whatsapp_url(enrolment: Enrolment, kind: Kind, clinic: ClinicSettings) -> str:
    """The address that opens a chat with these words in it; nothing for a land line."""
    return by_hand.whatsapp_url(enrolment.phone, text(enrolment, kind, clinic))
