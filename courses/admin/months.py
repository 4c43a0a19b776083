"""The list of runs by month: those under way and to come unless another month, today, or those past are asked for."""

from datetime import date

from django.contrib import admin
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.promise import AHEAD
from courses.schedule import months
from ipsc.admin.base import PlainList
from ipsc.dates import clinic_day, end_of_day, now, start_of_day

WHEN, TODAY, ALL, PAST = "when", "today", "all", "past"
YEARS = range(2000, 2200)


def month_of(text: str) -> date | None:
    """The first day of a month such as 2027-01; None for anything else."""
    try:
        day = parse_date(f"{text}-01")
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


class MonthFilter(admin.SimpleListFilter):
    title = gettext_lazy("when")
    parameter_name = WHEN

    def lookups(self, request, model_admin):
        today = clinic_day(now())
        coming = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months(today, AHEAD)]
        return [(TODAY, _("Today")), *coming, (PAST, _("Past")), (ALL, _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Under way and to come")}
        yield from others

    def queryset(self, request, queryset):
        wanted, moment = self.value(), now()
        if wanted == TODAY:
            day = clinic_day(moment)
            return queryset.filter(starts_at__lt=end_of_day(day), ends_at__gt=start_of_day(day))
        if wanted == PAST:
            return queryset.filter(ends_at__lte=moment)
        if wanted and (month := month_of(wanted)):
            until = months(month, 2)[1]
            return queryset.filter(starts_at__gte=start_of_day(month), starts_at__lt=start_of_day(until))
        # Whoever searches means the old ones as well.
        if wanted == ALL or request.GET.get("q", "").strip():
            return queryset
        return queryset.filter(ends_at__gt=moment)


class MonthList(PlainList):
    """The past is read from its end."""

    def get_ordering(self, request, queryset):
        return ["-starts_at", "-pk"] if request.GET.get(WHEN) == PAST else ["starts_at", "pk"]
