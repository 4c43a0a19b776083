"""Loading the first content, once (rule F3)."""

from dataclasses import dataclass

from appointments.models import Clinician, Service, WorkingHours
from appointments.samples.content import CLINICIANS, SERVICES, hours_of
from ipsc.history import SITE, acting, save_as
from ipsc.models import ClinicSettings
from ipsc.sampling import FIRST_CONTENT, one_at_a_time, refuse_in_production
from ipsc.verbs import verb


@dataclass(frozen=True)
class Loaded:
    """What a load has made; nothing where there was content already."""

    services: int = 0
    clinicians: int = 0
    hours: int = 0
    opened: bool = False

    def __str__(self) -> str:
        if not self.services:
            text = "Nothing loaded: there is content already."
        else:
            text = (
                f"Loaded samples: {self.services} services, {self.clinicians} clinicians, {self.hours} working hours."
            )
        return text + (" Online booking is open." if self.opened else "")


@verb(refusals={})
def load() -> Loaded:
    """Load the samples if there is neither a service nor a clinician, and open booking if nobody has settings yet.

    :raises NoSamplesHere: in production.
    """
    refuse_in_production()
    one_at_a_time()
    opened = _open_booking()
    if Service.objects.exists() or Clinician.objects.exists():
        return Loaded(opened=opened)
    services = _services()
    hours = sum(_clinician(place, values, services) for place, values in enumerate(CLINICIANS, start=1))
    return Loaded(services=len(services), clinicians=len(CLINICIANS), hours=hours, opened=opened)


def _open_booking() -> bool:
    if ClinicSettings.objects.exists():
        return False
    save_as(ClinicSettings(pk=1, online_booking_open=True), by=SITE, why=FIRST_CONTENT, force_insert=True)
    return True


def _services() -> dict[str, Service]:
    made = {}
    for place, values in enumerate(SERVICES, start=1):
        made[values["slug"]] = row = Service(**values, order=place * 10, is_sample=True)
        save_as(row, by=SITE, why=FIRST_CONTENT)
    return made


def _clinician(place: int, values: dict, services: dict[str, Service]) -> int:
    """Make a clinician with services and hours; return how many hours."""
    told = {key: values[key] for key in ("name", "name_hi", "slug")}
    clinician = Clinician(**told, order=place * 10, is_sample=True)
    save_as(clinician, by=SITE, why=FIRST_CONTENT)
    with acting(clinician, by=SITE, why=FIRST_CONTENT):
        clinician.services.set([services[slug] for slug in values["services"]])
    rows = [WorkingHours(clinician=clinician, is_sample=True, **hours) for hours in hours_of(values)]
    for row in rows:
        save_as(row, by=SITE, why=FIRST_CONTENT)
    return len(rows)
