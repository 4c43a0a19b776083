"""The roster of a run: who is in it, who waits, and the ticks of the day. Each act is one verb."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import enrolment as verbs
from courses.admin.rights import ADD, CHANGE, VIEW, actor, require
from courses.models import SETTLED, CourseRun, Enrolment, Status
from courses.refusals import EnrolmentRefused
from courses.sheets import XLSX, as_csv, as_xlsx
from courses.waiting import why_nobody_is_offered
from ipsc.dates import clinic_day, now

MARKS = {each.value: each for each in (Status.ATTENDED, Status.ABSENT, Status.CONFIRMED)}
CHECKS = {"checked": True, "unchecked": False}


def urls(wrap) -> list:
    return [
        path("roster/<int:pk>/", wrap(roster), name="courses_enrolment_roster"),
        path("roster/<int:pk>/csv/", wrap(csv), name="courses_enrolment_csv"),
        path("roster/<int:pk>/xlsx/", wrap(xlsx), name="courses_enrolment_xlsx"),
        path("roster/<int:pk>/offer/", wrap(offer), name="courses_enrolment_offer"),
        path("<int:pk>/tick/", wrap(tick), name="courses_enrolment_tick"),
    ]


def run_of(pk: int) -> CourseRun:
    return get_object_or_404(CourseRun.objects.select_related("course"), pk=pk)


def people_of(run: CourseRun) -> list[Enrolment]:
    """All who are in a run: first those with a place, by name, then offers, then the queue in its order. One query."""
    people = list(Enrolment.objects.filter(run=run).active())
    return sorted(people, key=_place)


def _place(person: Enrolment) -> tuple:
    if person.status in SETTLED:
        return (0, person.search_name, person.pk)
    if person.status == Status.OFFERED:
        return (1, person.offer_ends_at, person.pk)
    return (2, person.waiting_at, person.pk)


@require_safe
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen for the office, and for the day of the course."""
    require(request, VIEW)
    run, moment = run_of(pk), now()
    people = people_of(run)
    offers = [each for each in people if each.status == Status.OFFERED]
    queue = [each for each in people if each.status == Status.WAITING]
    first = offers[0].offer_ends_at if offers else None
    context = {
        **admin.site.each_context(request),
        "opts": Enrolment._meta,
        "title": str(run),
        "run": run,
        "settled": [each for each in people if each.status in SETTLED],
        "offers": offers,
        "queue": queue,
        "why": why_nobody_is_offered(run, waiting=len(queue), offer_ends_at=first, now=moment),
        "is_the_day": clinic_day(moment) >= clinic_day(run.starts_at),
        "may_change": request.user.has_perm(CHANGE),
        "may_add": request.user.has_perm(ADD),
        "may_see_run": request.user.has_perm("courses.view_courserun"),
        "may_change_run": request.user.has_perm("courses.change_courserun"),
    }
    return render(request, "admin/courses/enrolment/roster.html", context)


@require_POST
def csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster as CSV. By POST, so that no prefetching browser and no mail scanner takes it."""
    return as_file(request, pk, as_csv, "csv", "text/csv; charset=utf-8")


@require_POST
def xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster as a workbook; by POST for the same reason."""
    return as_file(request, pk, as_xlsx, "xlsx", XLSX)


def as_file(request: HttpRequest, pk: int, write: Callable, ending: str, content_type: str) -> HttpResponse:
    require(request, VIEW)
    run = run_of(pk)
    name = f"{slugify(run.course.slug)}-{clinic_day(run.starts_at).isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(write(people_of(run)), content_type=content_type, headers=headers)


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at a run now: end what has lapsed, offer what is free."""
    require(request, CHANGE)
    made = verbs.offer_next(run=run_of(pk), now=now())
    told = _("Offered to %(names)s.") % {"names": ", ".join(each.name for each in made)}
    messages.info(request, told if made else _("Nobody was offered a place."))
    return redirect("admin:courses_enrolment_roster", pk)


@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Attended or absent, or the registration checked, by the button that was pressed; back to the same row."""
    require(request, CHANGE)
    person = get_object_or_404(Enrolment.objects.select_related("run"), pk=pk)
    go, by, moment = request.POST.get("go", ""), actor(request), now()
    try:
        if go in MARKS:
            verbs.mark(enrolment=person, to=MARKS[go], by=by, now=moment)
        elif go in CHECKS:
            verbs.check_registration(enrolment=person, checked=CHECKS[go], by=by, now=moment)
        else:
            messages.error(request, _("That button is not one of this page. Choose one below."))
    except EnrolmentRefused as refusal:
        messages.error(request, f"{person.name}: {refusal}")
    return redirect(f"{reverse('admin:courses_enrolment_roster', args=[person.run_id])}#e{person.pk}")
