"""Clinicians' diaries as the database knows them, fetched with a constant number of queries (rule B3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from appointments.availability import Hours, Interval, opening_intervals, subtract, tidy
from appointments.models import Source, Status, TimeOff, WorkingHours
from appointments.models.appointment import OCCUPYING
from ipsc.dates import start_of_day

# Aggregated in the database: ten diaries come back as ten rows, however many appointments they hold. No appointment
# takes longer than 24 hours (constraint appointment_within_a_day), so the index on the start bounds the search.
OCCUPIED = """
SELECT clinician_id, array_agg(floor(extract(epoch FROM lower(taken)))::bigint),
       array_agg(ceil(extract(epoch FROM upper(taken)))::bigint)
FROM (
    SELECT clinician_id, unnest(range_agg(tstzrange(starts_at, busy_until))) AS taken
    FROM appointments_appointment
    WHERE clinician_id = ANY(%(clinicians)s) AND status = ANY(%(occupying)s)
      AND starts_at > %(first)s::timestamptz - interval '24 hours' AND starts_at < %(last)s AND busy_until > %(first)s
      AND id IS DISTINCT FROM %(ignored)s
      AND NOT (%(release)s AND status = 'requested' AND answer_by_at <= %(now)s)
    GROUP BY clinician_id
) AS merged
GROUP BY clinician_id
"""

# Visits of a day count as load and towards a cap whether or not they still hold time; only freed ones do not.
BEGUN = """
SELECT clinician_id, array_agg(extract(epoch FROM starts_at)::bigint ORDER BY starts_at),
       array_agg(extract(epoch FROM starts_at)::bigint) FILTER (WHERE source = %(online)s)
FROM appointments_appointment
WHERE clinician_id = ANY(%(clinicians)s) AND status <> ALL(%(freed)s)
  AND starts_at >= %(first)s AND starts_at < %(last)s AND id IS DISTINCT FROM %(ignored)s
  AND NOT (%(release)s AND status = 'requested' AND answer_by_at <= %(now)s)
GROUP BY clinician_id
"""


@dataclass(frozen=True)
class Diaries:
    """What the database knows of some clinicians on some days, fetched once for as many services as are asked about.

    All by clinician's id; `off` holds under None what the whole clinic has off. `begun` are the starts of visits that
    count as load, and of them those that were booked online.
    """

    first_day: date
    days: int
    hours: dict[int, list[Hours]]
    off: dict[int | None, list[Interval]]
    occupied: dict[int, list[Interval]]
    begun: dict[int, tuple[list[int], list[int]]]

    def away(self, clinician_id: int) -> list[Interval]:
        """The time off of a clinician, the clinic's own included."""
        return self.off.get(None, []) + self.off.get(clinician_id, [])

    def occurrences(self, clinician_id: int) -> list[tuple[Hours, Interval]]:
        """Each time that hours of a clinician fall into these days.

        A stretch that began the evening before may reach over midnight into the first day.
        """
        before, after = self.first_day - timedelta(days=1), self.first_day + timedelta(days=self.days)
        return opening_intervals(self.hours.get(clinician_id, ()), before, after, timezone.get_default_timezone())

    def worked(self, clinician_id: int) -> list[Interval]:
        """When a clinician sees patients: hours without time off, tidy."""
        opened = [interval for _, interval in self.occurrences(clinician_id)]
        return list(subtract(tidy(opened), tidy(self.away(clinician_id))))


def fetch(
    clinician_ids: list[int],
    *,
    now: datetime,
    first_day: date,
    days: int,
    release_unanswered: bool = False,
    for_public: bool = True,
    count_load: bool = False,
    ignored: int | None = None,
) -> Diaries:
    """The diaries of clinicians on `days` days from `first_day`, in three queries or four."""
    first, last = start_of_day(first_day), start_of_day(first_day + timedelta(days=days))
    # What begins on the last evening may run into the next day, and so may what stands in its way.
    reach = last + timedelta(hours=24)
    hours = _hours(clinician_ids)
    values = {
        "clinicians": clinician_ids,
        "occupying": [status.value for status in OCCUPYING],
        "freed": [Status.CANCELLED.value, Status.DECLINED.value],
        "first": first,
        "last": reach,
        "ignored": ignored,
        "release": release_unanswered,
        "online": Source.ONLINE.value,
        "now": now,
    }
    has_caps = for_public and any(each.online_cap is not None for found in hours.values() for each in found)
    return Diaries(
        first_day=first_day,
        days=days,
        hours=hours,
        off=_time_off(clinician_ids, first, reach),
        occupied={row[0]: list(zip(row[1], row[2], strict=True)) for row in _rows(OCCUPIED, values)},
        begun={row[0]: (row[1], row[2] or []) for row in _rows(BEGUN, values)} if has_caps or count_load else {},
    )


def _hours(clinician_ids: list[int]) -> dict[int, list[Hours]]:
    fields = ("weekday", "opens", "closes", "valid_from", "valid_until", "every", "online_cap")
    found: dict[int, list[Hours]] = {}
    rows = WorkingHours.objects.shown().filter(clinician__in=clinician_ids).order_by()
    for clinician_id, *values in rows.values_list("clinician_id", *fields):
        found.setdefault(clinician_id, []).append(Hours(*values))
    return found


def _time_off(clinician_ids: list[int], first: datetime, last: datetime) -> dict[int | None, list[Interval]]:
    found: dict[int | None, list[Interval]] = {}
    rows = TimeOff.objects.filter(
        Q(clinician__isnull=True) | Q(clinician__in=clinician_ids), ends_at__gt=first, starts_at__lt=last
    ).order_by()
    for clinician_id, starts_at, ends_at in rows.values_list("clinician_id", "starts_at", "ends_at"):
        found.setdefault(clinician_id, []).append((epoch(starts_at), epoch(ends_at) + bool(ends_at.microsecond)))
    return found


def _rows(sql: str, values: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def epoch(moment: datetime) -> int:
    """Whole seconds since the epoch, rounded down."""
    return int(moment.timestamp() // 1)
