"""The schedule maker: a rule, the list of its dates with what speaks against each, and then the runs."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from courses import planning
from courses.admin.catalogue import ADD, YEARS, course_asked, show
from courses.admin.clock import Clock
from courses.admin.months import month_of
from courses.admin.rights import actor, require
from courses.admin.run_forms import STATES
from courses.clashes import Plan, plans
from courses.models import Course, CourseRun, Mode, RunState
from courses.models.course import MOST_FEE
from courses.models.run import MOST_SEATS
from courses.numbers import whole_number
from courses.schedule import MOST_DAYS, MOST_MONTHS, Rule, Which, dates_of, months
from ipsc.dates import clinic_day, now
from ipsc.fields import PlainTextField

WEEKDAYS = [
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
]
SATURDAY = 5


class ScheduleForm(forms.Form):
    """The rule, and what all its runs have in common."""

    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=Course.objects.all())
    which = forms.TypedChoiceField(
        label=gettext_lazy("Which of the month"),
        choices=Which.choices,
        coerce=lambda text: Which(int(text)),
        initial=Which.SECOND,
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of the week"), choices=WEEKDAYS, coerce=int, initial=SATURDAY
    )
    first = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=month_of)
    last = forms.TypedChoiceField(label=gettext_lazy("Until, this month included"), coerce=month_of)
    begins = Clock(label=gettext_lazy("Begins at"))
    ends = Clock(label=gettext_lazy("Ends at"))
    days = forms.IntegerField(
        label=gettext_lazy("Days in a row"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        help_text=gettext_lazy("1 to 5. It begins on the first and ends on the last."),
    )
    skip = PlainTextField(
        label=gettext_lazy("Days to leave out"),
        required=False,
        lines=True,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One on each line, such as 14.08.2027. You can untick days on the next page as well."),
    )
    capacity = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=MOST_SEATS, initial=20)
    fee = forms.IntegerField(
        label=gettext_lazy("Fee"),
        required=False,
        min_value=0,
        max_value=MOST_FEE,
        help_text=gettext_lazy("Rupees. Empty: the fee of the course."),
    )
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices, initial=Mode.ONSITE)
    venue = PlainTextField(
        label=gettext_lazy("Venue"),
        required=False,
        lines=True,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Empty: the address of the centre."),
    )
    pattern = forms.ModelChoiceField(
        label=gettext_lazy("Programme and terms from"),
        required=False,
        queryset=CourseRun.objects.none(),
        empty_label=gettext_lazy("no other run"),
        error_messages={"invalid_choice": gettext_lazy("Choose a run of this course, or none.")},
        help_text=gettext_lazy("The programme, refund terms, language and what the fee includes of this run."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Make them"),
        choices=STATES,
        initial=RunState.DRAFT,
        help_text=gettext_lazy("A draft is seen by staff alone. What is published can be enrolled in at once."),
    )

    def __init__(self, *args, today: date, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        choices = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months(today, MOST_MONTHS)]
        for name, place in (("first", 1), ("last", 12)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = choices[place][0]
        self.fields["begins"].initial, self.fields["ends"].initial = "09:00", "17:00"
        self.fields["pattern"].queryset = _patterns(self._course())  # type: ignore[attr-defined]

    def _course(self) -> int:
        """The course that was chosen, or asked for by the address; below 1 where there is none."""
        chosen = self.data if self.is_bound else self.initial
        return whole_number(str(chosen.get("course", "")))

    def clean_skip(self) -> list[date]:
        return [_day(line.strip()) for line in self.cleaned_data["skip"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("This month is before the first one."))
        if cleaned["days"] == 1 and cleaned["ends"] <= cleaned["begins"]:
            self.add_error("ends", _("A course ends after it begins."))
        if not self.errors and not _fits(cleaned["pattern"], cleaned):
            self.add_error("pattern", _("The programme of this run does not fit these times. Choose another, or none."))
        return cleaned

    @property
    def rule(self) -> Rule:
        """The rule that a valid form means."""
        typed = self.cleaned_data
        names = ("which", "weekday", "first", "last", "begins", "ends", "days", "skip")
        return Rule(**{name: typed[name] for name in names})

    def values(self) -> dict[str, Any]:
        """What all runs of a valid form have in common."""
        typed = self.cleaned_data
        fee = typed["course"].fee if typed["fee"] is None else typed["fee"]
        names = ("capacity", "mode", "venue", "state")
        return {name: typed[name] for name in names} | {"fee": fee}


def _patterns(course: int) -> QuerySet[CourseRun]:
    """The runs from which others can be made, the latest first: those of a course where one is chosen."""
    rows = CourseRun.objects.exclude(state=RunState.CANCELLED).select_related("course").order_by("-starts_at", "-pk")
    return rows.filter(course=course) if course > 0 else rows


def _day(text: str) -> date:
    """:raises ValidationError: it is no day."""
    for shape in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"):
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007  # a day, no moment
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    raise forms.ValidationError(_("“%(text)s” is not a day. Type it as 14.08.2027.") % {"text": text[:40]}, code="day")


def _fits(pattern: CourseRun | None, typed: dict[str, Any]) -> bool:
    """Whether the programme of a run lies within the times of the new ones."""
    if pattern is None:
        return True
    return planning.programme_fits(pattern, typed["begins"], typed["ends"], typed["days"])


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST the dates that it means, and with `_make` makes those that are ticked."""
    require(request, ADD)
    moment = now()
    today = clinic_day(moment)
    if request.method != "POST":
        return _form(request, ScheduleForm(initial=_asked(request), today=today))
    form = ScheduleForm(request.POST, today=today)
    if not form.is_valid() or "_edit" in request.POST:
        return _form(request, form)
    found = plans(form.cleaned_data["course"], dates_of(form.rule), now=moment)
    if "_make" not in request.POST:
        return _preview(request, form, found)
    ticked = set(request.POST.getlist("day"))
    chosen = [each for each in found if each.dates.day.isoformat() in ticked and not each.is_late]
    if not chosen:
        return _preview(request, form, found, ticked, _("Tick the days on which the course is to be."))
    made, there = planning.make_runs(
        course=form.cleaned_data["course"],
        dates=[each.dates for each in chosen],
        values=form.values(),
        by=actor(request),
        now=moment,
        pattern=form.cleaned_data["pattern"],
    )
    say(request, len(made), there)
    return redirect(
        f"{reverse('admin:courses_courserun_changelist')}?course__id__exact={form.cleaned_data['course'].pk}"
    )


