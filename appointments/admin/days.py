"""The list of appointments as the day's sheet: today unless another day, or all days, is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.calling import open_calls
from appointments.models import Appointment, Status
from ipsc.dates import clinic_day, day_in_words, now

if TYPE_CHECKING:
    from appointments.models.appointment import AppointmentQuerySet

DAY, ALL_DAYS, REQUESTS = "day", "all", "requests"
YEARS = range(2000, 2101)


def day_in(request: HttpRequest) -> date | None:
    """The day of the list: today unless told; None, for all days, where somebody searches or looks for requests."""
    wanted = request.GET.get(DAY, "")
    if wanted == ALL_DAYS or request.GET.get("q", "").strip() or (request.GET.get(REQUESTS) and not wanted):
        return None
    try:
        day = parse_date(wanted)
    except ValueError:
        day = None
    return day if day and day.year in YEARS else clinic_day(now())


@dataclass(frozen=True)
class Waiting:
    """How many requests wait for an answer, and how many of them longer than the patient was told."""

    open: int
    overdue: int


def waiting(moment: datetime) -> Waiting:
    requests = Appointment.objects.filter(status=Status.REQUESTED)
    return Waiting(**requests.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(answer_by_at__lte=moment))))


class RequestsFilter(admin.SimpleListFilter):
    title = gettext_lazy("requests")
    parameter_name = REQUESTS

    def lookups(self, request, model_admin):
        return [("open", _("To answer")), ("overdue", _("Answer overdue"))]

    def queryset(self, request, queryset):
        if self.value() == "overdue":
            return queryset.unanswered(now())
        return queryset.filter(status=Status.REQUESTED) if self.value() == "open" else queryset


@dataclass(frozen=True)
class StatusCount:
    status: str
    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Select:
    """A filter: `options` are value, label, and whether it is the one chosen."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]

    @property
    def is_used(self) -> bool:
        return any(is_chosen for _value, _label, is_chosen in self.options)


class DayList(ChangeList):
    """Adds the day to Django's list; the count of queries does not depend on how many rows there are."""

    def __init__(self, request, *args, **options) -> None:
        self.now = now()
        self.today = clinic_day(self.now)
        self.day = day_in(request)
        super().__init__(request, *args, **options)
        if self.day:
            written = day_in_words(self.day)
            self.title = _("Today, %(day)s") % {"day": written} if self.day == self.today else written
        elif self.query:
            self.title = _("Appointments found")
        else:
            self.title = _("Requests to answer") if request.GET.get(REQUESTS) else _("Appointments of all days")

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        found.pop(DAY, None)
        return found

    def get_queryset(self, request, exclude_parameters=None):
        rows = cast("AppointmentQuerySet", super().get_queryset(request, exclude_parameters))
        if self.day:
            return rows.on(self.day).order_by("starts_at", "pk")
        if request.GET.get(REQUESTS):
            return rows.order_by("answer_by_at", "pk")
        return rows.order_by("-starts_at", "-pk")

    def get_results(self, request) -> None:
        super().get_results(request)
        self.waiting = waiting(self.now)
        self.calls = open_calls(self.now) if request.user.has_perm("appointments.view_callback") else None
        self.statuses = self._statuses() if self.day else []

    def _statuses(self) -> list[StatusCount]:
        """How many visits of the day are in each status, whatever is filtered."""
        rows = Appointment.objects.on(self.day).order_by().values_list("status").annotate(count=Count("pk"))
        counts = dict(rows)
        chosen = self.params.get("status__exact")
        return [
            StatusCount(
                status=status.value,
                label=str(status.label),
                count=counts[status.value],
                query=self.get_query_string({"status__exact": None if status.value == chosen else status.value}),
                is_chosen=status.value == chosen,
            )
            for status in Status
            if status.value in counts
        ]

    @property
    def total(self) -> int:
        return sum(each.count for each in self.statuses)

    @property
    def all_statuses_query(self) -> str:
        return self.get_query_string(remove=["status__exact"])

    def query_for(self, day: date | str | None) -> str:
        """The same list, filters kept, on another day."""
        return self.get_query_string({DAY: day.isoformat() if isinstance(day, date) else day})

    @property
    def earlier(self) -> str:
        return self.query_for(self.day - timedelta(days=1)) if self.day else ""

    @property
    def later(self) -> str:
        return self.query_for(self.day + timedelta(days=1)) if self.day else ""

    @property
    def today_query(self) -> str:
        return self.query_for(None)

    @property
    def all_days_query(self) -> str:
        return self.query_for(ALL_DAYS)

    @property
    def no_filters_query(self) -> str:
        kept = {name: self.params[name] for name in (DAY, "q") if name in self.params}
        return f"?{urlencode(kept)}"

    @property
    def more_is_used(self) -> bool:
        return any(select.is_used for select in self.selects[1:])

    @cached_property
    def selects(self) -> list[Select]:
        """The filters as lists to choose from, which take a line instead of a column of the page."""
        return [_select(spec) for spec in self.filter_specs]


def _select(spec) -> Select:
    if isinstance(spec, admin.SimpleListFilter):
        name, choices, chosen = spec.parameter_name, spec.lookup_choices, spec.value()
    elif isinstance(spec, admin.RelatedFieldListFilter):
        name, choices, chosen = spec.lookup_kwarg, spec.lookup_choices, spec.lookup_val
    else:
        name, choices, chosen = spec.lookup_kwarg, spec.field.flatchoices, spec.lookup_val
    # Django keeps the values of a filter as the list that the address may hold.
    chosen = chosen[-1] if isinstance(chosen, list) else chosen
    options = [(str(value), str(label), str(value) == chosen) for value, label in choices]
    return Select(name or "", str(capfirst(spec.title)), options)
