"""The clinic, its physicians and its treatments in the words of schema.org, from rows; pure but for `weekly_hours`.

Nothing is made up: what staff have not entered is None or empty here, and `ipsc.jsonld` leaves it out. Texts are in the
page's language; one that falls back is marked with its language, as on the page (rule L1). Put what these functions
give into the context as `structured`, a dict or a list of them: the head of the page does the rest.
"""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Q
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.availability import Interval, tidy
from appointments.models import Clinician, Service, TimeOff, WorkingHours
from ipsc.dates import clinic_day, start_of_day
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import in_page_language

Facts = dict[str, Any]

SCHEMA = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = 24 * 60
# Between the languages that somebody speaks, as people write such a list in either language.
BETWEEN = re.compile(r"[,;/|•·\n]|\s(?:and|&|और|तथा|एवं)\s")


def clinic(
    row: ClinicSettings,
    *,
    base_url: str,
    hours: Iterable[WorkingHours] = (),
    holidays: Iterable[TimeOff] = (),
    today: date,
) -> Facts:
    """A MedicalClinic. `base_url` is the site's own address without a slash at its end."""
    return {
        "@context": SCHEMA,
        "@type": "MedicalClinic",
        "@id": clinic_id(base_url),
        "name": row.name,
        "alternateName": text(row, "full_name"),
        "url": base_url + reverse("home"),
        "logo": picture(row.logo_id, base_url) or base_url + static("ipsc/icon-512.png"),
        "telephone": [number.as_e164 for number in (row.phone, row.second_phone) if number],
        "email": row.email,
        "address": text(row, "address"),
        "hasMap": row.map_url,
        "medicalSpecialty": _("Pain medicine"),
        "knowsLanguage": languages(row),
        "openingHoursSpecification": opening_hours(hours, today=today),
        "specialOpeningHoursSpecification": closed_days(holidays, today=today),
    }


def physician(row: Clinician, *, base_url: str) -> Facts | None:
    """A Physician; None for a sample, which is no person (F3), and for whoever is in no medical register.

    A therapist is no physician, and only the register tells them apart.
    """
    if row.is_sample or not row.registration_number:
        return None
    return {
        "@context": SCHEMA,
        "@type": "Physician",
        "name": text(row, "name"),
        "url": base_url + reverse("doctor", args=[row.slug]),
        "image": picture(row.photo_id, base_url),
        "identifier": {"@type": "PropertyValue", "propertyID": row.council, "value": row.registration_number},
        "knowsLanguage": languages(row),
        # To schema.org a physician is an organisation: `worksFor` is for persons.
        "parentOrganization": {"@type": "MedicalClinic", "@id": clinic_id(base_url)},
    }


def treatment(row: Service, *, base_url: str) -> Facts:
    """A MedicalProcedure where the service has a medical term, else a plain Service, as a first talk is."""
    medical = text(row, "medical_name")
    facts = {
        "@context": SCHEMA,
        "@type": "MedicalProcedure" if medical else "Service",
        "name": text(row, "name"),
        "alternateName": medical,
        "description": text(row, "description"),
        "url": base_url + reverse("treatment", args=[row.slug]),
    }
    if not medical:
        facts["provider"] = {"@type": "MedicalClinic", "@id": clinic_id(base_url)}
    return facts


def clinic_id(base_url: str) -> str:
    """What the clinic is called wherever a machine reads of it, in either language."""
    return f"{base_url}/#clinic"


def weekly_hours(today: date) -> list[WorkingHours]:
    """The rows for `clinic`: every week's hours of all whom the public may see, from `today` on; in one query."""
    return list(
        WorkingHours.objects.shown()
        .filter(clinician__in=Clinician.objects.public(), every=1)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))
        .order_by("weekday", "opens", "pk")
    )


