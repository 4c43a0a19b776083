"""The catalogue as a calendar to subscribe to (RFC 5545, with the names of RFC 7986)."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from courses.catalogue.cards import Card
from courses.catalogue.looking import queue_length
from courses.models import CourseRun, RunState
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import lines, staff_plain

BEHIND = timedelta(days=90)
MOST = 1000
ASK_AGAIN = "PT12H"


def runs(now: datetime) -> list[CourseRun]:
    """The public runs from 90 days ago on, cancelled ones included, soonest first; at most 1,000. One query.

    Each has its `changed_at`, the moment at which staff last changed it.
    """
    history = CourseRun.history.filter(id=OuterRef("pk")).order_by()
    latest = history.values("id").annotate(latest=Max("history_date")).values("latest")
    rows = CourseRun.objects.public().filter(ends_at__gte=now - BEHIND).annotate(changed_at=Subquery(latest))
    rows = rows.annotate(waiting=queue_length(now))
    return list(rows.select_related("course").order_by("starts_at", "pk")[:MOST])


def calendar(cards: list[Card], clinic: ClinicSettings, *, base_url: str) -> bytes:
    """All of it as a file, with the rules of the clinic's time zone."""
    name = _("Courses at %(clinic)s") % {"clinic": clinic.name}
    made = Calendar()
    made.add("prodid", "-//IPSC//courses//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    # What calendar programs read that do not know the names of RFC 7986.
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", ASK_AGAIN)
    made.add_component(Timezone.from_tzinfo(timezone.get_default_timezone()))
    for each in cards:
        made.add_component(event_of(each, base_url=base_url))
    return made.to_ical()


def event_of(card: Card, *, base_url: str) -> Event:
    """A run: the same UID through all its changes. The joining link is for the enrolled alone."""
    run, zone = card.run, timezone.get_default_timezone()
    address = f"{base_url}{card.course.get_absolute_url()}"
    cancelled = run.state == RunState.CANCELLED
    event = Event()
    event.add("uid", uid_of(run))
    event.add("sequence", run.sequence)
    # A moment of the row's own: the same file for as long as nothing has changed.
    event.add("dtstamp", run.changed_at or run.opens_at)  # type: ignore[attr-defined]
    event.add("dtstart", run.starts_at.astimezone(zone))
    event.add("dtend", run.ends_at.astimezone(zone))
    event.add("summary", staff_plain(card.titled, "title"))
    event.add("description", "\n\n".join(filter(None, (staff_plain(card.course, "summary"), address))))
    event.add("url", address)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    # Whose calendar it is has not enrolled by that: no time of theirs is taken.
    event.add("transp", "TRANSPARENT")
    if card.has_place and (place := ", ".join(lines(staff_plain(card.place, card.place_field)))):
        event.add("location", place)
    return event


def uid_of(run: CourseRun) -> str:
    """RFC 5545, 3.8.4.7."""
    return f"{uuid.uuid5(uuid.NAMESPACE_OID, f'run {run.public_id}')}@ipsc"
