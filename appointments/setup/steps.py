"""Which steps lead from an empty database to an open clinic, whether each is done, and what is missing and why.

Samples never count (rule F3), whatever the mode.
"""

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from appointments.models import Clinician, Service
from appointments.setup.facts import Facts, Point, Progress, Step, look
from ipsc.dates import day_in_words

# So far ahead the holidays have been looked through, at least.
AHEAD = timedelta(days=60)
# Somebody with one of these degrees is a doctor, whose registration patients may look up. Written with or without dots.
DOCTORS = re.compile(r"\b(mbbs|md|ms|dnb|dm|mch|drnb|fnb|frca|fracp|frcs|mrcp|da)\b", re.IGNORECASE)


def progress(*, now: datetime) -> Progress:
    """The steps as they stand at this moment, in five queries."""
    return judge(look(now=now))


def judge(facts: Facts) -> Progress:
    """The steps in their order. Pure: it asks nobody but `facts`."""
    steps = [_details(facts), _doctors(facts), _hours(facts), _services(facts), _holidays(facts), _safety(facts)]
    steps += [_messages(facts)]
    steps += [_samples()] if facts.has_samples else []
    return Progress([*steps, _opening(facts)])


def _details(facts: Facts) -> Step:
    clinic = facts.settings
    phone = _("The phone for patients.")
    missing = [Point(phone)] if not clinic.phone else []
    missing += [Point(_("The address."))] if not clinic.address.strip() else []
    wishes = {
        "address_hi": _("The address in Hindi."),
        "map_url": _("A link to a map."),
        "directions": _("How to get there."),
        "access": _("What there is of step-free access."),
    }
    return Step(
        "details",
        _("Clinic details"),
        _("Patients who cannot find or call the clinic do not come, and there is no other way to reach you."),
        _("Clinic settings"),
        ("ipsc_clinicsettings_change", "1"),
        tuple(missing),
        tuple(Point(words) for name, words in wishes.items() if not getattr(clinic, name).strip()),
        () if clinic.phone else (_("The phone for patients is missing in the clinic’s details."),),
    )


def _doctors(facts: Facts) -> Step:
    lacking = [(each, words) for each in facts.clinicians if (words := lacks(each))]
    points = tuple(
        Point(f"{each.name}: {words}", ("appointments_clinician_change", each.pk)) for each, words in lacking
    )
    is_done = len(lacking) < len(facts.clinicians)
    nobody = (Point(_("No doctor or therapist has been entered yet.")),)
    return Step(
        "doctors",
        _("Doctors"),
        _("Patients want to know who sees them, and may look up the registration of every doctor."),
        _("Doctors and therapists") if facts.clinicians else _("Add a doctor"),
        ("appointments_clinician_changelist",) if facts.clinicians else ("appointments_clinician_add",),
        () if is_done else points or nobody,
        points if is_done else (),
    )


def lacks(clinician: Clinician) -> str:
    """What a clinician's page should say and does not, in words; empty where nothing is missing."""
    if not clinician.qualification.strip():
        return _("the qualification is missing.")
    is_registered = clinician.council.strip() and clinician.registration_number.strip()
    if DOCTORS.search(clinician.qualification.replace(".", "")) and not is_registered:
        return _("the medical council and the registration number are missing.")
    return ""


def _hours(facts: Facts) -> Step:
    without = [each for each in facts.clinicians if each.pk not in facts.with_hours]
    missing = [
        Point(_("%(name)s has no working hours.") % {"name": each.name}, ("setup_week", each.pk)) for each in without
    ]
    if not facts.clinicians:
        missing = [Point(_("Enter the doctors first; then each gets a week."))]
    return Step(
        "hours",
        _("Weekly hours"),
        _("The site offers a time only where somebody works."),
        _("Weekly hours"),
        ("setup_hours",),
        tuple(missing),
        blocks=() if facts.with_hours else (_("Nobody has working hours yet."),),
    )


