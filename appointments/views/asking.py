"""The public pages of one attempt: who is it for, check, and book (rule B8)."""

import uuid
from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments import attempts
from appointments.booking import book
from appointments.forms import WhoForm
from appointments.links import manage_url
from appointments.models import BookingDraft
from appointments.refusals import BookingClosed, BookingRefused, ServiceNotOnOffer, SlotTaken, TooManyBookings
from appointments.views.guards import (
    closed,
    expired,
    from_a_page,
    redirect_to_services,
    redirect_to_times,
    while_open,
)
from ipsc.dates import clinic_day, now
from ipsc.guards import private
from ipsc.history import PATIENT
from ipsc.ratelimit import address_of
from ipsc.signs import signs_in
from ipsc.views import csrf_failure

TOO_MANY_FORMS = _(
    "Many forms have come from your connection in the last hour. Please wait a little and send this again."
)


@require_http_methods(["GET", "HEAD", "POST"])
@from_a_page
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
                found = signs_in(form.cleaned_data["reason"])
                return redirect("appointments:signs" if found else "appointments:check", attempt=attempt)
            form.add_error(None, TOO_MANY_FORMS)
    else:
        form = WhoForm(draft.answers if draft else None, today=today)
    context = {"form": form, "choice": choice, "attempt": attempt, "draft": draft}
    return render(request, "appointments/who.html", context)


@require_safe
@from_a_page
@while_open
@private
def signs(request: HttpRequest, attempt: uuid.UUID) -> HttpResponse:
    """What was typed may be a sign that cannot wait: the card, before the way goes on. It never blocks (rule F2)."""
    if attempts.draft_of(attempts.key_of(request, attempt), now()) is None:
        return expired(request)
    return render(request, "appointments/signs.html", {"attempt": attempt})


@require_http_methods(["GET", "HEAD", "POST"])
@from_a_page
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
    notice = timedelta(hours=choice.service.change_notice)
    is_near = choice.starts_at - notice <= moment
    context = {"choice": choice, "rows": form.rows(), "attempt": attempt, "is_near": is_near}
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
            came_from=draft.came_from,
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
