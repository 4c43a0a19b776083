"""An attempt at booking: what was chosen, and what was typed, until it is sent (rule B8)."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from appointments.models import Appointment, BookingDraft, Clinician, Service
from ipsc import origins
from ipsc.attempts import DRAFT_LIFE, attempt_in, consent_in, consent_now, key_for, key_of, may_keep

__all__ = [
    "ANY",
    "DRAFT_LIFE",
    "Choice",
    "attempt_in",
    "choice_from",
    "choice_of",
    "choose",
    "consent_now",
    "consent_of",
    "draft_of",
    "find_clinician",
    "is_fresh",
    "keep",
    "key_for",
    "key_of",
    "made_in",
    "may_keep",
    "parse_start",
]

ANY = "any"


@dataclass(frozen=True)
class Choice:
    """A service and a start, with one clinician or with any (None). Whether it is on offer is asked of the diary.

    `came_from` is the page from which this way began (`ipsc.origins`), where it is one that tells something.
    """

    service: Service
    clinician: Clinician | None
    starts_at: datetime
    came_from: str = ""

    @property
    def query(self) -> str:
        """The choice as it stands in an address: opaque ids and the local time (rule B2)."""
        clinician = self.clinician.public_id if self.clinician else ANY
        start = timezone.localtime(self.starts_at).strftime("%Y-%m-%dT%H:%M")
        query = {"service": self.service.public_id, "clinician": clinician, "start": start}
        return urlencode(query | origins.as_query(self.came_from))


def parse_start(text: str) -> datetime | None:
    """A local time of the clinic such as 2026-11-26T10:30, or None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    # At the ends of the calendar, moments cannot be told in another time zone.
    if moment is None or timezone.is_aware(moment) or not 1970 <= moment.year < 9999:
        return None
    return timezone.make_aware(moment)


def find_clinician(service: Service, public_id: str, *, in_use: bool = True) -> Clinician | None:
    """The clinician of a service with this opaque id: public now, or with `in_use` False ever shown."""
    if not public_id or public_id == ANY or "\0" in public_id:
        return None
    rows = Clinician.objects.public().filter(services=service) if in_use else Clinician.objects.shown()
    return rows.filter(public_id=public_id).first()


def choice_from(query: QueryDict, service: Service | None = None, *, in_use: bool = True) -> Choice | None:
    """The choice that an address makes, or None where it makes none that exists.

    With `in_use` False also a choice that was on offer when the page was given out and is no more.
    """
    if service is None:
        public_id = query.get("service", "").replace("\0", "")
        rows = Service.objects.public() if in_use else Service.objects.shown()
        service = rows.filter(public_id=public_id).first()
    starts_at = parse_start(query.get("start", ""))
    if service is None or starts_at is None:
        return None
    wanted = query.get("clinician", ANY) or ANY
    clinician = find_clinician(service, wanted, in_use=in_use)
    if wanted != ANY and clinician is None:
        return None
    return Choice(service, clinician, starts_at, origins.of(query))


def choice_of(draft: BookingDraft) -> Choice:
    return Choice(draft.service, draft.clinician, draft.starts_at, draft.came_from)


def draft_of(key: uuid.UUID | None, now: datetime) -> BookingDraft | None:
    """What was typed in this attempt, unless its time is over."""
    if key is None:
        return None
    rows = BookingDraft.objects.alive(now).select_related("service", "clinician")
    return rows.filter(attempt=key).first()


def consent_of(draft: BookingDraft) -> dict:
    """The same as the verb takes it."""
    return consent_in(draft.answers)


def choose(draft: BookingDraft, choice: Choice, now: datetime) -> None:
    """Put another choice into a draft; its answers are not written again."""
    draft.service, draft.clinician, draft.starts_at = choice.service, choice.clinician, choice.starts_at
    draft.expires_at = now + DRAFT_LIFE
    draft.save(update_fields=["service", "clinician", "starts_at", "expires_at"])


def keep(key: uuid.UUID, choice: Choice, answers: dict[str, str], now: datetime) -> BookingDraft:
    """Keep choice and answers for DRAFT_LIFE, and drop what is older. Where the attempt came from is kept once."""
    BookingDraft.objects.filter(expires_at__lte=now).delete()
    values = {
        "service": choice.service,
        "clinician": choice.clinician,
        "starts_at": choice.starts_at,
        "answers": answers,
        "expires_at": now + DRAFT_LIFE,
    }
    begun = values | {"came_from": choice.came_from}
    return BookingDraft.objects.update_or_create(attempt=key, defaults=values, create_defaults=begun)[0]


def made_in(key: uuid.UUID | None) -> Appointment | None:
    """The appointment that this attempt has made, if it has."""
    return Appointment.objects.filter(attempt=key).first() if key else None


def is_fresh(made: Appointment, now: datetime) -> bool:
    """Whether the attempt still leads to what it made: as long as its draft would have lived, not for ever."""
    return now < made.created_at + DRAFT_LIFE
