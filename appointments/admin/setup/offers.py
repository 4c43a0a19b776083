"""What patients would be offered now, service by service: the next free time, or why there is none."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from appointments.front.soonest import NextFree, Offers, offers, soonest_of
from appointments.models import Clinician, Service, WorkingHours
from ipsc import samples
from ipsc.models import ClinicSettings, Unanswered


@dataclass(frozen=True)
class Told:
    """A service, and its next free time or why it has none."""

    service: Service
    next_free: NextFree | None
    why: str = ""


def told_to_patients(*, now: datetime) -> list[Told]:
    """Every active service of the clinic's own; what is a sample is left out, as it is when the clinic is open."""
    releases = ClinicSettings.load().unanswered_requests == Unanswered.RELEASE
    with samples.hidden():
        offered = offers()
        free = soonest_of(offered, offered.services, now=now, release_unanswered=releases)
        working = set(WorkingHours.objects.shown().order_by().values_list("clinician_id", flat=True))
    return [
        Told(each, free.get(each.pk), "" if each.pk in free else _why_not(each, offered, working))
        for each in offered.services
    ]


def _why_not(service: Service, offered: Offers, working: set[int]) -> str:
    clinicians: list[Clinician] = offered.clinicians_of(service)
    if not clinicians:
        return _("Nobody offers it. Choose it on the page of a doctor.")
    if not any(each.pk in working for each in clinicians):
        return _("Nobody who offers it has working hours.")
    return _(
        "No time is free in the next %(days)s days. Look at the hours, at time off, and at how long before a visit"
        " it can still be booked (%(notice)s hours)."
    ) % {"days": service.horizon, "notice": service.notice}
