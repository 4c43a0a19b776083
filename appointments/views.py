"""The public booking pages. A view loads, binds, calls one verb and answers; rules live behind it."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments import attempts, ical
from appointments.attempts import ANY, Choice
from appointments.booking import book
from appointments.diary import openings
from appointments.forms import WhoForm
from appointments.links import appointment_of, manage_url
from appointments.models import BookingDraft, Clinician, Service, Status
from appointments.refusals import BookingClosed, BookingRefused, ServiceNotOnOffer, SlotTaken, TooManyBookings
from appointments.times import Timetable
from appointments.wording import EXPLANATIONS, HEADINGS
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day, now
from ipsc.history import PATIENT
from ipsc.models import Unanswered
from ipsc.ratelimit import address_of
from ipsc.views import csrf_failure

View = Callable[..., HttpResponse]

TOO_MANY_FORMS = _(
    "Many forms have come from your connection in the last hour. Please wait a little and send this again."
)


def while_open(view: View) -> View:
    """Show a kind page instead while online booking is switched off."""

    @functools.wraps(view)
    def shown(request: HttpRequest, **kwargs) -> HttpResponse:
        if not clinic_of(request).online_booking_open:
            return closed(request)
        return view(request, **kwargs)

    return shown


def private(view: View) -> View:
    """For pages of one person's booking, or whose address may carry an attempt: neither stored nor indexed (rule B6).

    Their address leaves the site with no request: the policy for all pages is `same-origin`. A stricter one would make
    browsers send `Origin: null` with the forms, which the protection against forged requests refuses.
    """

    @functools.wraps(view)
    def shown(request: HttpRequest, **kwargs) -> HttpResponse:
        response = view(request, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("appointments:urgent")


@require_safe
@while_open
def urgent(request: HttpRequest) -> HttpResponse:
    """Is it urgent? Asked before anything else (rule F2)."""
    return render(request, "appointments/urgent.html")


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """Where to go now. Shown whether or not booking is open."""
    return render(request, "appointments/emergency.html")


@require_safe
@while_open
@private
def service(request: HttpRequest) -> HttpResponse:
    """What is it for?"""
    services = Service.objects.public().filter(clinicians__in=Clinician.objects.public()).distinct()
    attempt = attempts.attempt_in(request.GET)
    draft = attempts.draft_of(attempts.key_of(request, attempt), now())
    context = {"services": services, "attempt": attempt if draft else None, "gone": "gone" in request.GET}
    return render(request, "appointments/service.html", context)


@require_safe
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
        "draft": draft,
        "attempt": attempt,
        "lost": request.GET.get("lost", "") if request.GET.get("lost") in ("taken", "changed") else "",
    }
    template = "appointments/times.html" if timetable.soonest else "appointments/no_times.html"
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
@private
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a start to the next question; or, by POST, into an attempt that has its answers already."""
    chosen = find_service(public_id)
    if chosen is None:
        return redirect_to_services(request)
    choice = attempts.choice_from(request.POST if request.method == "POST" else request.GET, chosen)
    if choice is None:
        return redirect_to_times(public_id, lost="changed")
    if request.method != "POST":
        return redirect(f"{reverse('appointments:who', args=[uuid.uuid4()])}?{choice.query}")
    moment = now()
    attempt = attempts.attempt_in(request.POST)
    draft = attempts.draft_of(attempts.key_of(request, attempt), moment)
    if draft is None:
        return expired(request)
    attempts.choose(draft, choice, moment)
    return redirect("appointments:check", attempt=attempt)


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
@private
def who(request: HttpRequest, attempt: uuid.UUID) -> HttpResponse:
    """Who is it for and how do we reach you? A valid answer is kept under the attempt's id (rule B8)."""
    moment = now()
    key = attempts.key_of(request, attempt)
    if made := attempts.made_in(key):
        return redirect(manage_url(made)) if attempts.is_fresh(made, moment) else expired(request)
    draft = attempts.draft_of(key, moment)
    # What was typed is kept even when the choice has gone out of use meanwhile: the verb refuses it later, in words.
    choice = attempts.choice_of(draft) if draft else attempts.choice_from(request.GET, in_use=False)
    if choice is None:
        return expired(request)
    today = clinic_day(moment)
    if request.method == "POST":
        if key is None:
            return csrf_failure(request)
        form = WhoForm(request.POST, today=today)
        if form.is_valid():
            if attempts.may_keep(address_of(request), moment):
                attempts.keep(key, choice, form.answers() | attempts.consent_now(moment), moment)
                return redirect("appointments:check", attempt=attempt)
            form.add_error(None, TOO_MANY_FORMS)
    else:
        form = WhoForm(draft.answers if draft else None, today=today)
    context = {"form": form, "choice": choice, "attempt": attempt, "draft": draft}
    return render(request, "appointments/who.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@while_open
@private
def check(request: HttpRequest, attempt: uuid.UUID) -> HttpResponse:
    """Check your answers; then, by POST, book."""
    moment = now()
    key = attempts.key_of(request, attempt)
    if made := attempts.made_in(key):
        return redirect(manage_url(made)) if attempts.is_fresh(made, moment) else expired(request)
    draft = attempts.draft_of(key, moment)
    if draft is None:
        return expired(request)
    form = WhoForm(draft.answers, today=clinic_day(moment))
    if not form.is_valid():
        return redirect("appointments:who", attempt=attempt)
    choice = attempts.choice_of(draft)
    if request.method == "POST":
        return book_and_answer(request, attempt, draft, form)
    context = {"choice": choice, "rows": form.rows(), "attempt": attempt}
    return render(request, "appointments/check.html", context)


def book_and_answer(request: HttpRequest, attempt: uuid.UUID, draft: BookingDraft, form: WhoForm) -> HttpResponse:
    """Book what a draft says. Every refusal has an answer of its own, and none of them loses what was typed."""
    choice = attempts.choice_of(draft)
    try:
        made = book(
            service=choice.service,
            clinician=choice.clinician,
            starts_at=choice.starts_at,
            details=replace(form.details(), **attempts.consent_of(draft)),
            attempt=draft.attempt,
            address=address_of(request),
            by=PATIENT,
            now=now(),
        )
    except BookingClosed:
        return closed(request)
    except TooManyBookings as refusal:
        return render(request, "appointments/too_many.html", {"refusal": refusal}, status=429)
    except ServiceNotOnOffer:
        return redirect_to_services(request, attempt=attempt)
    except BookingRefused as refusal:
        # "Taken" is said only when somebody has it; a time that was never or is no longer offered is another matter.
        lost = "taken" if isinstance(refusal, SlotTaken) else "changed"
        return redirect_to_times(choice.service.public_id, lost=lost, attempt=attempt, choice=choice)
    return redirect(manage_url(made))


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


def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/closed.html")


def expired(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/expired.html", status=410)


def find_service(public_id: str) -> Service | None:
    return Service.objects.public().filter(public_id=public_id.replace("\0", "")).first()


def read_day(text: str):
    try:
        return parse_date(text)
    except ValueError:
        return None


def redirect_to_services(request: HttpRequest, attempt: uuid.UUID | None = None) -> HttpResponse:
    attempt = attempt or attempts.attempt_in(request.GET)
    query = {"gone": 1} | ({"attempt": attempt} if attempt else {})
    return redirect(f"{reverse('appointments:service')}?{urlencode(query)}")


def redirect_to_times(
    public_id: str, *, lost: str, attempt: uuid.UUID | None = None, choice: Choice | None = None
) -> HttpResponse:
    query = {"lost": lost} | ({"attempt": str(attempt)} if attempt else {})
    if choice:
        query["day"] = clinic_day(choice.starts_at).isoformat()
        if choice.clinician:
            query["clinician"] = choice.clinician.public_id
    return redirect(f"{reverse('appointments:times', args=[public_id])}?{urlencode(query)}")
