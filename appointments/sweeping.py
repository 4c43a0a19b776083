"""What time alone brings about, done at intervals by `manage.py sweep`. No page depends on it having run."""

from datetime import datetime, timedelta

from appointments.booking import release_unanswered
from appointments.booking.choosing import lock_clinicians
from appointments.messages import FIND
from appointments.models import Appointment, BookingDraft
from ipsc.models import ClinicSettings, Message
from ipsc.verbs import verb

SEARCH_LIFE = timedelta(days=1)


@verb(refusals={})
def decline_unanswered(*, now: datetime) -> list[Appointment]:
    """Decline the requests that nobody answered in time, where the clinic has chosen so; return them."""
    # Clinicians first, as in every verb that touches their appointments.
    clinicians = lock_clinicians(Appointment.objects.unanswered(now).values_list("clinician", flat=True))
    return release_unanswered(now=now, settings=ClinicSettings.load(), clinicians=clinicians)


def forget_drafts(*, now: datetime) -> int:
    """Delete what was typed and not sent in time (rules B8 and P1); return how many attempts that were."""
    return BookingDraft.objects.filter(expires_at__lte=now).delete()[0]


def forget_searches(*, now: datetime) -> int:
    """Delete what strangers typed to find a booking, a day after it was looked up; return how many that were."""
    done = Message.objects.filter(kind=FIND.name, ended_at__lte=now - SEARCH_LIFE)
    return done.delete()[0]
