"""A run, or all runs of a month, copied to the same place in the next year; shown before it is done."""

from collections.abc import Sequence
from datetime import date, datetime

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses import planning
from courses.admin.catalogue import ADD, YEARS, on_run, show, url_of
from courses.admin.months import WHEN, month_of
from courses.admin.rights import actor, require
from courses.admin.schedule import say
from courses.clashes import Plan, holidays_on, plan, runs_between
from courses.models import CourseRun, RunState
from courses.schedule import Dates, months, same_place, shifted
from ipsc.dates import clinic_day, last_day, now, start_of_day


class CopyForm(forms.Form):
    """The first day of a copy."""

    day = forms.DateField(label=gettext_lazy("First day of the copy"), widget=AdminDateWidget)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(_("Give a day of the years 2000 to 2199."), code="year")
        return day


def next_year(run: CourseRun) -> date:
    """The day of the next year at the same place of its month as the first day of a run."""
    day = clinic_day(run.starts_at)
    return same_place(day, day.year + 1)


def days_to(run: CourseRun, day: date) -> int:
    return (day - clinic_day(run.starts_at)).days


def plans_of(wanted: Sequence[tuple[CourseRun, date]], moment: datetime) -> list[tuple[CourseRun, Plan]]:
    """What speaks against copying each run to begin on its day. One query."""
    found = [(run, _dates(run, days_to(run, day))) for run, day in wanted]
    if not found:
        return []
    first, last = min(each.day for _run, each in found), max(each.last_day for _run, each in found)
    holidays, runs = holidays_on(first, last), runs_between(first, last)
    return [(run, plan(run.course, each, holidays, runs, moment)) for run, each in found]


def _dates(run: CourseRun, days: int) -> Dates:
    starts_at, ends_at = shifted(run.starts_at, days), shifted(run.ends_at, days)
    return Dates(clinic_day(starts_at), last_day(ends_at), starts_at, ends_at)


@require_http_methods(["GET", "HEAD", "POST"])
@on_run(ADD)
def copy(request: HttpRequest, run: CourseRun) -> HttpResponse:
    """GET proposes a day of the next year; POST makes the copy, or shows what another day means first."""
    day = next_year(run)
    form = CopyForm(request.POST or None, initial={"day": day})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        # What has not been shown is not done: a day that was just typed is looked at first.
        if request.POST.get("shown") == day.isoformat():
            made, _there = planning.copy_runs(runs={run: days_to(run, day)}, by=actor(request))
            if made:
                say(request, 1, 0)
                return redirect(url_of(made[0]))
            form.add_error("day", str(planning.RunThere.words))
    ((_run, planned),) = plans_of([(run, day)], now())
    context = {"title": _("Copy this run"), "run": run, "form": form, "plan": planned}
    return show(request, "courserun/copy", context)


@require_http_methods(["GET", "HEAD", "POST"])
def copy_month(request: HttpRequest) -> HttpResponse:
    """GET shows the runs of a month and where they would be a year later; POST copies those that are ticked."""
    require(request, ADD)
    moment = now()
    month = month_of(request.GET.get("month", "")) or clinic_day(moment).replace(day=1)
    runs = runs_of(month)
    rows = plans_of([(run, next_year(run)) for run in runs], moment)
    problem = ""
    ticked = set(request.POST.getlist("run"))
    if request.method == "POST":
        chosen = {run: days_to(run, planned.dates.day) for run, planned in rows if run.public_id in ticked}
        if chosen:
            made, there = planning.copy_runs(runs=chosen, by=actor(request))
            say(request, len(made), there)
            later = month.replace(year=month.year + 1)
            return redirect(f"{reverse('admin:courses_courserun_changelist')}?{WHEN}={later:%Y-%m}")
        problem = _("Tick the runs that are to be copied.")
    context = {
        "title": _("Copy a month to the next year"),
        "month": month,
        "months": _months_of_runs(month),
        "rows": [
            (run, each, run.public_id in ticked if ticked or problem else each.is_free_of_its_own) for run, each in rows
        ],
        "problem": problem,
    }
    return show(request, "courserun/copy_month", context)


def runs_of(month: date) -> list[CourseRun]:
    """The runs of a month that were not cancelled."""
    rows = CourseRun.objects.exclude(state=RunState.CANCELLED).select_related("course")
    until = months(month, 2)[1]
    return list(
        rows.filter(starts_at__gte=start_of_day(month), starts_at__lt=start_of_day(until)).order_by("starts_at", "pk")
    )


def _months_of_runs(month: date) -> list[date]:
    """The months that can be chosen: all in which a run begins, and the one that is shown."""
    found = CourseRun.objects.order_by().datetimes("starts_at", "month")
    return sorted({clinic_day(each).replace(day=1) for each in found} | {month})
