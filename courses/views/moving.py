"""Other dates of the same course (rule C4), and withdrawing."""

from datetime import datetime

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.catalogue.cards import Card
from courses.catalogue.standing import State
from courses.enrolment import fee_after_move, transfer
from courses.enrolment import withdraw as withdraw_enrolment
from courses.links import manage_url
from courses.managing.choices import choices
from courses.managing.forms import WithdrawForm
from courses.models import CourseRun, Enrolment, Status
from courses.numbers import whole_number
from courses.refusals import EnrolmentRefused, FeeChanged, RunNotOnOffer, TooLate, WrongStatus
from courses.terms import days_ahead, days_before, kept_percent, refund_of, terms_in_words
from courses.views.about import about_run, others
from courses.views.guards import by_link
from courses.views.managing import about, changed, refused, show
from ipsc.forms import SeenForm
from ipsc.history import DOCTOR

# Nobody can move to these, nor will be able to.
GONE = {State.CANCELLED, State.CLOSED, State.UNDER_WAY, State.PAST}


@require_safe
@by_link
def move(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """Which other dates would suit you? Each with its fee, and what that means for what is owed.

    Dates that are not there yet, or full, are shown, too: who looks for them sees why not. Those that are over are not.
    """
    if answer := closed(request, enrolment, moment):
        return answer
    shown = [each for each in others(request, enrolment.run, moment) if each.standing.state not in GONE]
    found = [(each, difference(enrolment, each, moment)) for each in shown]
    return render(request, "courses/move.html", about(request, enrolment, moment) | {"others": found})


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def move_check(request: HttpRequest, *, enrolment: Enrolment, moment: datetime, public_id: str) -> HttpResponse:
    """The old dates and the new ones, and the difference in money; then, by POST, the move."""
    run = CourseRun.objects.public().filter(public_id=public_id.replace("\0", ""), course=enrolment.run.course).first()
    if run is None:
        return refused(request, enrolment, moment, RunNotOnOffer())
    if run.pk == enrolment.run_id:
        # Sent twice: the first one has moved it.
        return redirect(manage_url(enrolment))
    if answer := closed(request, enrolment, moment):
        return answer
    if request.method != "POST":
        return ask_to_move(request, enrolment, run, moment)
    try:
        moved = transfer(
            enrolment=enrolment,
            run=run,
            by=DOCTOR,
            now=moment,
            fee=whole_number(request.POST.get("fee", "")),
            sequence=SeenForm(request.POST).sequence,
        )
    except FeeChanged as refusal:
        run.refresh_from_db()
        return ask_to_move(request, enrolment, run, moment, refusal)
    except EnrolmentRefused as refusal:
        return moved_already(enrolment, run) or refused(request, enrolment, moment, refusal)
    return changed(moved)


def moved_already(enrolment: Enrolment, run: CourseRun) -> HttpResponse | None:
    """Two tabs, one wish: the other one has been served."""
    enrolment.refresh_from_db()
    return redirect(manage_url(enrolment)) if enrolment.run_id == run.pk and enrolment.is_active else None


def ask_to_move(
    request: HttpRequest,
    enrolment: Enrolment,
    run: CourseRun,
    moment: datetime,
    refusal: EnrolmentRefused | None = None,
) -> HttpResponse:
    new, fee = about_run(request, run, moment)["card"], fee_after_move(enrolment, run, moment)
    context = about(request, enrolment, moment) | {
        "new": new,
        "fee": fee,
        # Nothing to tell beside the fee where nothing has been paid.
        "owed": max(0, fee - enrolment.paid) if enrolment.paid else 0,
        "back": max(0, enrolment.paid - fee),
        "difference": difference(enrolment, new, moment),
        "terms": terms_in_words(run, moment, least_kept=kept_percent(enrolment, moment)),
        "refusal": refusal,
    }
    return render(request, "courses/move_check.html", context, status=409 if refusal else 200)


def difference(enrolment: Enrolment, other: Card, moment: datetime) -> int:
    """Whole INR that is to be paid (above 0) or comes back (below 0) after a move, beside what is owed already."""
    fee = fee_after_move(enrolment, other.run, moment)
    return fee - (enrolment.fee if enrolment.status == Status.CONFIRMED else 0)


def closed(request: HttpRequest, enrolment: Enrolment, moment: datetime) -> HttpResponse | None:
    """The answer where an enrolment can be neither moved nor given up here."""
    now_open = choices(enrolment, moment)
    if now_open.move or now_open.leave:
        return None
    if now_open.too_late:
        return show(request, enrolment, moment, TooLate())
    if request.method == "POST" and enrolment.status != Status.CANCELLED:
        return show(request, enrolment, moment, WrongStatus())
    return redirect(manage_url(enrolment))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def withdraw(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """Do you want to give it up? What comes back stands there; then, by POST, it is given up."""
    if answer := closed(request, enrolment, moment):
        return answer
    refund = refund_of(enrolment, moment)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    # What comes back may have become less since the page was shown: then it is shown again.
    if request.method == "POST" and form.is_valid() and whole_number(request.POST.get("refund", "")) == refund:
        try:
            left = withdraw_enrolment(
                enrolment=enrolment,
                by=DOCTOR,
                now=moment,
                reason=form.cleaned_data["reason"],
                sequence=SeenForm(request.POST).sequence,
            )
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, moment, refusal)
        return changed(left)
    return ask_to_withdraw(request, enrolment, moment, refund, form)


def ask_to_withdraw(
    request: HttpRequest, enrolment: Enrolment, moment: datetime, refund: int, form: WithdrawForm
) -> HttpResponse:
    other = form.is_bound and form.is_valid()
    if other:
        form = WithdrawForm(initial={"reason": form.cleaned_data["reason"]})
    claimed = enrolment.payments.claimed().aggregate(sum=Sum("amount"))["sum"] or 0
    context = about(request, enrolment, moment) | {
        "form": form,
        "refund": refund,
        "another_refund": other,
        "full_until": last_full_day(enrolment, moment),
        "claimed": claimed,
        "back_of_claimed": refund_of(enrolment, moment, found=claimed) - refund,
    }
    return render(request, "courses/withdraw.html", context, status=409 if other else 200)


def last_full_day(enrolment: Enrolment, moment: datetime):
    """The last day on which all comes back, while it does by the terms; None afterwards, or where all always does."""
    run = enrolment.run
    late = enrolment.least_kept_percent or days_before(run, moment) < run.refund_full_days
    return None if enrolment.free_to_go or late else days_ahead(run, run.refund_full_days)
