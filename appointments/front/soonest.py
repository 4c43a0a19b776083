"""The next free start, for the home page, for clinicians and for treatments (rule B3)."""

from dataclasses import dataclass
from datetime import datetime

from appointments import diaries
from appointments.diary import Slot, openings_in
from appointments.models import Clinician, Service
from ipsc.dates import clinic_day


@dataclass(frozen=True)
class NextFree:
    """The soonest start of a service."""

    service: Service
    slot: Slot


@dataclass(frozen=True)
class Offers:
    """All that the public may see: clinicians with their services, each in the order of the site."""

    services: list[Service]
    clinicians: list[Clinician]
    services_of: dict[int, list[Service]]

    def clinicians_of(self, service: Service) -> list[Clinician]:
        return [each for each in self.clinicians if service in self.services_of[each.pk]]


def offers() -> Offers:
    """Read them, in three queries."""
    services = list(Service.objects.public())
    clinicians = list(Clinician.objects.public().pictured())
    links = Clinician.services.through.objects.values_list("clinician_id", "service_id")
    linked = set(links)
    services_of = {each.pk: [row for row in services if (each.pk, row.pk) in linked] for each in clinicians}
    return Offers(services, clinicians, services_of)


def soonest(offered: Offers, *, now: datetime, release_unanswered: bool) -> NextFree | None:
    """The next free start of the first service, in the order of the site, that has any: what most people look for."""
    found = _fetch(offered.clinicians, offered.services, now, release_unanswered)
    for service in offered.services:
        if slots := openings_in(found, service, offered.clinicians_of(service), now=now).soonest(1):
            return NextFree(service, slots[0])
    return None


def soonest_of(
    offered: Offers, services: list[Service], *, now: datetime, release_unanswered: bool
) -> dict[int, NextFree]:
    """The next free start of each of these services, by the service's id, in four queries whatever their number."""
    found = _fetch(offered.clinicians, services, now, release_unanswered)
    answer = {}
    for service in services:
        if slots := openings_in(found, service, offered.clinicians_of(service), now=now).soonest(1):
            answer[service.pk] = NextFree(service, slots[0])
    return answer


def soonest_with(offered: Offers, *, now: datetime, release_unanswered: bool) -> dict[int, NextFree]:
    """The next free start with each clinician, by the clinician's id, of the first of their services that has any."""
    found = _fetch(offered.clinicians, offered.services, now, release_unanswered)
    answer = {}
    for clinician in offered.clinicians:
        for service in offered.services_of[clinician.pk]:
            if slots := openings_in(found, service, [clinician], now=now).soonest(1):
                answer[clinician.pk] = NextFree(service, slots[0])
                break
    return answer


def _fetch(clinicians: list[Clinician], services: list[Service], now: datetime, release_unanswered: bool):
    return diaries.fetch(
        [each.pk for each in clinicians],
        now=now,
        first_day=clinic_day(now),
        days=max((each.horizon for each in services), default=1),
        release_unanswered=release_unanswered,
    )
