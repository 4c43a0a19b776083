"""Clinicians' diaries, fetched with a constant number of queries and asked for starts on offer (rule B3)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from appointments.availability import (
    Hours,
    Interval,
    Wanted,
    full_intervals,
    opening_intervals,
    starts_on_offer,
    subtract,
    tidy,
)
from appointments.models import Clinician, Service, Source, Status, TimeOff, WorkingHours
from appointments.models.appointment import OCCUPYING
from ipsc.dates import clinic_day, start_of_day

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


@dataclass(frozen=True, slots=True)
class Slot:
    """A start on offer: computed, never stored. `clinician_ids` are those who are free, in their order."""

    starts_at: datetime
    ends_at: datetime
    clinician_ids: tuple[int, ...]


@dataclass
class Openings:
    """The starts on offer of a service from `first_day`, `days` days, as each clinician's rows of epoch seconds."""

    service: Service
    clinicians: list[Clinician]
    first_day: date
    days: int
    rows: dict[int, list[range]]
    begun: dict[int, list[int]] = field(default_factory=dict)
    worked: dict[int, list[Interval]] = field(default_factory=dict)

    @cached_property
    def _by_day(self) -> list[list[tuple[int, range]]]:
        """For each day, the clinicians' rows of that day. A row lies within one: hours end by midnight."""
        edges = [_epoch(start_of_day(self.first_day + timedelta(days=day))) for day in range(self.days + 1)]
        days: list[list[tuple[int, range]]] = [[] for _ in range(self.days)]
        for clinician_id, rows in self.rows.items():
            for row in rows:
                day = bisect_right(edges, row[0]) - 1
                if 0 <= day < self.days:
                    days[day].append((clinician_id, row))
        return days

    def _rows_on(self, day: date) -> list[tuple[int, range]]:
        offset = (day - self.first_day).days
        return self._by_day[offset] if 0 <= offset < self.days else []

    def count_on(self, day: date) -> int:
        """How many different starts a day offers."""
        rows = self._rows_on(day)
        return len(rows[0][1]) if len(rows) == 1 else len(set().union(*(row for _, row in rows)))

    def on(self, day: date) -> list[Slot]:
        """The starts of a day, in order."""
        # Dicts as ordered sets: where a clinician's hours overlap, two rows may hold the same start.
        free: dict[int, dict[int, None]] = {}
        for clinician_id, row in self._rows_on(day):
            for start in row:
                free.setdefault(start, {})[clinician_id] = None
        return [self._slot(start, free[start]) for start in sorted(free)]

    def soonest(self, count: int) -> list[Slot]:
        """The first `count` starts; the first of them is the next free one."""
        found: list[Slot] = []
        for offset in range(self.days):
            if self._by_day[offset]:
                found += self.on(self.first_day + timedelta(days=offset))[: count - len(found)]
            if len(found) == count:
                break
        return found

    def at(self, moment: datetime) -> Slot | None:
        """The start on offer at exactly this moment, if there is one."""
        if moment.timestamp() != _epoch(moment):
            return None
        start = _epoch(moment)
        free = [clinician_id for clinician_id, rows in self.rows.items() if any(start in row for row in rows)]
        return self._slot(start, free) if free else None

    def fits_hours(self, moment: datetime) -> bool:
        """Whether a visit from this moment lies within the working time of each clinician, on the grid or not."""
        start = _epoch(moment)
        end = start + self.service.duration * 60
        return all(any(begin <= start and end <= close for begin, close in rows) for rows in self.worked.values())

    def least_loaded(self, slot: Slot) -> int:
        """Of the clinicians who are free, the one who sees fewest that day; ties go by their order."""
        day = clinic_day(slot.starts_at)
        first, last = _epoch(start_of_day(day)), _epoch(start_of_day(day + timedelta(days=1)))
        return min(
            slot.clinician_ids,
            key=lambda clinician_id: sum(first <= start < last for start in self.begun.get(clinician_id, ())),
        )

    def _slot(self, start: int, clinician_ids: Iterable[int]) -> Slot:
        starts_at = datetime.fromtimestamp(start, UTC)
        ends_at = starts_at + timedelta(minutes=self.service.duration)
        return Slot(starts_at, ends_at, tuple(clinician_ids))


