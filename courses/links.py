"""The link by which a doctor comes back to an enrolment (rule B6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from courses.models import Enrolment
from ipsc import links

SALT = "enrolment"
# Receipts, refunds and certificates are looked for after the course.
LIFE_AFTER = timedelta(days=365)


def token_of(enrolment: Enrolment) -> str:
    return links.sign(SALT, enrolment.public_id, enrolment.link_version)


def manage_url(enrolment: Enrolment) -> str:
    return reverse("courses:manage", args=[token_of(enrolment)])


def whole_url(enrolment: Enrolment) -> str:
    """The whole address as it stands in a message."""
    return f"{settings.SITE_URL.rstrip('/')}{manage_url(enrolment)}"


def enrolment_of(token: str, now: datetime) -> Enrolment | None:
    """The enrolment of a token that is genuine, of the present version, and not a year after the course."""
    link = links.read(SALT, token)
    if link is None:
        return None
    rows = Enrolment.objects.select_related("run__course")
    enrolment = rows.filter(public_id=link.public_id, link_version=link.version).first()
    return enrolment if enrolment and is_open(enrolment, now) else None


def is_open(enrolment: Enrolment, now: datetime) -> bool:
    """Whether links to an enrolment still open it."""
    return now < enrolment.run.ends_at + LIFE_AFTER
