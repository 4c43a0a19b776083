"""The pages by which patients change their booking: each asks by GET and acts by POST (rules B6 and B7)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from appointments.booking import cancel as cancel_booking
from appointments.booking import confirm_coming
from appointments.links import manage_url, token_of
from appointments.managing.changes import changes
from appointments.managing.forms import CancelForm
from appointments.models import Appointment, Status
from appointments.refusals import BookingRefused, TooLate, WrongStatus
from appointments.views.manage import by_link, show
from ipsc.forms import SeenForm
from ipsc.history import PATIENT
from ipsc.signs import signs_in


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def coming(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """Are you coming? Then, by POST, that is recorded."""
    if request.method == "POST":
        try:
            confirm_coming(appointment=appointment, by=PATIENT, now=moment, sequence=SeenForm(request.POST).sequence)
        except BookingRefused as refusal:
            return refused(request, appointment, moment, refusal)
        return redirect(manage_url(appointment))
    if not changes(appointment, moment).coming:
        return redirect(manage_url(appointment))
    return render(request, "appointments/coming.html", asked_about(appointment))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def cancel(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """Do you want to cancel? Then, by POST, the visit is cancelled, once however often that is sent."""
    form = CancelForm(request.POST) if request.method == "POST" else CancelForm()
    if answer := closed_to_changes(request, appointment, moment):
        return answer
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            cancel_booking(
                appointment=appointment, by=PATIENT, now=moment, reason=reason, sequence=SeenForm(request.POST).sequence
            )
        except BookingRefused as refusal:
            return refused(request, appointment, moment, refusal)
        # Whoever writes of a sign that cannot wait is led to the card first (rule F2).
        return redirect(manage_url(appointment) + ("#red-flags" if signs_in(reason) else ""))
    return render(request, "appointments/cancel.html", asked_about(appointment) | {"form": form})


def asked_about(appointment: Appointment) -> dict:
    return {"appointment": appointment, "token": token_of(appointment)}


def closed_to_changes(request: HttpRequest, appointment: Appointment, moment: datetime) -> HttpResponse | None:
    """The answer where a booking can be neither moved nor cancelled here: after the notice, or when it has ended.

    What has been done already is no refusal: a form that is sent again shows the booking.
    """
    now_open = changes(appointment, moment)
    if now_open.move:
        return None
    if now_open.too_late:
        return too_late(request, appointment)
    if request.method == "POST" and appointment.status != Status.CANCELLED:
        return show(request, appointment, moment, WrongStatus())
    return redirect(manage_url(appointment))


def too_late(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return render(request, "appointments/too_late.html", asked_about(appointment), status=status)


def refused(request: HttpRequest, appointment: Appointment, moment: datetime, refusal: BookingRefused) -> HttpResponse:
    """The booking as it has become meanwhile, and why the change was not made."""
    appointment.refresh_from_db()
    if isinstance(refusal, TooLate):
        return too_late(request, appointment)
    return show(request, appointment, moment, refusal)
