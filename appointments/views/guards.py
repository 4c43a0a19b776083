"""What all booking pages share: the switch, the privacy of one person's pages, and the ends of the road."""

import functools
import uuid
from urllib.parse import unquote_plus, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from appointments import attempts
from appointments.attempts import Choice
from ipsc import origins
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day
from ipsc.guards import View


def while_open(view: View) -> View:
    """Show a kind page instead while online booking is switched off."""

    @functools.wraps(view)
    def shown(request: HttpRequest, **kwargs) -> HttpResponse:
        if not clinic_of(request).online_booking_open:
            return closed(request)
        return view(request, **kwargs)

    return shown


def from_a_page(view: View) -> View:
    """Let an address name one page at which the way began (`ipsc.origins`); what else it calls `from` is dropped.

    The links on a page repeat its query, and the link to the other language its whole address: both are put right here.
    """

    @functools.wraps(view)
    def shown(request: HttpRequest, **kwargs) -> HttpResponse:
        if origins.PARAMETER in request.GET:
            keep_one_origin(request, origins.as_query(origins.of(request.GET)))
        return view(request, **kwargs)

    return shown


def keep_one_origin(request: HttpRequest, said: dict[str, str]) -> None:
    query = request.GET.copy()
    del query[origins.PARAMETER]
    query.update(said)
    request.GET = query  # type: ignore[assignment]
    # As they came, since not every encoding that a request may claim can write what it has read.
    pairs = request.META["QUERY_STRING"].split("&")
    others = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) != origins.PARAMETER]
    request.META["QUERY_STRING"] = "&".join([*others, *([urlencode(said)] if said else [])])


def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/closed.html")


def expired(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/expired.html", status=410)


def redirect_to_services(request: HttpRequest, attempt: uuid.UUID | None = None) -> HttpResponse:
    attempt = attempt or attempts.attempt_in(request.GET)
    query = {"gone": 1} | ({"attempt": attempt} if attempt else {}) | origins.as_query(origins.of(request.GET))
    return redirect(f"{reverse('appointments:service')}?{urlencode(query)}")


def redirect_to_times(
    public_id: str,
    *,
    lost: str,
    attempt: uuid.UUID | None = None,
    choice: Choice | None = None,
    came_from: str = "",
) -> HttpResponse:
    query = {"lost": lost} | ({"attempt": str(attempt)} if attempt else {})
    query |= origins.as_query(choice.came_from if choice else came_from)
    if choice:
        query["day"] = clinic_day(choice.starts_at).isoformat()
        if choice.clinician:
            query["clinician"] = choice.clinician.public_id
    return redirect(f"{reverse('appointments:times', args=[public_id])}?{urlencode(query)}")
