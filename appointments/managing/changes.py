"""What a patient may still do with a booking of theirs: pure, for pages (rules B6 and B7). The verbs look once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import Appointment, Status
from ipsc.dates import in_words, start_of_day
from ipsc.models import ClinicSettings

SMALL_HOURS = 4


@dataclass(frozen=True)
class Changes:
    """What is open to the patient at one moment. `too_late` says that only the notice stands in the way."""

    coming: bool
    move: bool
    cancel: bool
    too_late: bool


def changes(appointment: Appointment, now: datetime) -> Changes:
    """What may be done with this booking now. Once the patient is here, the people at the desk do it."""
    status = Status(appointment.status)
    waits = status in (Status.REQUESTED, Status.BOOKED) and now < appointment.starts_at
    in_time = waits and now < appointment.change_until
    return Changes(
        coming=waits and status == Status.BOOKED and appointment.coming_at is None,
        move=in_time,
        cancel=in_time,
        too_late=waits and not in_time,
    )


def limit_in_words(moment: datetime) -> str:
    """Until when something may be done. Of a limit in the small hours, the evening before: “Wednesday, 12:00 am” is
    read as the end of Wednesday, and in Hindi as its night."""
    local = timezone.localtime(moment)
    if local.hour < SMALL_HOURS:
        moment = start_of_day(local.date()) - timedelta(minutes=1)
    return in_words(moment)


def whatsapp_url(appointment: Appointment, clinic: ClinicSettings, place: str) -> str:
    """A link that shares time and place with the family: no link to the booking, no service, no name (rule M2)."""
    when = _("Visit to %(clinic)s: %(moment)s") % {"clinic": clinic.name, "moment": in_words(appointment.starts_at)}
    text = "\n".join(filter(None, [when, place, clinic.map_url]))
    return f"https://wa.me/?text={quote(text, safe='')}"
