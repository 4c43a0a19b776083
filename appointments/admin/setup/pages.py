"""The page of all steps, and the switch of online booking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.admin.pages import actor, require, show
from appointments.admin.setup.offers import told_to_patients
from appointments.setup import steps, switch
from ipsc.dates import now

# Whoever may change the clinic's settings takes it into service.
PERMISSION = "ipsc.change_clinicsettings"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Each step, done or missing, why it matters, and the way there."""
    require(request, PERMISSION)
    found = steps.progress(now=now())
    context = {"title": _("Set up the clinic"), "progress": found, "is_open": found.step("open").is_done}
    return show(request, "setup/page", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_booking(request: HttpRequest) -> HttpResponse:
    """GET shows what patients would find now, and what is still missing; POST opens online booking."""
    require(request, PERMISSION)
    moment, refusal = now(), ""
    if request.method == "POST":
        try:
            switch.open_booking(by=actor(request), now=moment)
        except switch.NotReady as not_ready:
            refusal = str(not_ready)
        else:
            messages.success(request, _("Online booking is open. Patients can book now."))
            return redirect("admin:setup")
    found = steps.progress(now=moment)
    context = {
        "title": _("Open online booking"),
        "refusal": refusal,
        "progress": found,
        "is_open": found.step("open").is_done,
        "warnings": [step for step in found.steps if step.missing and not step.blocks and step.key != "open"],
        "offers": told_to_patients(now=moment),
        "form_url": reverse("admin:setup_open"),
    }
    return show(request, "setup/open", context)


@require_POST
def close_booking(request: HttpRequest) -> HttpResponse:
    """Close online booking; what is booked stays booked."""
    require(request, PERMISSION)
    switch.close_booking(by=actor(request))
    messages.success(request, _("Online booking is closed. What is booked stays booked."))
    return redirect("admin:setup")