def openings(
    service: Service,
    *,
    now: datetime,
    clinicians: Iterable[Clinician] | None = None,
    first_day: date | None = None,
    days: int | None = None,
    release_unanswered: bool = False,
    for_public: bool = True,
    count_load: bool = False,
    ignored: int | None = None,
) -> Openings:
    """What `service` offers on `days` days (1 to 60) from `first_day`, today unless told.

    All public clinicians of the service unless some are named. For staff (`for_public` False) neither notice, horizon
    nor caps apply. `ignored` is the id of an appointment that is about to move. At most five queries.
    """
    today = clinic_day(now)
    first_day = first_day or today
    days = days or service.horizon
    if clinicians is None:
        clinicians = Clinician.objects.public().filter(services=service)
    clinicians = list(clinicians)
    ids = [clinician.pk for clinician in clinicians]
    first, last = start_of_day(first_day), start_of_day(first_day + timedelta(days=days))
    # What begins on the last evening may run into the next day, and so may what stands in its way.
    reach = last + timedelta(hours=24)

    hours = _hours(ids)
    off = _time_off(ids, first, reach)
    values = {
        "clinicians": ids,
        "occupying": [status.value for status in OCCUPYING],
        "freed": [Status.CANCELLED.value, Status.DECLINED.value],
        "first": first,
        "last": reach,
        "ignored": ignored,
        "release": release_unanswered,
        "online": Source.ONLINE.value,
        "now": now,
    }
    occupied = {row[0]: list(zip(row[1], row[2], strict=True)) for row in _rows(OCCUPIED, values)}
    has_caps = for_public and any(each.online_cap is not None for found in hours.values() for each in found)
    begun = {row[0]: (row[1], row[2] or []) for row in _rows(BEGUN, values)} if has_caps or count_load else {}

    wanted = _wanted(service, now, first, last, for_public)
    zone = timezone.get_default_timezone()
    # A stretch that began the evening before may reach over midnight into the first day.
    before = first_day - timedelta(days=1)
    rows, worked = {}, {}
    for clinician_id in ids:
        occurrences = opening_intervals(hours.get(clinician_id, ()), before, first_day + timedelta(days=days), zone)
        online = begun.get(clinician_id, ([], []))[1] if has_caps else []
        opened = [interval for _, interval in occurrences]
        away = off.get(None, []) + off.get(clinician_id, [])
        worked[clinician_id] = list(subtract(tidy(opened), tidy(away)))
        rows[clinician_id] = starts_on_offer(
            opened,
            away,
            occupied.get(clinician_id, []),
            wanted,
            full_intervals(occurrences, online) if for_public else (),
        )
    loads = {clinician_id: starts for clinician_id, (starts, _) in begun.items()}
    return Openings(service, clinicians, first_day, days, rows, loads, worked)


def _wanted(service: Service, now: datetime, first: datetime, last: datetime, for_public: bool) -> Wanted:
    earliest, latest = first, last
    if for_public:
        earliest = max(earliest, now + timedelta(hours=service.notice))
        latest = min(latest, start_of_day(clinic_day(now) + timedelta(days=service.horizon)))
    return Wanted(
        duration=service.duration * 60,
        buffer=service.buffer * 60,
        step=service.step * 60,
        # A start within the very second of the notice has passed unless the second is whole.
        earliest=_epoch(earliest) + bool(earliest.microsecond),
        latest=_epoch(latest),
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
        found.setdefault(clinician_id, []).append((_epoch(starts_at), _epoch(ends_at) + bool(ends_at.microsecond)))
    return found


def _rows(sql: str, values: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _epoch(moment: datetime) -> int:
    """Whole seconds since the epoch, rounded down."""
    return int(moment.timestamp() // 1)
