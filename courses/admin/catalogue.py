"""What the pages about the catalogue share: who may act, which run is meant, and the frame around a template."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from courses.admin.rights import require
from courses.models import CourseRun, Money, RunState
from courses.numbers import whole_number
from courses.refusals import EnrolmentRefused
from ipsc.dates import clinic_day, day_in_words, last_day, short_day, time_of_day

ADD, CHANGE = "courses.add_courserun", "courses.change_courserun"
YEARS = range(2000, 2200)
BADGES = {
    RunState.DRAFT: "badge-requested",
    RunState.PUBLISHED: "badge-arrived",
    RunState.CANCELLED: "badge-cancelled",
}

View = Callable[[HttpRequest, CourseRun], HttpResponse]


def on_run(permission: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Give a view its run, if whoever asks has the permission."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, pk: int) -> HttpResponse:
            require(request, permission)
            return view(request, get_object_or_404(CourseRun.objects.select_related("course"), pk=pk))

        return run

    return decorate


def sequence_in(request: HttpRequest) -> int:
    """The version that a form was made from; a version that never was where the form says none."""
    return whole_number(request.POST.get("sequence", ""))


def course_asked(request: HttpRequest) -> dict[str, int]:
    """The course that an address asks for, as a form is filled in with it; nothing where it asks for none."""
    course = whole_number(request.GET.get("course", ""))
    return {"course": course} if course > 0 else {}


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the frame of the admin."""
    frame = {**admin.site.each_context(request), "opts": CourseRun._meta}
    return render(request, f"admin/courses/{template}.html", frame | context, status=status)


def url_of(run: CourseRun, page: str = "change") -> str:
    return reverse(f"admin:courses_courserun_{page}", args=[run.pk])


def done(request: HttpRequest, run: CourseRun, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(url_of(run))


def refused(request: HttpRequest, run: CourseRun, refusal: EnrolmentRefused | str) -> HttpResponse:
    """Back to the page of the run as it is now, with the words of the refusal."""
    messages.error(request, str(refusal))
    return redirect(url_of(run))


def dates_in_words(starts_at: datetime, ends_at: datetime) -> str:
    """Saturday 9 January 2027, 9:00 am – 5:00 pm; with both days where it ends on another one."""
    first, last = clinic_day(starts_at), last_day(ends_at)
    end = time_of_day(ends_at) if first == last else f"{short_day(last)}, {time_of_day(ends_at)}"
    return f"{day_in_words(first)}, {time_of_day(starts_at)} – {end}"


def is_sensible(moment: datetime) -> bool:
    """Whether a moment is of the years 2000 to 2199: others break clocks and calendars."""
    return timezone.localtime(moment).year in YEARS


def people(run: CourseRun) -> dict[str, int]:
    """How many people are in a run, how many of them only hear by phone, and what they have paid, whole INR."""
    rows = run.enrolments.active()
    count = rows.count()
    by_phone = rows.filter(email="").count()
    return {
        "count": count,
        "by_phone": by_phone,
        "by_email": count - by_phone,
        "paid": rows.aggregate(paid=Sum("paid"))["paid"] or 0,
        "payers": rows.filter(paid__gt=0).count(),
        "claims": rows.filter(payment_state=Money.CLAIMED).count(),
    }
