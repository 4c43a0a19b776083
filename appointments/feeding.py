"""The calendar of a clinician by a secret address, to read and for nobody to change.

It holds time, service and reference of each visit and nothing of its patient: it lies in other people's programs, on
other people's machines. The address ends as soon as a manager renews it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from appointments.models import Appointment, Clinician
from ipsc import links
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

SALT = "clinician feed"
BEHIND = timedelta(days=30)
MOST = 2000


def feed_url(clinician: Clinician) -> str:
    """The whole address."""
    token = links.sign(SALT, clinician.public_id, clinician.feed_version)
    return settings.SITE_URL.rstrip("/") + reverse("appointments:feed", args=[token])


def clinician_of(token: str) -> Clinician | None:
    """The clinician of an address that is genuine and has not been renewed, while they work here."""
    link = links.read(SALT, token)
    if link is None:
        return None
    return Clinician.objects.filter(public_id=link.public_id, feed_version=link.version, active=True).first()


def visits(clinician: Clinician, now: datetime) -> list[Appointment]:
    """Their visits from 30 days ago on that hold time or did, the soonest first; at most 2,000. One query."""
    rows = Appointment.objects.filter(clinician=clinician, is_sample=False, starts_at__gte=now - BEHIND)
    ended = ("cancelled", "declined", "no_show")
    return list(rows.exclude(status__in=ended).select_related("service").order_by("starts_at", "pk")[:MOST])


@verb(refusals={})
def renew_feed(*, clinician: Clinician, by: Actor) -> Clinician:
    """End the address that there is and make another one."""
    clinician = Clinician.objects.select_for_update(no_key=True).get(pk=clinician.pk)
    clinician.feed_version += 1
    save_as(clinician, by=by, why="calendar address renewed", update_fields=["feed_version"])
    return clinician