def _services(facts: Facts) -> Step:
    hints = []
    for each in facts.clinicians:
        if not facts.services_of(each):
            words = _("%(name)s offers no service, so nobody can book with them.") % {"name": each.name}
            hints.append(Point(words, ("appointments_clinician_change", each.pk)))
    for service in facts.services:
        if words := _service_lacks(facts, service):
            hints.append(Point(f"{service.name}: {words}", ("appointments_service_change", service.pk)))
    is_done = any(facts.is_bookable(each) for each in facts.services)
    missing = Point(
        _("No service is offered by anybody who has working hours.")
        if facts.services
        else _("No service has been entered yet.")
    )
    return Step(
        "services",
        _("Services and fees"),
        _("Patients book a service: it says what they come for, how long it takes and what it costs."),
        _("Services") if facts.services else _("Add a service"),
        ("appointments_service_changelist",) if facts.services else ("appointments_service_add",),
        () if is_done else (missing,),
        tuple(hints),
        () if is_done else (missing.words,),
    )


def _service_lacks(facts: Facts, service: Service) -> str:
    told = []
    if not facts.clinicians_of(service):
        told.append(_("nobody offers it; choose it on the page of a doctor"))
    if not service.name_hi.strip():
        told.append(_("no name in Hindi"))
    if service.fee is None:
        told.append(_("no fee"))
    return "; ".join(told) + "." if told else ""


def _holidays(facts: Facts) -> Step:
    until = facts.settings.holidays_checked_until
    if until is None:
        missing = [Point(_("Nobody has looked through the public holidays yet."))]
    elif until < facts.today + AHEAD:
        words = _("The public holidays have been looked through until %(day)s only.")
        missing = [Point(words % {"day": day_in_words(until)})]
    else:
        missing = []
    return Step(
        "holidays",
        _("Holidays"),
        _("On a holiday that nobody has entered, patients book and stand before a closed door."),
        _("Public holidays"),
        ("setup_holidays",),
        tuple(missing),
    )


def _safety(facts: Facts) -> Step:
    is_done = facts.settings.card_is_confirmed
    words = _("A clinician has to read the safety text and confirm it, also after every change.")
    return Step(
        "safety",
        _("Safety text"),
        _confirmed(facts)
        if is_done
        else _("It tells patients which signs cannot wait for an appointment. Doctors answer for it, not this site."),
        _("See the text") if is_done else _("Read and confirm it"),
        ("ipsc_safety",),
        () if is_done else (Point(words),),
        blocks=() if is_done else (_("No clinician has confirmed the safety text as it stands now."),),
    )


def _confirmed(facts: Facts) -> str:
    clinic = facts.settings
    day = day_in_words(clinic.red_flags_confirmed_on) if clinic.red_flags_confirmed_on else ""
    return _("Confirmed by %(doctor)s on %(day)s.") % {"doctor": clinic.red_flags_confirmed_by, "day": day}


def _messages(facts: Facts) -> Step:
    settings = facts.settings
    hints: tuple[Point, ...] = ()
    if settings.without_messages and not settings.messages_tested_at:
        hints = (Point(_("You have opened without a test: the list “Could not reach” says whom to phone.")),)
    is_done = bool(settings.messages_tested_at) or settings.without_messages
    return Step(
        "messages",
        _("Messages"),
        _("A confirmation that never arrives leaves patients in doubt, so send one to yourself first."),
        _("Send a test message"),
        ("ipsc_messages_test",),
        () if is_done else (Point(_("No test message has been sent.")),),
        hints,
    )


def _samples() -> Step:
    return Step(
        "samples",
        _("Samples removed"),
        _("Made-up doctors and visits do not belong in the lists of a clinic that is open."),
        _("Remove the samples"),
        ("appointments_samples",),
        (Point(_("There are samples: made up to show the site.")),),
    )


def _opening(facts: Facts) -> Step:
    is_open = facts.settings.online_booking_open
    offers = any(facts.is_bookable(each) for each in facts.services)
    words = _("It is open, but no time is on offer: no service is offered by anybody who has working hours.")
    missing = _("Online booking is closed.") if not is_open else "" if offers else words
    return Step(
        "open",
        _("Online booking"),
        _("Until you open it, the booking pages say kindly that it is closed, and give the phone number."),
        _("See and decide") if is_open else _("Open online booking"),
        ("setup_open",),
        (Point(missing),) if missing else (),
    )
