"""The attendance list of a run on paper: who they are, where they sign, and who waits for a place.

No way to reach anybody stands on it.
"""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.admin.rights import VIEW, require
from courses.admin.roster import people_of, run_of
from courses.admin.roster_frame import show
from courses.models import SETTLED, CourseRun, Status
from ipsc.dates import clinic_day, last_day

# As many places to sign as fit beside a name on A4.
MOST_DAYS = 4


def urls(wrap) -> list:
    return [path("roster/<int:pk>/print/", wrap(attendance), name="courses_enrolment_print")]


@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who have a place, by name, with a place to sign for each day; below them, offers and the queue in order."""
    require(request, VIEW)
    run = run_of(pk)
    found = people_of(run)
    context = {
        "title": _("Attendance list"),
        "people": [each for each in found if each.status in SETTLED],
        "offers": [each for each in found if each.status == Status.OFFERED],
        "queue": [each for each in found if each.status == Status.WAITING],
        "days": days_of(run),
    }
    return show(request, "print", run, context)


def days_of(run: CourseRun) -> list[date]:
    """The days on which people sign: all of the run, or only its first where they are too many."""
    first = clinic_day(run.starts_at)
    count = (last_day(run.ends_at) - first).days + 1
    return [first + timedelta(days=number) for number in range(count if count <= MOST_DAYS else 1)]
