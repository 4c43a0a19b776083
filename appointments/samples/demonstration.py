"""A demonstration day relative to today: sample visits in every status, so that no list is empty (rule F3).

Rows are written as they are, since the verbs refuse the past; each gets the moments that its status needs, none of them
in the future, and a line of history.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from appointments.booking.choosing import lock_clinicians
from appointments.diary import openings
from appointments.models import Appointment, Clinician, Service, Source, Status
from appointments.models.appointment import MOMENTS
from ipsc.dates import clinic_day, start_of_day
from ipsc.history import SITE, save_as
from ipsc.models import ClinicSettings
from ipsc.names import search_key
from ipsc.privacy import CONSENT_VERSION
from ipsc.sampling import one_at_a_time, refuse_in_production
from ipsc.verbs import verb

# What each day is filled with: the clock by which to look for a free time, the service, and the status.
YESTERDAY = [
    ("10:00", "first-consultation", Status.FULFILLED),
    ("11:00", "follow-up", Status.FULFILLED),
    ("11:00", "review-of-scans", Status.NO_SHOW),
    ("12:00", "physiotherapy", Status.FULFILLED),
    ("12:00", "first-consultation", Status.CANCELLED),
]
# Those who are here now stand around the present, wherever in the day that is.
HERE = [
    ("first-consultation", Status.IN_CONSULTATION, Source.ONLINE),
    ("follow-up", Status.ARRIVED, Source.PHONE),
    ("physiotherapy", Status.ARRIVED, Source.WALK_IN),
]
TODAY = [
    ("09:00", "physiotherapy", Status.FULFILLED),
    ("10:00", "review-of-scans", Status.NO_SHOW),
    ("11:00", "review-of-scans", Status.BOOKED),
    ("12:00", "first-consultation", Status.BOOKED),
    ("16:00", "physiotherapy", Status.BOOKED),
    ("17:00", "follow-up", Status.BOOKED),
    ("17:00", "follow-up", Status.CANCELLED),
]
TOMORROW = [
    ("10:00", "first-consultation", Status.BOOKED),
    ("11:00", "follow-up", Status.BOOKED),
    ("12:00", "physiotherapy", Status.BOOKED),
    ("12:00", "review-of-scans", Status.CANCELLED),
]
ON_REQUEST = "vertebral-augmentation-assessment"
CLOSING = time(17, 40)
SUNDAY = 6
OVER = {Status.FULFILLED, Status.NO_SHOW}
# The North American plan keeps 555-0100 to 555-0199 for fiction: of valid form, and never anybody's.
PHONE = "+1202555{:04}"
EARLY = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=2)


@dataclass(frozen=True)
class Filled:
    """How many sample visits a start has made."""

    visits: int = 0

    def __str__(self) -> str:
        if not self.visits:
            return "Demonstration day: nothing to add."
        return f"Demonstration day: {self.visits} sample visits made."


@verb(refusals={})
def fill(*, now: datetime) -> Filled:
    """Make the sample visits of today, and of the days next to it where they have none; once for each day.

    Only sample clinicians get any. A time that is taken is left alone.

    :raises NoSamplesHere: in production.
    """
    refuse_in_production()
    one_at_a_time()
    clinicians = lock_clinicians(Clinician.objects.samples().filter(active=True).values_list("pk", flat=True))
    today = clinic_day(now)
    why = f"demonstration day {today.isoformat()}"
    if not clinicians or Appointment.history.filter(is_sample=True, history_change_reason=why).exists():
        return Filled()
    _end_old_ones(now)
    book = _Book(clinicians=clinicians, now=now, why=why)
    if not Appointment.objects.samples().on(before := _open_day(today, -1)).exists():
        book.fill(before, YESTERDAY)
    book.fill_present()
    book.fill(today, TODAY)
    # A request may lie on that day already.
    after = _open_day(today, 1)
    if not Appointment.objects.samples().on(after).exclude(status=Status.REQUESTED).exists():
        book.fill(after, TOMORROW)
    book.fill_request()
    return Filled(book.made)


def _open_day(day: date, step: int) -> date:
    """The next day, or for -1 the one before, on which the samples have hours."""
    day += timedelta(days=step)
    return day + timedelta(days=step) if day.weekday() == SUNDAY else day


def _end_old_ones(now: datetime) -> None:
    """Nobody takes the samples of past days through their statuses; without this they would stand open for ever."""
    today = start_of_day(clinic_day(now))
    for visit in Appointment.objects.samples().occupying().filter(starts_at__lt=today):
        end = Status.DECLINED if visit.status == Status.REQUESTED else Status.FULFILLED
        visit.status = end
        setattr(visit, MOMENTS[end], min(visit.ends_at, now))
        visit.sequence += 1
        save_as(visit, by=SITE, why="demonstration")


@dataclass
class _Book:
    """Finds free times and writes visits into them."""

    clinicians: list[Clinician]
    now: datetime
    why: str
    made: int = 0
    services: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.services = {each.slug: each for each in Service.objects.samples().filter(active=True)}
        self.offered = {each.pk: set(each.services.values_list("slug", flat=True)) for each in self.clinicians}

    def fill(self, day: date, plan: list[tuple[str, str, Status]]) -> None:
        for clock, slug, status in plan:
            wanted = timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))
            self._place(slug, status, wanted, self._on_offer(slug, day))

    def fill_present(self) -> None:
        """Who is here now, at a start not long ago; where none was on offer, as before opening, at this very hour."""
        today = clinic_day(self.now)
        local = timezone.localtime(min(self.now, timezone.make_aware(datetime.combine(today, CLOSING))))
        wanted = local.replace(minute=local.minute // 20 * 20, second=0, microsecond=0)
        for slug, status, source in HERE:
            begun = [start for start in self._on_offer(slug, today) if wanted - LONGEST_WAIT <= start[0] <= wanted]
            at_this_hour = [(wanted, each) for each in self.clinicians if slug in self.offered[each.pk]]
            if slug in self.services and not self._place(slug, status, wanted, begun, source):
                self._place(slug, status, wanted, at_this_hour, source)

    def fill_request(self) -> None:
        """A request that waits for an answer, on the first day to come with a free time for it."""
        if ON_REQUEST not in self.services or Appointment.objects.samples().filter(status=Status.REQUESTED).exists():
            return
        for ahead in range(1, 8):
            starts = self._on_offer(ON_REQUEST, clinic_day(self.now) + timedelta(days=ahead))
            if starts and self._place(ON_REQUEST, Status.REQUESTED, starts[0][0], starts, Source.ONLINE):
                return

    def _on_offer(self, slug: str, day: date) -> list[tuple[datetime, Clinician]]:
        if slug not in self.services:
            return []
        offering = [each for each in self.clinicians if slug in self.offered[each.pk]]
        found = openings(
            self.services[slug], now=self.now, clinicians=offering, first_day=day, days=1, for_public=False
        )
        by_id = {each.pk: each for each in offering}
        return [(slot.starts_at, by_id[pk]) for slot in found.on(day) for pk in slot.clinician_ids]

    def _place(
        self,
        slug: str,
        status: Status,
        wanted: datetime,
        starts: list[tuple[datetime, Clinician]],
        source: Source | None = None,
    ) -> bool:
        """Write a visit at the start nearest to the one wanted that nobody has and that fits the status, or none."""
        number = Appointment.objects.samples().count() + 1
        source = source or (Source.ONLINE if number % 3 else Source.PHONE)
        for starts_at, clinician in sorted(starts, key=lambda start: (abs(start[0] - wanted), start[1].order)):
            visit = self._visit(number, self.services[slug], clinician, starts_at, status, source)
            if self._fits(visit):
                save_as(visit, by=SITE, why=self.why, force_insert=True)
                self.made += 1
                return True
        return False

    def _fits(self, visit: Appointment) -> bool:
        if visit.status in OVER and visit.ends_at > self.now:
            return False
        if visit.status == Status.REQUESTED and visit.starts_at <= self.now:
            return False
        # Those that hold no time as well: two visits of one clinician at one time look like a mistake.
        others = Appointment.objects.filter(clinician=visit.clinician)
        return not others.filter(starts_at__lt=visit.busy_until, busy_until__gt=visit.starts_at).exists()

    def _visit(
        self, number: int, service: Service, clinician: Clinician, starts_at: datetime, status: Status, source: Source
    ) -> Appointment:
        language = "hi" if number % 2 == 0 else "en"
        name = f"नमूना मरीज़ {number}" if language == "hi" else f"Sample patient {number}"
        made_at = min(starts_at, self.now) - timedelta(days=2, minutes=number)
        ends_at, busy_until = service.span(starts_at)
        visit = Appointment(
            service=service,
            clinician=clinician,
            starts_at=starts_at,
            ends_at=ends_at,
            busy_until=busy_until,
            status=status,
            source=source,
            name=name,
            search_name=search_key(name),
            phone=PHONE.format(100 + number % 100),
            age_years=40 + number % 45,
            language=language,
            created_at=made_at,
            is_sample=True,
        )
        if visit.source == Source.ONLINE:
            visit.consent_version, visit.consent_at = CONSENT_VERSION, made_at
        self._set_moments(visit)
        if source == Source.WALK_IN:
            visit.created_at = visit.booked_at = starts_at - EARLY
        return visit

    def _set_moments(self, visit: Appointment) -> None:
        """The moments on the way to the visit's status, in order."""
        if visit.status == Status.REQUESTED:
            hours = ClinicSettings.load().answer_hours
            visit.created_at = visit.requested_at = self.now - timedelta(minutes=30)
            visit.answer_by_at = min(visit.requested_at + timedelta(hours=hours), visit.starts_at)
            if visit.consent_at:
                visit.consent_at = visit.requested_at
            return
        visit.booked_at = visit.created_at
        if visit.status in (Status.ARRIVED, Status.IN_CONSULTATION, Status.FULFILLED):
            visit.arrived_at = min(visit.starts_at, self.now) - EARLY
        if visit.status in (Status.IN_CONSULTATION, Status.FULFILLED):
            visit.in_consultation_at = min(visit.starts_at, self.now)
        if visit.status in OVER:
            setattr(visit, MOMENTS[Status(visit.status)], visit.ends_at)
        if visit.status == Status.CANCELLED:
            visit.cancelled_at = visit.created_at + timedelta(days=1)
            visit.cancelled_by, visit.end_reason = "reception", "The patient rang: another day suits better."
