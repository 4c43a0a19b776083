"""The public pages of a booking, by its signed link (rule B6)."""

import functools
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from appointments import ical
from appointments.links import appointment_of, manage_url, token_of
from appointments.managing.changes import changes, limit_in_words, whatsapp_url
from appointments.messages.expecting import expecting
from appointments.models import Appointment, Status
from appointments.refusals import BookingRefused
from appointments.wording import HEADINGS, explanation
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.guards import View, private
from ipsc.templatetags.ipsc import staff_plain

ASKS_AFTER = timedelta(hours=1)


def by_link(view: View) -> View:
    """Give the view the booking of a link, and the moment; where the link opens none, say so (rule B6)."""

    @functools.wraps(view)
    @private
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        moment = now()
        appointment = appointment_of(token, moment)
        if appointment is None:
            return link_ended(request)
        return view(request, appointment=appointment, moment=moment)

    return shown


def link_ended(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/link_ended.html", status=404)


@require_safe
@by_link
def manage(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """The booking. GET shows; nothing here acts, since mail scanners open links (rule B6)."""
    return show(request, appointment, moment)


def show(
    request: HttpRequest, appointment: Appointment, moment: datetime, refusal: BookingRefused | None = None
) -> HttpResponse:
    """The booking as it is now; after a change that was refused, with the reason (status 409)."""
    status = Status(appointment.status)
    clinic = clinic_of(request)
    ahead = appointment.starts_at > moment
    context = {
        "appointment": appointment,
        "token": token_of(appointment),
        "heading": HEADINGS[status],
        "explanation": explanation(appointment),
        "change_until": limit_in_words(appointment.change_until),
        "ahead": ahead,
        "overdue": appointment.is_overdue(moment),
        "waiting": ahead and status in (Status.REQUESTED, Status.BOOKED),
        "changes": changes(appointment, moment),
        # Whoever has just booked is coming.
        "asks_coming": moment - appointment.created_at >= ASKS_AFTER,
        "expected": expecting(appointment) if ahead else None,
        "share_url": whatsapp_url(appointment, clinic, staff_plain(clinic, "address")),
        "moved": request.GET.get("moved") == str(appointment.sequence),
        "refusal": refusal,
    }
    return render(request, "appointments/manage.html", context, status=409 if refusal else 200)


@require_safe
@private
def short(request: HttpRequest) -> HttpResponse:
    """The short form of the link, as messages carry it: what stands before the question mark is always the same."""
    # Mail programs and chats hang their own marks on an address.
    token = request.META.get("QUERY_STRING", "").partition("&")[0].partition("=")[0].rstrip(".,;:!)]>")
    appointment = appointment_of(token, now())
    return redirect(manage_url(appointment)) if appointment else link_ended(request)


@require_safe
@by_link
def calendar(request: HttpRequest, *, appointment: Appointment, moment: datetime) -> HttpResponse:
    """The visit as a calendar entry to download."""
    body = ical.entry(appointment, clinic_of(request))
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
