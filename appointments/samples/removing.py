"""Removing the samples, with a preview (rule F3).

What real patients have booked stays, and so do its hours. A sample visit that staff have linked to a person counts as
real. Working hours and visits go with their whole history; of services and clinicians one line of history stays: that
they were removed, by whom and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment, Clinician, Service, TimeOff, WorkingHours
from ipsc.history import Actor, acting
from ipsc.sampling import REMOVED, Line, lines, one_at_a_time
from ipsc.verbs import verb

REAL_VISITS = _("Patients have booked here. Switch it off or edit it instead; editing makes it yours.")
LINKED_VISIT = _("Staff have linked this visit to a person.")

REAL = Q(is_sample=False) | Q(patient__isnull=False)


@dataclass(frozen=True)
class Removal:
    """What goes and what stays; `visits` and `hours` are too many to name, and `time_off` goes with its clinician."""

    gone: tuple[Line, ...]
    kept: tuple[Line, ...]
    visits: int
    hours: int
    time_off: int

    @property
    def is_empty(self) -> bool:
        return not (self.gone or self.visits or self.hours)


@dataclass(frozen=True)
class _Rows:
    services: list[Service]
    clinicians: list[Clinician]
    visits: list[int]
    hours: list[int]
    report: Removal


def preview() -> Removal:
    """What `remove` would do now."""
    return _look().report


@verb(refusals={})
def remove(*, by: Actor) -> Removal:
    """Remove every sample that no real visit needs; return what went and what stayed.

    Whoever books meanwhile is either seen here, and the row stays, or is refused kindly: every verb waits for the lock
    on its clinician and then looks again at service and clinician.
    """
    one_at_a_time()
    # Clinicians of the clinic's own too: they may offer a sample service. In id order, as everybody locks them.
    list(Clinician.objects.select_for_update().order_by("pk").values_list("pk"))
    list(Service.objects.select_for_update().order_by("pk").values_list("pk"))
    rows = _look()
    Appointment.objects.filter(pk__in=rows.visits).delete()
    WorkingHours.objects.filter(pk__in=rows.hours).delete()
    _forget(Appointment, rows.visits)
    _forget(WorkingHours, rows.hours)
    for row in (*rows.clinicians, *rows.services):
        pk = row.pk
        _forget(type(row), [pk])
        with acting(row, by=by, why=REMOVED):
            row.delete()
    return rows.report


def _look() -> _Rows:
    visits = Appointment.objects.samples().exclude(REAL)
    real = Appointment.objects.filter(REAL)
    services = Service.objects.samples()
    clinicians = Clinician.objects.samples()
    kept_services = list(services.filter(pk__in=real.values("service")))
    kept_clinicians = list(clinicians.filter(pk__in=real.values("clinician")))
    gone_services = list(services.exclude(pk__in=real.values("service")))
    gone_clinicians = list(clinicians.exclude(pk__in=real.values("clinician")))
    # Hours go with their clinician, sample or not. Those of a clinician of the clinic's own go if they are samples.
    hours = WorkingHours.objects.filter(
        Q(clinician__in=gone_clinicians) | Q(is_sample=True, clinician__is_sample=False)
    )
    linked = Appointment.objects.samples().filter(patient__isnull=False)
    report = Removal(
        gone=(*lines(gone_services), *lines(gone_clinicians), *_hours_of_own(hours)),
        kept=(
            *lines(kept_services, REAL_VISITS),
            *lines(kept_clinicians, REAL_VISITS),
            *lines(linked, LINKED_VISIT),
        ),
        visits=visits.count(),
        hours=hours.count(),
        time_off=TimeOff.objects.filter(clinician__in=gone_clinicians).count(),
    )
    return _Rows(
        services=gone_services,
        clinicians=gone_clinicians,
        visits=list(visits.values_list("pk", flat=True)),
        hours=list(hours.values_list("pk", flat=True)),
        report=report,
    )


def _hours_of_own(hours) -> Iterable[Line]:
    """Named one by one: that these go is not plain from the clinicians that go."""
    own = hours.filter(clinician__is_sample=False).select_related("clinician")
    return (Line(row._meta.verbose_name, f"{row.clinician}, {row}") for row in own)


def _forget(model: type[Model], ids: list[int]) -> None:
    """Delete what the history tables hold of these rows. The links of a history row do not go with it by themselves."""
    history = model.history.filter(id__in=ids)  # type: ignore[attr-defined]
    if model is Clinician:
        links = apps.get_model("appointments", "HistoricalClinician_services")
        links.objects.filter(history__in=history.values("history_id")).delete()
    history.delete()