def opening_hours(rows: Iterable[WorkingHours], *, today: date) -> list[Facts]:
    """Weekly hours of several clinicians, put together per weekday; weekdays with the same hours stand in one.

    What holds for a time has its first and last day, and is left out where the lasting hours contain it. Hours of
    every second week and rarer have no word in schema.org, and are left out.
    """
    spans: dict[tuple[date | None, date | None], dict[int, list[Interval]]] = {}
    for row in rows:
        if row.every == 1 and (row.valid_until is None or row.valid_until >= today):
            first_day = row.valid_from if row.valid_from and row.valid_from > today else None
            week = spans.setdefault((first_day, row.valid_until), {})
            week.setdefault(row.weekday, []).append(minutes(row))
    lasting = {weekday: tidy(found) for weekday, found in spans.pop((None, None), {}).items()}
    told = _by_hours(lasting, None, None)
    for (first_day, last_day), week in sorted(spans.items(), key=lambda each: _sortable(each[0])):
        new = {weekday: _not_in(tidy(found), lasting.get(weekday, [])) for weekday, found in week.items()}
        told += _by_hours(new, first_day, last_day)
    return told


def closed_days(rows: Iterable[TimeOff], *, today: date) -> list[Facts]:
    """The whole days, from `today` on, on which the clinic sees nobody; parts of a day are left out."""
    told = []
    for row in rows:
        first_day, after = clinic_day(row.starts_at), clinic_day(row.ends_at)
        if row.starts_at > start_of_day(first_day):
            first_day += timedelta(days=1)
        first_day = max(first_day, today)
        if row.clinician_id is None and first_day < after:
            told.append(
                {
                    "@type": "OpeningHoursSpecification",
                    "name": text(row, "holiday"),
                    "validFrom": first_day.isoformat(),
                    "validThrough": (after - timedelta(days=1)).isoformat(),
                    # The same moment twice is how a whole closed day is written.
                    "opens": "00:00",
                    "closes": "00:00",
                }
            )
    return told


def languages(row: ClinicSettings | Clinician) -> list[Any]:
    """The languages of a list that staff have typed, one by one."""
    found, language = in_page_language(row, "languages")
    return [_marked(each.strip(" ."), language) for each in BETWEEN.split(found) if each.strip(" .")]


def text(row: ClinicSettings | Clinician | Service | TimeOff, name: str) -> Any:
    """A text of staff's in the page's language; one of another language says so, in the way of JSON-LD."""
    found, language = in_page_language(row, name)
    return _marked(", ".join(line.strip(" ,") for line in found.splitlines() if line.strip(" ,")), language)


def picture(digest: str | None, base_url: str) -> str:
    """The absolute address of a picture that staff have added, which need not be read for it; empty for none."""
    return base_url + reverse("picture", args=[digest]) if digest else ""


def minutes(row: WorkingHours) -> Interval:
    """The hours of a row as minutes of its day; midnight ends it."""
    return _minute(row.opens), _minute(row.closes) or DAY


def _by_hours(week: dict[int, list[Interval]], first_day: date | None, last_day: date | None) -> list[Facts]:
    weekdays: dict[Interval, list[int]] = {}
    for weekday, found in sorted(week.items()):
        for interval in found:
            weekdays.setdefault(interval, []).append(weekday)
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"{SCHEMA}/{DAYS[weekday]}" for weekday in found],
            "opens": _clock(opens),
            "closes": _clock(closes),
            "validFrom": first_day.isoformat() if first_day else None,
            "validThrough": last_day.isoformat() if last_day else None,
        }
        for (opens, closes), found in sorted(weekdays.items(), key=lambda each: (each[1], each[0]))
    ]


def _not_in(found: list[Interval], lasting: list[Interval]) -> list[Interval]:
    return [(start, end) for start, end in found if not any(first <= start and end <= last for first, last in lasting)]


def _sortable(span: tuple[date | None, date | None]) -> tuple[date, date]:
    return span[0] or date.min, span[1] or date.max


def _marked(found: str, language: str) -> Any:
    return {"@language": language, "@value": found} if found and language else found


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> str:
    # 24:00 is no time of day, and 00:00 would mean that nobody comes.
    minute = min(minute, DAY - 1)
    return f"{minute // 60:02}:{minute % 60:02}"
