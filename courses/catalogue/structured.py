"""Courses and their runs in the words of schema.org, from what their pages show; pure.

Nothing is made up: what staff have not entered is None or empty here, and `ipsc.jsonld` leaves it out. A run that is
over is not told: nobody can enrol in it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from appointments.front.structured import SCHEMA, clinic_id
from courses.catalogue.cards import Card
from courses.catalogue.standing import State
from courses.models import Course, Faculty, Mode
from ipsc.templatetags.ipsc import in_page_language, lines, staff_plain

Facts = dict[str, Any]

MODES = {Mode.ONSITE: ["onsite"], Mode.ONLINE: ["online"], Mode.HYBRID: ["onsite", "online"]}
# Of the other states nothing can be had, or nothing online.
AVAILABLE = {
    State.OPENS: "PreOrder",
    State.OPEN: "InStock",
    State.FEW: "LimitedAvailability",
    State.WAITING: "SoldOut",
    State.FULL: "SoldOut",
}


def course(row: Course, cards: Sequence[Card], faculty: Iterable[Faculty], *, base_url: str) -> Facts:
    """A Course with the runs that are still to come, or under way."""
    return {
        "@context": SCHEMA,
        "@type": "Course",
        "@id": f"{base_url}{row.get_absolute_url()}#course",
        "name": text(row, "title"),
        "description": text(row, "summary"),
        "url": base_url + row.get_absolute_url(),
        "courseCode": row.public_id,
        "educationalLevel": row.get_level_display(),
        "timeRequired": duration(row),
        "teaches": lines(in_page_language(row, "outcomes")[0]),
        "audience": {
            "@type": "EducationalAudience",
            "educationalRole": "medical doctor",
            "audienceType": text(row, "audience"),
        },
        "coursePrerequisites": text(row, "eligibility"),
        "author": [person(each) for each in faculty if each.is_author and not each.is_sample],  # type: ignore[attr-defined]
        "provider": {"@type": "MedicalClinic", "@id": clinic_id(base_url)},
        "offers": [offer(each, base_url=base_url) for each in cards if each.standing.state in AVAILABLE],
        "hasCourseInstance": [instance(each, base_url=base_url) for each in cards],
    }


def instance(card: Card, *, base_url: str) -> Facts:
    """A CourseInstance, which is an Event: a cancelled one says so."""
    run = card.run
    return {
        "@type": "CourseInstance",
        "@id": f"{base_url}{run.course.get_absolute_url()}#{run.public_id}",
        "name": text(card.titled, "title"),
        "courseMode": MODES[Mode(run.mode)],
        "eventStatus": f"{SCHEMA}/Event{'Cancelled' if card.standing.state == State.CANCELLED else 'Scheduled'}",
        "startDate": moment(run.starts_at),
        "endDate": moment(run.ends_at),
        "courseWorkload": duration(run.course),
        "inLanguage": run.language,
        "maximumAttendeeCapacity": run.capacity,
        "location": place(card),
        "offers": offer(card, base_url=base_url) if card.standing.state in AVAILABLE else None,
    }


def offer(card: Card, *, base_url: str) -> Facts:
    """What a place costs at this moment, and whether there is one."""
    return {
        "@type": "Offer",
        "category": "Paid" if card.fee else "Free",
        "price": card.fee,
        "priceCurrency": "INR",
        "availability": f"{SCHEMA}/{AVAILABLE[card.standing.state]}",
        "validFrom": moment(card.run.opens_at),
        "validThrough": moment(card.run.closes_at),
        "url": f"{base_url}{card.course.get_absolute_url()}#{card.run.public_id}",
    }


def place(card: Card) -> Any:
    """Where people come to; the joining link is told to nobody but the enrolled."""
    address = ", ".join(lines(in_page_language(card.place, card.place_field)[0])) if card.has_place else ""
    found = {"@type": "Place", "address": address, "hasMap": card.run.map_url if card.has_place else ""}
    return found if address else None


def item_list(cards: Sequence[Card], *, name: str, url: str, base_url: str) -> Facts | None:
    """The courses of a page of the catalogue, in order; None for none."""
    # A course that runs twice in a month is one course.
    courses = list(dict.fromkeys(each.course for each in cards if each.is_live))
    if not courses:
        return None
    return {
        "@context": SCHEMA,
        "@type": "ItemList",
        "name": name,
        "url": url,
        "numberOfItems": len(courses),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": staff_plain(row, "title"),
                "url": base_url + row.get_absolute_url(),
            }
            for position, row in enumerate(courses, start=1)
        ],
    }


def breadcrumb(steps: Sequence[tuple[str, str]], *, base_url: str) -> Facts:
    """The way to a page: the name and the path of each step."""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": base_url + path}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def person(row: Faculty) -> Facts:
    return {"@type": "Person", "name": text(row, "name"), "honorificSuffix": row.credentials}


def duration(row: Course) -> str:
    """Hours of teaching as ISO 8601 has them: PT7H30M."""
    minutes = int(row.hours * 60)
    return f"PT{minutes // 60}H{minutes % 60}M" if minutes % 60 else f"PT{minutes // 60}H"


def moment(value: datetime) -> str:
    """By the clock on the clinic's wall, with its offset."""
    return timezone.localtime(value).isoformat(timespec="minutes")


def text(row: Any, name: str) -> Any:
    """A text of staff's in the page's language; one of another language says so, in the way of JSON-LD."""
    found, language = in_page_language(row, name)
    words = " ".join(found.split())
    return {"@language": language, "@value": words} if words and language else words
