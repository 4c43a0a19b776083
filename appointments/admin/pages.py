"""What the desk's pages share: who may act, which row is meant, and the frame of the admin around a template."""

import functools
from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from appointments.admin import facts
from appointments.admin.days import DAY
from appointments.models import Appointment
from ipsc.dates import clinic_day
from ipsc.history import Actor

ADD, CHANGE = "appointments.add_appointment", "appointments.change_appointment"
STALE = -1

View = Callable[[HttpRequest, Appointment], HttpResponse]


def require(request: HttpRequest, permission: str) -> None:
    """:raises PermissionDenied: whoever asks may not do this (rule P2)."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def on_appointment(view: View) -> Callable[..., HttpResponse]:
    """Give a view its appointment, if whoever asks may change appointments."""

    @functools.wraps(view)
    def run(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, CHANGE)
        return view(request, load(pk))

    return run


def load(pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.select_related("service", "clinician", "patient"), pk=pk)


def actor(request: HttpRequest) -> Actor:
    return Actor.staff(request.user)


def sequence_in(request: HttpRequest) -> int:
    """The version that a form was made from; a version that never was where the form says none."""
    text = request.POST.get("sequence", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else STALE


def show(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    """A page in the frame of the admin."""
    frame = {**admin.site.each_context(request), "opts": Appointment._meta}
    return render(request, f"admin/appointments/{template}.html", frame | context, status=status)


def url_of(appointment: Appointment) -> str:
    return reverse("admin:appointments_appointment_change", args=[appointment.pk])


def list_url(appointment: Appointment) -> str:
    """The list of the day of a visit."""
    day = clinic_day(appointment.starts_at)
    return f"{reverse('admin:appointments_appointment_changelist')}?{DAY}={day.isoformat()}"


def about(appointment: Appointment) -> dict:
    """What every page about a visit shows of it."""
    return {
        "appointment": appointment,
        "original": appointment,
        "age": facts.age(appointment),
        "needs": facts.needs(appointment),
        "badge": facts.badge(appointment),
        "list_url": list_url(appointment),
    }


def back_or(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page of this site in which the button stood, as the form says, or else to another."""
    back = request.POST.get("next", "")
    # Only a path: `redirect` would take a bare word for the name of a view.
    known = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if known else otherwise)


def done(request: HttpRequest, appointment: Appointment, words: str) -> HttpResponse:
    """Back to where the button was: the list that it stood in, or else the page of the visit."""
    messages.success(request, words)
    return back_or(request, url_of(appointment))
