"""How to pay without a gateway, and “I have paid”. Whether money has come, only the office says."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from courses.enrolment import say_paid
from courses.links import token_of
from courses.managing.claim_form import ClaimForm
from courses.managing.paying import Standing, standing, told_ways, ways
from courses.models import Enrolment, Payment, Refund
from courses.refusals import EnrolmentRefused, NoTransactionNumber, TransactionUsed
from courses.upi import code_of
from courses.views.guards import by_link
from courses.views.managing import about
from ipsc.context_processors import clinic_of
from ipsc.history import DOCTOR


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def pay(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """What is to be paid, and the ways; then, by POST, that it was paid, which nobody believes before a check."""
    if request.method != "POST":
        return show(request, enrolment, moment)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return show(request, enrolment, moment, form)
    try:
        claim = say_paid(enrolment=enrolment, **form.cleaned_data, by=DOCTOR, now=moment)
    except (TransactionUsed, NoTransactionNumber) as refusal:
        form.add_error("transaction_number", str(refusal))
        return show(request, enrolment, moment, form)
    except EnrolmentRefused as refusal:
        return show(request, fresh(enrolment), moment, form, refusal)
    return redirect(f"{reverse('courses:pay', args=[token_of(enrolment)])}?said={claim.public_id}")


def fresh(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it has become meanwhile."""
    return Enrolment.objects.select_related("run__course").get(pk=enrolment.pk)


def show(
    request: HttpRequest,
    enrolment: Enrolment,
    moment: datetime,
    form: ClaimForm | None = None,
    refusal: EnrolmentRefused | None = None,
) -> HttpResponse:
    payments, refunds = list(enrolment.payments.order_by("pk")), list(enrolment.refunds.order_by("pk"))
    stands = how_it_stands(request, enrolment, payments, refunds, moment)
    told, form = told_ways(clinic_of(request), payments), form or ClaimForm(initial={"amount": stands.to_pay or ""})
    form.name_ways(told)
    context = about(request, enrolment, moment) | {
        "stands": stands,
        "ways": ways(enrolment, clinic_of(request), stands.to_pay),
        "payments": payments,
        "refunds": refunds,
        "said": next((each for each in payments if each.public_id == request.GET.get("said")), None),
        "form": form,
        "asks": stands.may_claim and (bool(told) or form.is_bound),
        # All of it has been told: more is told by few.
        "folded": stands.waiting and not stands.to_pay and not form.is_bound,
        "refusal": refusal,
    }
    return render(request, "courses/pay.html", context, status=409 if refusal else 200)


def how_it_stands(
    request: HttpRequest, enrolment: Enrolment, payments: list[Payment], refunds: list[Refund], moment: datetime
) -> Standing:
    return standing(enrolment, payments, moment, overdue_hours=clinic_of(request).overdue_hours, refunds=refunds)


@require_safe
@by_link
def pay_code(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """The QR code of what is to be paid by UPI."""
    stands = how_it_stands(request, enrolment, list(enrolment.payments.all()), [], moment)
    link = ways(enrolment, clinic_of(request), stands.to_pay).upi
    if not link:
        raise Http404
    return HttpResponse(code_of(link), content_type="image/svg+xml")
