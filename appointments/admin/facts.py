"""What the desk sees of an appointment at a glance, in the list and on its page."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Appointment, Status
from ipsc import origins
from ipsc.dates import clinic_day, short_day, time_of_day
from ipsc.origins import Origin

NEEDS = {
    "needs_wheelchair": gettext_lazy("wheelchair"),
    "needs_no_long_sitting": gettext_lazy("cannot sit long"),
    "needs_attendant": gettext_lazy("attendant"),
    "needs_woman_present": gettext_lazy("woman present"),
}


def needs(appointment: Appointment) -> list[str]:
    """What to have ready, in a word each."""
    found = [str(word) for name, word in NEEDS.items() if getattr(appointment, name)]
    return found + ([appointment.needs_language] if appointment.needs_language else [])


def age(appointment: Appointment) -> int | None:
    """Years at the visit, from the birth date where there is one."""
    born, day = appointment.born_on, clinic_day(appointment.starts_at)
    if born:
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return appointment.age_years


def short_moment(moment: datetime) -> str:
    """Thu 26 Nov, 10:30 am."""
    return f"{short_day(clinic_day(moment))}, {time_of_day(moment)}"


def badge(appointment: Appointment) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', appointment.status, appointment.get_status_display())


def answer_by(appointment: Appointment, now: datetime) -> SafeString:
    """Until when the patient was told to have an answer; nothing unless one is due."""
    if appointment.status != Status.REQUESTED or appointment.answer_by_at is None:
        return SafeString("")
    late = appointment.answer_by_at <= now
    words = _("answer overdue since %(moment)s") if late else _("answer by %(moment)s")
    told = words % {"moment": short_moment(appointment.answer_by_at)}
    return format_html('<span class="{}">{}</span>', "overdue" if late else "quiet", told)


def coming(appointment: Appointment) -> SafeString:
    """That the patient says they are coming; nothing where they have not, or are past that."""
    if appointment.status != Status.BOOKED or appointment.coming_at is None:
        return SafeString("")
    return format_html(' <span class="quiet">{}</span>', _("says they are coming"))


def origin(appointment: Appointment) -> Origin | None:
    """The page from which the booking began; None where it began at none that tells anything, or that is gone."""
    return origins.described([appointment.came_from]).get(appointment.came_from)


def alarm(row) -> SafeString:
    """The mark of what somebody typed that may be an emergency (rule F2); nothing where no such words were found."""
    if not row.red_flags:
        return SafeString("")
    return format_html(
        ' <span class="need need-alarm" title="{}">{}</span>', row.red_flags, _("may be an emergency: read the reason")
    )


def phone_link(phone) -> SafeString:
    if not phone:
        return SafeString("")
    return format_html('<a href="tel:{}" class="phone">{}</a>', phone.as_e164, phone.as_international)
