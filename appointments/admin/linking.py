"""Which person a booking is for. Staff say so, helped by suggestions (rule B4)."""

from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import booking
from appointments.admin.pages import about, actor, done, load, on_appointment, sequence_in, show
from appointments.admin.searching import found
from appointments.admin.steps import words
from appointments.models import Appointment, Patient
from appointments.refusals import BookingRefused
from ipsc.names import matching, search_key

MOST, ALIKE = 10, 0.35
NEW, NOBODY = "new", "none"


@dataclass
class Suggestion:
    """A known person, and what speaks for them."""

    patient: Patient
    likeness: float = 0.0
    reasons: list[str] = field(default_factory=list)


def suggestions(appointment: Appointment) -> list[Suggestion]:
    """Known people who may be this patient, the likeliest first: same phone, similar name, same birth date."""
    name = search_key(appointment.name)
    alike = TrigramSimilarity("search_name", name)
    people = Patient.objects.annotate(alike=alike).order_by("-alike", "pk")
    by_phone = list(people.filter(phone=appointment.phone)[:MOST])
    by_name = list(matching(people, appointment.name)[:MOST])
    likely = {}
    for patient in (*by_phone, *by_name):
        reasons, likeness = [], patient.alike
        if patient.phone and patient.phone == appointment.phone:
            reasons.append(_("same phone"))
            likeness += 1
        if patient.search_name == name:
            reasons.append(_("same name"))
        elif patient.alike >= ALIKE:
            reasons.append(_("similar name"))
        if patient.born_on and patient.born_on == appointment.born_on:
            reasons.append(_("same date of birth"))
            likeness += 1
        if reasons and patient.pk != appointment.patient_id:
            likely[patient.pk] = Suggestion(patient, likeness, reasons)
    return sorted(likely.values(), key=lambda each: (-each.likeness, each.patient.pk))[:MOST]


@require_http_methods(["GET", "HEAD", "POST"])
@on_appointment
def link(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Link to a known person, to a new one made from the booking, or to nobody."""
    refusal = ""
    if request.method == "POST":
        wanted = request.POST.get("person", "")
        try:
            made = _link(request, appointment, wanted)
        except BookingRefused as error:
            refusal, appointment = words(error), load(appointment.pk)
        else:
            if made is not None:
                linked = _("Linked to %(person)s.") % {"person": made.patient}
                return done(request, made, linked if made.patient else _("Not linked any more."))
            refusal = _("That person is not there any more. Choose another one.")
    query = request.GET.get("q", "").strip()
    context = about(appointment) | {
        "title": _("Who is this patient?"),
        "suggestions": suggestions(appointment),
        "query": query,
        "found": [Suggestion(patient) for patient in found(Patient.objects.order_by("name", "pk"), query)[:20]]
        if query
        else [],
        "refusal": refusal,
    }
    return show(request, "appointment/link", context, 409 if refusal else 200)


def _link(request: HttpRequest, appointment: Appointment, wanted: str) -> Appointment | None:
    """Do what the button said; None where it named a person who does not exist."""
    by, sequence = actor(request), sequence_in(request)
    if wanted == NEW:
        return booking.register(appointment=appointment, sequence=sequence, by=by)
    patient = None
    if wanted != NOBODY:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
            return None
        patient = Patient.objects.filter(pk=wanted).first()
        if patient is None:
            return None
    return booking.link(appointment=appointment, patient=patient, sequence=sequence, by=by)
