"""Find my booking: the same answer for everybody (rules B4 and B6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from appointments.managing.finding import ask_for_link, can_send_links
from appointments.managing.forms import FindForm
from appointments.refusals import TooManySearches
from ipsc.dates import now
from ipsc.guards import private
from ipsc.history import PATIENT
from ipsc.ratelimit import address_of


@require_http_methods(["GET", "HEAD", "POST"])
@private
def find(request: HttpRequest) -> HttpResponse:
    """Reference and phone; a link is sent to the contact of the booking, never shown here."""
    can_send = can_send_links()
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    if request.method == "POST" and can_send and form.is_valid():
        try:
            ask_for_link(
                reference=form.cleaned_data["reference"],
                phone=form.cleaned_data["phone"].as_e164,
                language=get_language() or "en",
                address=address_of(request),
                by=PATIENT,
                now=now(),
            )
        except TooManySearches as refusal:
            return render(request, "appointments/find_too_many.html", {"refusal": refusal}, status=429)
        return redirect("appointments:find_sent")
    return render(request, "appointments/find.html", {"form": form, "can_send": can_send})


@require_safe
@private
def find_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whether or not there is such a booking."""
    return render(request, "appointments/find_sent.html")
