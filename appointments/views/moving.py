"""The pages by which patients move their booking: choose a time, check, and then by POST move (rules B2 and B7)."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from appointments.attempts import ANY, Choice, choice_from
from appointments.diary import openings
from appointments.links import manage_url, token_of
from appointments.managing.moving import clinicians_for, is_where_it_was, whoever_is_free
from appointments.managing.moving import move as move_booking
from appointments.models import Appointment, Clinician
from appointments.refusals import BookingRefused, SlotTaken, TooLate, WrongStatus
from appointments.times import Timetable
from appointments.views.changing import asked_about, closed_to_changes, refused
from appointments.views.choosing import read_day
from appointments.views.manage import by_link
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day
from ipsc.forms import SeenForm
from ipsc.history import PATIENT
from ipsc.models import Unanswered

LOST = ("taken", "changed", "same")


@require_safe
@by_link
def move(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """When would you rather come? The times of the same visit, with the same clinician unless another is asked for."""
    if answer := closed_to_changes(request, appointment, moment):
        return answer
    clinic = clinic_of(request)
    clinicians = clinicians_for(appointment) if clinic.online_booking_open else []
    clinician = wanted(request, appointment, clinicians)
    found = openings(
        appointment.service,
        now=moment,
        clinicians=[clinician] if clinician else clinicians,
        release_unanswered=clinic.unanswered_requests == Unanswered.RELEASE,
        ignored=appointment.pk,
    )
    context = asked_about(appointment) | {
        "service": appointment.service,
        "clinicians": clinicians,
        "clinician": clinician,
        "clinician_key": clinician.public_id if clinician else ANY,
        "timetable": Timetable(found, read_day(request.GET.get("day", ""))),
        "choose_url": reverse("appointments:move_check", args=[token_of(appointment)]),
        "anyone": ANY,
        "draft": None,
        "came_from": None,
        "kept_start": None if clinician and clinician.pk != appointment.clinician_id else appointment.starts_at,
        "lost": request.GET.get("lost", "") if request.GET.get("lost") in LOST else "",
    }
    return render(request, "appointments/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def move_check(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """The old time and the new one; then, by POST, the move."""
    choice = choice_from(request.POST if request.method == "POST" else request.GET, appointment.service)
    if request.method == "POST" and choice and is_where_it_was(appointment, choice):
        # Sent twice: the first one has moved it.
        return redirect(manage_url(appointment))
    if answer := closed_to_changes(request, appointment, moment):
        return answer
    if choice is None:
        return back_to_times(appointment, "changed")
    if is_where_it_was(appointment, choice):
        return back_to_times(appointment, "same", choice)
    if request.method == "POST":
        return move_and_answer(request, appointment, choice, moment)
    if not clinic_of(request).online_booking_open or not can_take(appointment, choice, moment):
        return back_to_times(appointment, "changed", choice)
    context = asked_about(appointment) | {"choice": choice, "times_url": times_url(appointment, choice)}
    return render(request, "appointments/move_check.html", context)


def move_and_answer(request: HttpRequest, appointment: Appointment, choice: Choice, moment: datetime) -> HttpResponse:
    """Move, or say why not; the old time is kept as long as no new one is held."""
    sequence = SeenForm(request.POST).sequence
    try:
        moved = move_booking(appointment=appointment, choice=choice, by=PATIENT, now=moment, sequence=sequence)
    except (WrongStatus, TooLate) as refusal:
        appointment.refresh_from_db()
        if is_where_it_was(appointment, choice):
            return redirect(manage_url(appointment))
        return refused(request, appointment, moment, refusal)
    except BookingRefused as refusal:
        # What else stands in the way is nobody's business here: a linked person's other visit, for one (rule B4).
        return back_to_times(appointment, "taken" if isinstance(refusal, SlotTaken) else "changed", choice)
    return redirect(f"{manage_url(moved)}?{urlencode({'moved': moved.sequence})}")


def wanted(request: HttpRequest, appointment: Appointment, clinicians: list[Clinician]) -> Clinician | None:
    """Whose times are looked at: those of the one asked for, of the present one, or of anyone (None)."""
    asked = request.GET.get("clinician", appointment.clinician.public_id)
    return next((each for each in clinicians if each.public_id == asked), None)


def can_take(appointment: Appointment, choice: Choice, moment: datetime) -> bool:
    """Whether the start is on offer now; the verb looks once more."""
    free = whoever_is_free(appointment, choice.starts_at, now=moment, only=choice.clinician)
    return free is not None


def back_to_times(appointment: Appointment, lost: str, choice: Choice | None = None) -> HttpResponse:
    return redirect(times_url(appointment, choice, lost=lost))


def times_url(appointment: Appointment, choice: Choice | None, **query: str) -> str:
    """The times page at the day and the clinician of a choice."""
    if choice:
        query["day"] = clinic_day(choice.starts_at).isoformat()
        query["clinician"] = choice.clinician.public_id if choice.clinician else ANY
    return f"{reverse('appointments:move', args=[token_of(appointment)])}?{urlencode(query)}"
