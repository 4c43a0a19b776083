"""The public pages before anybody has typed anything: is it urgent, what for, when."""

import uuid
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from appointments import attempts
from appointments.attempts import ANY
from appointments.diary import openings
from appointments.front.soonest import offers, soonest_of
from appointments.models import Clinician, Service
from appointments.times import Timetable
from appointments.views.guards import (
    expired,
    from_a_page,
    redirect_to_services,
    redirect_to_times,
    while_open,
)
from ipsc import origins
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.guards import private
from ipsc.models import Unanswered


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("appointments:urgent")


@require_safe
@from_a_page
@while_open
def urgent(request: HttpRequest) -> HttpResponse:
    """Is it urgent? Asked before anything else (rule F2), also where the visit or the clinician is chosen already."""
    return render(
        request, "appointments/urgent.html", {"onward": onward(request), "came_from": origins.of(request.GET)}
    )


@require_safe
@from_a_page
def emergency(request: HttpRequest) -> HttpResponse:
    """Where to go now. Shown whether or not booking is open."""
    context = {"cannot_wait": True, "came_from": origins.of(request.GET)}
    return render(request, "appointments/emergency.html", context)


@require_safe
@from_a_page
@while_open
@private
def service(request: HttpRequest) -> HttpResponse:
    """What is it for?"""
    services = Service.objects.public().filter(clinicians__in=Clinician.objects.public()).distinct()
    clinician = find_wanted(request)
    if clinician:
        services = services.filter(clinicians=clinician)
    attempt = attempts.attempt_in(request.GET)
    draft = attempts.draft_of(attempts.key_of(request, attempt), now())
    context = {
        "services": services,
        "clinician": clinician,
        "clinician_key": clinician.public_id if clinician else None,
        "attempt": attempt if draft else None,
        "gone": "gone" in request.GET,
        "came_from": origins.of(request.GET),
    }
    return render(request, "appointments/service.html", context)


@require_safe
@from_a_page
@while_open
@private
def times(request: HttpRequest, public_id: str) -> HttpResponse:
    """When? The soonest times, then days, then the chosen day's times."""
    chosen = find_service(public_id)
    if chosen is None:
        return redirect_to_services(request)
    moment = now()
    clinicians = list(Clinician.objects.public().filter(services=chosen))
    wanted = [each for each in clinicians if each.public_id == request.GET.get("clinician")]
    release = clinic_of(request).unanswered_requests == Unanswered.RELEASE
    found = openings(chosen, now=moment, clinicians=wanted or clinicians, release_unanswered=release)
    timetable = Timetable(found, read_day(request.GET.get("day", "")))
    attempt = attempts.attempt_in(request.GET)
    draft = attempts.draft_of(attempts.key_of(request, attempt), moment)
    context = {
        "service": chosen,
        "clinicians": clinicians,
        "clinician": wanted[0] if wanted else None,
        "clinician_key": wanted[0].public_id if wanted else ANY,
        "timetable": timetable,
        "choose_url": reverse("appointments:choose", args=[chosen.public_id]),
        # Named, since looking in vain for a name costs more than all else in a link.
        "kept_start": None,
        "anyone": None,
        "draft": draft,
        "attempt": attempt,
        "lost": request.GET.get("lost", "") if request.GET.get("lost") in ("taken", "changed") else "",
        "came_from": origins.of(request.GET),
    }
    if timetable.soonest:
        return render(request, "appointments/times.html", context)
    free = soonest_of(offered := offers(), offered.services, now=moment, release_unanswered=release)
    context |= {"others_have_times": chosen.pk in free, "other_visits": bool(free.keys() - {chosen.pk})}
    return render(request, "appointments/no_times.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@from_a_page
@while_open
@private
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a start to the next question; or, by POST, into an attempt that has its answers already."""
    chosen = find_service(public_id)
    if chosen is None:
        return redirect_to_services(request)
    choice = attempts.choice_from(request.POST if request.method == "POST" else request.GET, chosen)
    if choice is None:
        return redirect_to_times(public_id, lost="changed", came_from=origins.of(request.GET))
    if request.method != "POST":
        return redirect(f"{reverse('appointments:who', args=[uuid.uuid4()])}?{choice.query}")
    moment = now()
    attempt = attempts.attempt_in(request.POST)
    draft = attempts.draft_of(attempts.key_of(request, attempt), moment)
    if draft is None:
        return expired(request)
    attempts.choose(draft, choice, moment)
    return redirect("appointments:check", attempt=attempt)


def onward(request: HttpRequest) -> str:
    """Where the way goes on after the signs: to the times of the visit asked for, or to the choice of one."""
    clinician = find_wanted(request)
    wanted = {"clinician": clinician.public_id} if clinician else {}
    wanted |= origins.as_query(origins.of(request.GET))
    query = f"?{urlencode(wanted)}" if wanted else ""
    chosen = find_service(request.GET.get("service", ""))
    if chosen:
        return reverse("appointments:times", args=[chosen.public_id]) + query
    return reverse("appointments:service") + query


def find_wanted(request: HttpRequest) -> Clinician | None:
    """The clinician whom an address asks for, if the public may book with one of that id."""
    public_id = request.GET.get("clinician", "").replace("\0", "")
    return Clinician.objects.public().filter(public_id=public_id).first() if public_id else None


def find_service(public_id: str) -> Service | None:
    if not public_id:
        return None
    return Service.objects.public().filter(public_id=public_id.replace("\0", "")).first()


def read_day(text: str):
    try:
        return parse_date(text)
    except ValueError:
        return None
