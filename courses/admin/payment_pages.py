"""What the office does with a payment. Each view calls one verb; a refusal is shown with status 409."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.admin.payment_forms import AmountForm, ReasonForm
from courses.admin.rights import actor, require
from courses.enrolment import overdue, receive_payment, refuse_payment, take_payment_back, untold
from courses.models import Enrolment, Money, Payment, PaymentState
from courses.refusals import EnrolmentRefused
from ipsc.admin.changes import changes
from ipsc.dates import now

VIEW, CHANGE = "courses.view_payment", "courses.change_payment"
# Each state has its moment; one line says both.
HIDDEN = frozenset({"claimed_at", "received_at", "refused_at"})


@dataclass(frozen=True)
class Counts:
    """What waits for the course office."""

    claims: int
    refunds: int
    overdue: int
    untold: int


def counts(now: datetime) -> Counts:
    """Four queries."""
    return Counts(
        claims=Payment.objects.claimed().count(),
        refunds=Enrolment.objects.filter(payment_state=Money.REFUND_DUE).count(),
        overdue=overdue(now).count(),
        untold=untold(now).count(),
    )


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page about money in the frame of the admin, with what waits elsewhere."""
    frame = {**admin.site.each_context(request), "opts": Payment._meta, "counts": counts(now())}
    return render(request, f"admin/courses/payment/{template}.html", frame | context, status=status)


def on_payment(view: Callable[[HttpRequest, Payment], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view its payment, if whoever asks may change payments."""

    @functools.wraps(view)
    def run(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, CHANGE)
        return view(request, load(pk))

    return run


def load(pk: int) -> Payment:
    return get_object_or_404(Payment.objects.select_related("enrolment__run__course"), pk=pk)


def page(request: HttpRequest, payment: Payment, refusal: str = "", form: AmountForm | None = None) -> HttpResponse:
    """All about one payment, and the buttons for what may become of it now."""
    may_change = request.user.has_perm(CHANGE)
    state = payment.state
    context = {
        "title": payment.enrolment.name,
        "payment": payment,
        "original": payment,
        "enrolment": payment.enrolment,
        "others": payment.enrolment.payments.exclude(pk=payment.pk),
        "form": form or AmountForm(initial={"amount": payment.amount}, label_suffix=""),
        "refusal": refusal,
        "may_receive": may_change and state != PaymentState.RECEIVED,
        "may_refuse": may_change and state == PaymentState.CLAIMED,
        "may_take_back": may_change and state == PaymentState.RECEIVED,
        "changes": changes(payment, hidden=HIDDEN),
    }
    return show(request, "payment", context, status=409 if refusal else 200)


def done(request: HttpRequest, words: str, page: str = "changelist") -> HttpResponse:
    """Back to the list, for the next one."""
    messages.success(request, words)
    return redirect(reverse(f"admin:courses_payment_{page}"))


@require_POST
@on_payment
def received(request: HttpRequest, payment: Payment) -> HttpResponse:
    """It has come: so much."""
    form = AmountForm(request.POST, label_suffix="")
    if not form.is_valid():
        return page(request, payment, _("Nothing is saved yet. Please look at what is marked below."), form)
    try:
        receive_payment(
            payment=payment,
            amount=form.cleaned_data["amount"],
            seen=request.POST.get("state", PaymentState.CLAIMED),
            by=actor(request),
            now=now(),
        )
    except EnrolmentRefused as refusal:
        return page(request, load(payment.pk), str(refusal))
    return done(request, _("%(name)s: payment received.") % {"name": payment.enrolment.name})


@require_http_methods(["GET", "HEAD", "POST"])
@on_payment
def not_found(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Ask why, then tell the doctor that it was not found."""
    if payment.state != PaymentState.CLAIMED:
        return page(request, payment, _("This payment has been answered already; here it is as it is now."))
    return _with_reason(request, payment, refuse_payment, "not_found", _("%(name)s: payment not found; noted."))


@require_http_methods(["GET", "HEAD", "POST"])
@on_payment
def take_back(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Ask why, then undo the receipt."""
    if payment.state != PaymentState.RECEIVED:
        return page(request, payment, _("This payment is not received; here it is as it is now."))
    return _with_reason(request, payment, take_payment_back, "take_back", _("%(name)s: receipt taken back."))


def _with_reason(request: HttpRequest, payment: Payment, verb: Callable, name: str, words: str) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        try:
            verb(payment=payment, reason=form.cleaned_data["reason"], by=actor(request), now=now())
        except EnrolmentRefused as refusal:
            return page(request, load(payment.pk), str(refusal))
        return done(request, words % {"name": payment.enrolment.name})
    titles = {"not_found": _("Payment not found?"), "take_back": _("Take the receipt back?")}
    context = {"title": titles[name], "payment": payment, "enrolment": payment.enrolment, "form": form}
    return show(request, name, context)


VERBS = {"received": received, "not_found": not_found, "take_back": take_back}
