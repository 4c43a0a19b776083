"""The public pages of a booking, by its signed link (rule B6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appointments import ical
from appointments.links import appointment_of
from appointments.models import Status
from appointments.views.guards import private
from appointments.wording import EXPLANATIONS, HEADINGS
from ipsc.context_processors import clinic_of
from ipsc.dates import now


@require_safe
@private
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The booking by its signed link. GET shows; nothing here acts, since mail scanners open links (rule B6)."""
    moment = now()
    appointment = appointment_of(token, moment)
    if appointment is None:
        return render(request, "appointments/link_ended.html", status=404)
    status = Status(appointment.status)
    ahead = appointment.starts_at > moment
    context = {
        "appointment": appointment,
        "token": token,
        "heading": HEADINGS[status],
        "explanation": EXPLANATIONS.get(status, ""),
        "ahead": ahead,
        "overdue": appointment.is_overdue(moment),
        "waiting": ahead and status in (Status.REQUESTED, Status.BOOKED),
    }
    return render(request, "appointments/manage.html", context)


@require_safe
@private
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The visit as a calendar entry to download."""
    appointment = appointment_of(token, now())
    if appointment is None:
        return render(request, "appointments/link_ended.html", status=404)
    body = ical.entry(appointment, clinic_of(request))
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
