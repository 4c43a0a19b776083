"""Diaries asked for the starts on offer of a service (rule B3)."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from appointments import diaries
from appointments.availability import Interval, Wanted, full_intervals, starts_on_offer
from appointments.diaries import epoch
from appointments.models import Clinician, Service
from ipsc.dates import clinic_day, start_of_day


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
    found: diaries.Diaries | None = None

    @cached_property
    def worked(self) -> dict[int, list[Interval]]:
        """The working time of each clinician; made only for staff, who may look beside the grid."""
        return {each.pk: self.found.worked(each.pk) for each in self.clinicians} if self.found else {}

    @cached_property
    def _by_day(self) -> list[list[tuple[int, range]]]:
        """For each day, the clinicians' rows of that day. A row lies within one: hours end by midnight."""
        edges = [epoch(start_of_day(self.first_day + timedelta(days=day))) for day in range(self.days + 1)]
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
        if moment.timestamp() != epoch(moment):
            return None
        start = epoch(moment)
        free = [clinician_id for clinician_id, rows in self.rows.items() if any(start in row for row in rows)]
        return self._slot(start, free) if free else None

    def fits_hours(self, moment: datetime) -> bool:
        """Whether a visit from this moment lies within the working time of each clinician, on the grid or not."""
        start = epoch(moment)
        end = start + self.service.duration * 60
        return all(any(begin <= start and end <= close for begin, close in rows) for rows in self.worked.values())

    def least_loaded(self, slot: Slot) -> int:
        """Of the clinicians who are free, the one who sees fewest that day; ties go by their order."""
        day = clinic_day(slot.starts_at)
        first, last = epoch(start_of_day(day)), epoch(start_of_day(day + timedelta(days=1)))
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
    if clinicians is None:
        clinicians = Clinician.objects.public().filter(services=service)
    clinicians = list(clinicians)
    found = diaries.fetch(
        [clinician.pk for clinician in clinicians],
        now=now,
        first_day=first_day or clinic_day(now),
        days=days or service.horizon,
        release_unanswered=release_unanswered,
        for_public=for_public,
        count_load=count_load,
        ignored=ignored,
    )
    return openings_in(found, service, clinicians, now=now, for_public=for_public)


def openings_in(
    found: diaries.Diaries, service: Service, clinicians: list[Clinician], *, now: datetime, for_public: bool = True
) -> Openings:
    """What `service` offers in diaries that are fetched already; without any query."""
    first, last = start_of_day(found.first_day), start_of_day(found.first_day + timedelta(days=found.days))
    wanted = _wanted(service, now, first, last, for_public)
    rows = {}
    for clinician_id in (clinician.pk for clinician in clinicians):
        occurrences = found.occurrences(clinician_id)
        opened = [interval for _, interval in occurrences]
        away = found.away(clinician_id)
        online = found.begun.get(clinician_id, ([], []))[1]
        rows[clinician_id] = starts_on_offer(
            opened,
            away,
            found.occupied.get(clinician_id, []),
            wanted,
            full_intervals(occurrences, online) if for_public else (),
        )
    loads = {clinician_id: starts for clinician_id, (starts, _) in found.begun.items()}
    return Openings(service, clinicians, found.first_day, found.days, rows, loads, found)


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
        earliest=epoch(earliest) + bool(earliest.microsecond),
        latest=epoch(latest),
    )
