"""Visits that a change of the schedule leaves standing where nobody is there. The change does not move them itself."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.admin.facts import short_moment
from appointments.availability import Interval
from appointments.diary import openings
from appointments.models import Appointment, Clinician, Service, TimeOff
from ipsc.dates import clinic_day, start_of_day

MOST_NAMED = 5
# The longest horizon: later than that, nobody books online.
DAYS = 60


def visits_during(row: TimeOff) -> QuerySet[Appointment]:
    """The visits that hold time while a clinician, or the whole clinic, is away."""
    found = Appointment.objects.occupying().filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    if row.clinician_id:
        found = found.filter(clinician=row.clinician_id)
    return found.select_related("service", "clinician").order_by("starts_at", "pk")


def time_worked(clinician: Clinician, now: datetime) -> list[Interval]:
    """The hours of the next DAYS days, less time off, as intervals of epoch seconds."""
    found = openings(Service(), now=now, clinicians=[clinician], first_day=clinic_day(now), days=DAYS, for_public=False)
    return found.worked[clinician.pk]


def left_outside(
    clinician: Clinician, before: list[Interval], after: list[Interval], now: datetime
) -> list[Appointment]:
    """The visits to come that lay within the hours `before` and do not lie within those `after`."""
    if before == after:
        return []
    until = max((end for _begin, end in before), default=start_of_day(clinic_day(now)).timestamp())
    rows = Appointment.objects.upcoming(now).filter(clinician=clinician)
    visits = [row for row in rows.order_by("starts_at", "pk") if row.starts_at.timestamp() < until]
    return [visit for visit in visits if _lies_in(visit, before) and not _lies_in(visit, after)]


def _lies_in(visit: Appointment, intervals: list[Interval]) -> bool:
    begin, end = visit.starts_at.timestamp(), visit.ends_at.timestamp()
    return any(opens <= begin and end <= closes for opens, closes in intervals)


def away_in_words(visits: QuerySet[Appointment]) -> SafeString | None:
    """That visits lie in time off, the first of them as links; nothing where there are none."""
    count = visits.count()
    told = ngettext(
        "Saved, but %(count)s visit lies in this time: {}{}. Move or cancel it, and tell the patient.",
        "Saved, but %(count)s visits lie in this time: {}{}. Move or cancel them, and tell the patients.",
        count,
    )
    return _with_links(told, count, list(visits[:MOST_NAMED])) if count else None


def outside_in_words(visits: list[Appointment]) -> SafeString | None:
    """The same for visits that changed hours have left outside."""
    told = ngettext(
        "Saved, but %(count)s visit now lies outside the hours: {}{}. Move or cancel it, or leave it as it is.",
        "Saved, but %(count)s visits now lie outside the hours: {}{}. Move or cancel them, or leave them as they are.",
        len(visits),
    )
    return _with_links(told, len(visits), visits[:MOST_NAMED]) if visits else None


def _with_links(told: str, count: int, visits: list[Appointment]) -> SafeString:
    links = format_html_join(
        "; ",
        '<a href="{}">{}, {}</a>',
        ((_url(visit), short_moment(visit.starts_at), visit.name) for visit in visits),
    )
    rest = _(" and %(count)s more") % {"count": count - len(visits)} if count > len(visits) else ""
    return format_html(told % {"count": count}, links, rest)


def _url(visit: Appointment) -> str:
    return reverse("admin:appointments_appointment_change", args=[visit.pk])
