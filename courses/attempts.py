"""An attempt at enrolling: what was typed, until it is sent (rule B8; see `ipsc.attempts`)."""

import uuid
from datetime import datetime

from courses.models import CourseRun, Enrolment, EnrolmentDraft
from ipsc.attempts import DRAFT_LIFE


def draft_of(key: uuid.UUID | None, run: CourseRun, now: datetime) -> EnrolmentDraft | None:
    """What was typed in this attempt for this run, unless its time is over."""
    return EnrolmentDraft.objects.filter(attempt=key, run=run, expires_at__gt=now).first() if key else None


def keep(key: uuid.UUID, run: CourseRun, answers: dict[str, str], now: datetime) -> EnrolmentDraft:
    """Keep the answers for DRAFT_LIFE, and drop those whose time is over."""
    forget(now=now)
    values = {"run": run, "answers": answers, "expires_at": now + DRAFT_LIFE}
    return EnrolmentDraft.objects.update_or_create(attempt=key, defaults=values)[0]


def forget(*, now: datetime) -> int:
    """Delete the answers whose time is over; return how many drafts that were."""
    return EnrolmentDraft.objects.filter(expires_at__lte=now).delete()[0]


def made_in(key: uuid.UUID | None) -> Enrolment | None:
    """The enrolment that this attempt has made, if it has."""
    return Enrolment.objects.select_related("run__course").filter(attempt=key).first() if key else None


def is_fresh(made: Enrolment, now: datetime) -> bool:
    """Whether the attempt still leads to what it made: as long as its draft would have lived, not for ever."""
    return now < made.created_at + DRAFT_LIFE
