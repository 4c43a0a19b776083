"""I have lost my link: the same answer for everybody (rules B4 and B6)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from courses.managing.finding import ask_for_link
from courses.managing.forms import FindForm
from courses.refusals import TooManySearches
from ipsc.dates import now
from ipsc.guards import private
from ipsc.history import DOCTOR
from ipsc.ratelimit import address_of


@require_http_methods(["GET", "HEAD", "POST"])
@private
def find(request: HttpRequest) -> HttpResponse:
    """Reference and e-mail address; a link is sent to the address of the enrolment, never shown here."""
    can_send = bool(settings.SENDS_EMAIL)
    form = FindForm(request.POST) if request.method == "POST" else FindForm()
    if request.method == "POST" and can_send and form.is_valid():
        try:
            ask_for_link(
                reference=form.cleaned_data["reference"],
                email=form.cleaned_data["email"],
                language=get_language() or "en",
                address=address_of(request),
                by=DOCTOR,
                now=now(),
            )
        except TooManySearches as refusal:
            return render(request, "courses/too_many_searches.html", {"refusal": refusal}, status=429)
        return redirect("courses:find_sent")
    return render(request, "courses/find.html", {"form": form, "can_send": can_send})


@require_safe
@private
def find_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whether or not there is such an enrolment."""
    return render(request, "courses/find_sent.html")