def say(request: HttpRequest, made: int, there: int) -> None:
    """How many runs were made, and how many had been there."""
    if made:
        messages.success(request, ngettext("%(count)s run made.", "%(count)s runs made.", made) % {"count": made})
    if there:
        words = ngettext(
            "%(count)s run was there already and stays as it is.",
            "%(count)s runs were there already and stay as they are.",
            there,
        )
        messages.warning(request, words % {"count": there})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: a course, and a month."""
    month, asked = request.GET.get("month", ""), dict[str, Any](course_asked(request))
    if month_of(month):
        asked |= {"first": month, "last": month}
    return asked


def _form(request: HttpRequest, form: ScheduleForm) -> HttpResponse:
    return show(request, "courserun/schedule", {"title": _("Make a schedule"), "form": form})


def _preview(
    request: HttpRequest, form: ScheduleForm, found: list[Plan], ticked: set[str] | None = None, problem: str = ""
) -> HttpResponse:
    rows = [(each, _is_ticked(each, ticked)) for each in found]
    context = {"title": _("Look through the dates"), "form": form, "rows": rows, "problem": problem}
    return show(request, "courserun/schedule_preview", context)


def _is_ticked(plan: Plan, ticked: set[str] | None) -> bool:
    """As it was sent; at first, every day against which neither a holiday nor the course itself speaks."""
    if ticked is None:
        return plan.is_possible and plan.is_free_of_its_own and not plan.holidays
    return plan.dates.day.isoformat() in ticked
