"""The public pages of an enrolment, by its signed link: how it stands, the offer, corrections (rule B6)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses import ical
from courses.catalogue.cards import by_day
from courses.catalogue.looking import programme_of
from courses.enrolment import accept_offer, amend, decline_offer
from courses.links import manage_url, token_of
from courses.managing.choices import choices, is_near, joining_url, joins_at, link_missing
from courses.managing.forms import CorrectForm, OfferForm
from courses.managing.paying import not_found, standing, told_ways
from courses.managing.wording import explanation, heading, is_left_out
from courses.messages.expecting import expecting
from courses.models import Enrolment, Status
from courses.numbers import whole_number
from courses.queue import place_in_queue
from courses.refusals import AlreadyEnrolled, EnrolmentRefused, FeeChanged, NoAnswer, OfferEnded, TooManyChanges
from courses.terms import pay_by
from courses.views.about import about_run
from courses.views.guards import by_link
from ipsc.context_processors import clinic_of
from ipsc.forms import SeenForm
from ipsc.history import DOCTOR


@require_safe
@by_link
def manage(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """How things stand. GET shows; nothing here acts, since mail scanners open links (rule B6)."""
    return show(request, enrolment, moment)


def show(
    request: HttpRequest, enrolment: Enrolment, moment: datetime, refusal: EnrolmentRefused | None = None
) -> HttpResponse:
    """The enrolment as it is now; after a change that was refused, with the reason (status 409)."""
    run = enrolment.run
    payments = list(enrolment.payments.order_by("pk"))
    # Nothing goes back of what has not come.
    refunds = list(enrolment.refunds.order_by("pk")) if payments else []
    context = about(request, enrolment, moment) | {
        "heading": heading(enrolment, moment),
        "explanation": explanation(enrolment, moment),
        "choices": choices(enrolment, moment),
        "left_out": is_left_out(enrolment, moment),
        "place_in_queue": place_in_queue(enrolment),
        "programme": by_day(programme_of([run]).get(run.pk, ()), ()),
        "is_near": is_near(run, moment),
        "joining_url": joining_url(enrolment, moment),
        "joins_at": joins_at(enrolment, moment),
        "link_missing": link_missing(enrolment, moment),
        "ahead": moment < run.ends_at and run.cancelled_at is None,
        "offer_fee": run.fee_at(enrolment.offered_at) if enrolment.offered_at else 0,
        "stands": standing(
            enrolment, payments, moment, overdue_hours=clinic_of(request).overdue_hours, refunds=refunds
        ),
        "refunds": refunds,
        "told_ways": told_ways(clinic_of(request), payments),
        "not_found": not_found(payments),
        "expected": expecting(enrolment),
        "refusal": refusal,
        "done": request.GET.get("done") == str(enrolment.sequence),
    }
    return render(request, "courses/manage.html", context, status=409 if refusal else 200)


def about(request: HttpRequest, enrolment: Enrolment, moment: datetime) -> dict:
    """What every page of a link says."""
    return about_run(request, enrolment.run, moment) | {
        "enrolment": enrolment,
        "token": token_of(enrolment),
        "lapsed": enrolment.has_lapsed(moment),
    }


def refused(request: HttpRequest, enrolment: Enrolment, moment: datetime, refusal: EnrolmentRefused) -> HttpResponse:
    """The enrolment as it has become meanwhile, and why the change was not made."""
    fresh = Enrolment.objects.select_related("run__course").get(pk=enrolment.pk)
    return show(request, fresh, moment, refusal)


def changed(enrolment: Enrolment) -> HttpResponse:
    """Back to the page of the link, which says that it is done."""
    return redirect(f"{manage_url(enrolment)}?done={enrolment.sequence}")


@require_safe
@by_link
def calendar(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """The course as a calendar entry to download."""
    body = ical.entry(enrolment, clinic_of(request))
    headers = {"Content-Disposition": 'attachment; filename="course.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def offer(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """Do you take the place? Then, by POST, yes or no."""
    form = OfferForm(request.POST)
    is_open = enrolment.status == Status.OFFERED and not enrolment.has_lapsed(moment)
    if request.method == "POST" and is_open and not form.is_valid():
        return ask_offer(request, enrolment, moment, NoAnswer())
    if request.method == "POST" and form.is_valid():
        page: dict = {"enrolment": enrolment, "by": DOCTOR, "now": moment, "sequence": SeenForm(request.POST).sequence}
        try:
            if form.cleaned_data["answer"] == OfferForm.ACCEPT:
                made = accept_offer(**page, fee=whole_number(request.POST.get("fee", "")))
            else:
                made = decline_offer(**page)
        except FeeChanged as refusal:
            enrolment.run.refresh_from_db()
            return ask_offer(request, enrolment, moment, refusal)
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, moment, refusal)
        return changed(made)
    if enrolment.status != Status.OFFERED:
        return redirect(manage_url(enrolment))
    if enrolment.has_lapsed(moment):
        return show(request, enrolment, moment, OfferEnded())
    return ask_offer(request, enrolment, moment)


def ask_offer(
    request: HttpRequest, enrolment: Enrolment, moment: datetime, refusal: EnrolmentRefused | None = None
) -> HttpResponse:
    """The offer with what it costs now."""
    context = about(request, enrolment, moment) | {
        "fee": enrolment.run.fee_at(enrolment.offered_at or moment),
        "pay_by": pay_by(enrolment.run, moment),
        "refusal": refusal,
    }
    return render(request, "courses/offer.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def correct(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """What does it say of you? Then, by POST, what is right (until the course begins)."""
    if not choices(enrolment, moment).correct:
        return redirect(manage_url(enrolment))
    form = CorrectForm(request.POST) if request.method == "POST" else CorrectForm.of(enrolment)
    if request.method == "POST" and form.is_valid():
        try:
            sequence = SeenForm(request.POST).sequence
            made = amend(enrolment=enrolment, details=form.details(), by=DOCTOR, now=moment, sequence=sequence)
        except AlreadyEnrolled as refusal:
            form.add_error("registration_number", str(refusal))
        except TooManyChanges as refusal:
            form.add_error(None, str(refusal))
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, moment, refusal)
        else:
            return changed(made)
    return render(request, "courses/correct.html", about(request, enrolment, moment) | {"form": form})
