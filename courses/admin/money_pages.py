"""Money by enrolment: what has to go back, what is overdue, and what has come in without a claim."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.admin.payment_forms import WAYS, MoneyForm
from courses.admin.payment_pages import CHANGE, VIEW, done, show
from courses.admin.rights import actor, on_enrolment, require
from courses.enrolment import overdue, send_refund, take_payment, tell_overdue
from courses.enrolment.overdue import sent_notice
from courses.models import Enrolment, Money, Payment, PaymentState, Status, Way
from courses.refusals import EnrolmentRefused, MoreThanRefund, NoPlaceYet, NoTransactionNumber, TransactionUsed
from ipsc.dates import now
from ipsc.models import ClinicSettings
from ipsc.names import matching

MOST = 200
FOUND = 30
HOW = ("phone", "whatsapp")
RECEIVED = Prefetch("payments", Payment.objects.filter(state=PaymentState.RECEIVED), to_attr="received")


@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    """Whom the office owes money, the longest first."""
    require(request, VIEW)
    rows = Enrolment.objects.filter(payment_state=Money.REFUND_DUE).select_related("run__course")
    rows = rows.prefetch_related(RECEIVED).order_by("cancelled_at", "pk")[:MOST]
    return show(request, "refunds", {"title": _("To be refunded"), "rows": rows, "may_change": _may(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def refund(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """How much goes back, and how it came; then, by POST, that it was sent."""
    return _money(request, enrolment, send_refund, enrolment.refund, "refund", _("%(name)s: refund noted."))


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Whose payment is it?"""
    require(request, VIEW)
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = (
        matching(Enrolment.objects.select_related("run__course"), text).order_by("-created_at")[:FOUND] if text else []
    )
    return show(request, "find", {"title": _("Take a payment"), "q": text, "rows": rows, "may_change": _may(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def take(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """What is owed; then, by POST, that money has come, at the desk or in the account."""
    return _money(request, enrolment, take_payment, enrolment.owed, "take", _("%(name)s: payment received."))


def _money(
    request: HttpRequest, enrolment: Enrolment, verb: Callable, amount: int, name: str, words: str
) -> HttpResponse:
    form = _form(request, enrolment, amount, name)
    if form.is_valid() and name == "take" and _comes_too_early(enrolment, form.cleaned_data["way"]):
        form.add_error("way", str(NoPlaceYet.words))
    if form.is_valid():
        try:
            verb(enrolment=enrolment, **form.cleaned_data, by=actor(request), now=now())
        except (TransactionUsed, NoTransactionNumber) as refusal:
            form.add_error("transaction_number", str(refusal))
        except MoreThanRefund as refusal:
            form.add_error("amount", str(refusal))
        except EnrolmentRefused as refusal:
            # Somebody was quicker: the page as it is now, with another sum.
            enrolment = Enrolment.objects.select_related("run__course").get(pk=enrolment.pk)
            amount = enrolment.refund if name == "refund" else enrolment.owed
            form = _form(request, enrolment, amount, name, fresh=True)
            return _ask(request, enrolment, form, name, str(refusal))
        else:
            if name == "refund":
                return done(request, words % {"name": enrolment.name}, "refunds")
            # Whoever has paid stands there, or is on the phone: what is next is on their page.
            messages.success(request, words % {"name": enrolment.name})
            return redirect("admin:courses_enrolment_change", enrolment.pk)
    return _ask(request, enrolment, form, name)


def _comes_too_early(enrolment: Enrolment, way: str) -> bool:
    """Money that has come by itself is noted and goes back; nobody takes any for a place that is not theirs yet."""
    return way == Way.DESK and enrolment.status in (Status.WAITING, Status.OFFERED)


def _form(request: HttpRequest, enrolment: Enrolment, amount: int, name: str, *, fresh: bool = False) -> MoneyForm:
    way = _way_back(enrolment) if name == "refund" else Way.DESK
    initial = {"amount": amount or "", "way": way, "seen_paid": enrolment.paid}
    data = request.POST if request.method == "POST" and not fresh else None
    return MoneyForm(data, initial=initial, label_suffix="")


def _way_back(enrolment: Enrolment) -> str:
    """The way in which money came last, where it is one of the form: most of it goes back as it came."""
    came = enrolment.payments.filter(state=PaymentState.RECEIVED).order_by("received_at", "pk").last()
    return came.way if came and came.way in dict(WAYS) else Way.DESK


def _ask(request: HttpRequest, enrolment: Enrolment, form: MoneyForm, name: str, refusal: str = "") -> HttpResponse:
    titles = {"refund": _("Send money back"), "take": _("Take a payment")}
    context = {
        "title": titles[name],
        "enrolment": enrolment,
        "form": form,
        "refusal": refusal,
        "payments": enrolment.payments.order_by("pk"),
        "sent": enrolment.refunds.order_by("pk"),
    }
    return show(request, name, context, status=409 if refusal else 200)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Places that were not paid in time: who was told, and whom the office has to tell itself."""
    require(request, VIEW)
    hours = ClinicSettings.load().overdue_hours
    rows = list(overdue(now()).annotate(told_at=sent_notice())[:MOST])
    context = {"title": _("Overdue"), "rows": rows, "hours": hours, "may_change": _may(request)}
    return show(request, "overdue", context)


@require_POST
@on_enrolment(CHANGE)
def told(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Note that somebody was told by phone or WhatsApp."""
    how = request.POST.get("how", "")
    try:
        tell_overdue(enrolment=enrolment, how=how if how in HOW else HOW[0], by=actor(request), now=now())
    except EnrolmentRefused as refusal:
        return _refused(request, enrolment, str(refusal))
    return done(request, _("%(name)s: noted as told.") % {"name": enrolment.name}, "overdue")


def _refused(request: HttpRequest, enrolment: Enrolment, words: str) -> HttpResponse:
    context = {"title": _("Overdue"), "enrolment": enrolment, "refusal": words}
    return show(request, "refused", context, status=409)


def _may(request: HttpRequest) -> bool:
    return request.user.has_perm(CHANGE)
