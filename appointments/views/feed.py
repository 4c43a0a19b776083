"""The secret calendar of a clinician."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from appointments import ical
from appointments.feeding import clinician_of, visits
from ipsc.dates import now
from ipsc.guards import private


@require_safe
@private
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Time, service and reference of a clinician's visits."""
    clinician = clinician_of(token)
    if clinician is None:
        raise Http404
    body = ical.feed(visits(clinician, now()))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
