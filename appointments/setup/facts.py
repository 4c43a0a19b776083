"""What the set-up is judged by, read in five queries, and what a step says of itself."""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from appointments.models import Clinician, Service, WorkingHours
from ipsc.dates import clinic_day
from ipsc.models import ClinicSettings
from ipsc.samples import Sample

# The name of an address of the admin, and what stands in it.
Address = tuple[str | int, ...]


@dataclass(frozen=True)
class Point:
    """One thing that is missing, in words, and where it is put right if that is elsewhere than at the step's button."""

    words: str
    to: Address = ()


@dataclass(frozen=True)
class Step:
    """A step and its state: `missing` keeps it from being done, `hints` do not, `blocks` keeps booking closed."""

    key: str
    title: str
    why: str
    button: str
    to: Address
    missing: tuple[Point, ...] = ()
    hints: tuple[Point, ...] = ()
    blocks: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Facts:
    """The clinic's own active clinicians and services, and what else the steps are judged by.

    `with_hours` are the ids of clinicians who have hours of their own; `pairs` who offers what, as ids.
    """

    settings: ClinicSettings
    clinicians: list[Clinician]
    services: list[Service]
    with_hours: set[int]
    pairs: set[tuple[int, int]]
    has_samples: bool
    today: date

    def services_of(self, clinician: Clinician) -> list[Service]:
        return [each for each in self.services if (clinician.pk, each.pk) in self.pairs]

    def clinicians_of(self, service: Service) -> list[Clinician]:
        return [each for each in self.clinicians if (each.pk, service.pk) in self.pairs]

    def is_bookable(self, service: Service) -> bool:
        """Whether somebody who has hours offers it."""
        return any(each.pk in self.with_hours for each in self.clinicians_of(service))


@dataclass(frozen=True)
class Progress:
    """How far the clinic is: all steps in their order."""

    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The first step that is not done; None where all are."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def blocks(self) -> list[str]:
        """Why online booking cannot be opened yet, in words; empty where it can."""
        return [words for step in self.steps for words in step.blocks]

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)


def look(*, now: datetime) -> Facts:
    """Read what the steps are judged by."""
    today = clinic_day(now)
    hours = WorkingHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), clinician=OuterRef("pk"), is_sample=False
    )
    own = Clinician.objects.filter(is_sample=False, active=True)
    clinicians = list(own.annotate(has_hours=Exists(hours)))
    return Facts(
        settings=ClinicSettings.load(),
        clinicians=clinicians,
        services=list(Service.objects.filter(is_sample=False, active=True)),
        with_hours={each.pk for each in clinicians if each.has_hours},
        pairs=set(Clinician.services.through.objects.values_list("clinician_id", "service_id")),
        has_samples=_has_samples(),
        today=today,
    )


def _has_samples() -> bool:
    """In any app: each model that can be a sample says so by its base."""
    models = [model for model in apps.get_models() if issubclass(model, Sample)]
    first, *others = (model._default_manager.filter(is_sample=True).order_by().values("pk") for model in models)
    return first.union(*others, all=True).exists()
