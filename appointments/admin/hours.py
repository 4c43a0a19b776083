"""Working hours as reception edits them, several rows at a time."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import combinations
from math import gcd

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models import WorkingHours
from appointments.models.schedule import MIDNIGHT

ALWAYS = (date.min, date.max)


@dataclass(frozen=True)
class Interval:
    """One row of working hours, as far as it can stand in another's way."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None
    valid_until: date | None
    every: int

    def overlaps(self, other: "Interval") -> bool:
        """Whether both may mean the same hour of the same day."""
        return (
            self.weekday == other.weekday
            and self.opens < other._end
            and other.opens < self._end
            and self._in_time_of(other)
            and self._in_week_of(other)
        )

    @property
    def _end(self) -> time:
        return time.max if self.closes == MIDNIGHT else self.closes

    def _in_time_of(self, other: "Interval") -> bool:
        first = max(self.valid_from or ALWAYS[0], other.valid_from or ALWAYS[0])
        return first <= min(self.valid_until or ALWAYS[1], other.valid_until or ALWAYS[1])

    def _in_week_of(self, other: "Interval") -> bool:
        """Two rhythms meet where their first weeks differ by a multiple of what the rhythms have in common."""
        common = gcd(self.every, other.every)
        if common == 1 or not (self.valid_from and other.valid_from):
            return True
        return (_monday(self.valid_from) - _monday(other.valid_from)).days // 7 % common == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class HoursForm(forms.ModelForm):
    """Says beside the field what the database would refuse for the row."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            # The column's heading is no label to a screen reader.
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes is not None and closes != MIDNIGHT and closes <= opens:
            self.add_error("closes", _("Working hours end after they begin. For the end of the day, type 00:00."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is not before the first day."))
        if (cleaned.get("every") or 1) > 1 and not first and "valid_from" not in self.errors:
            self.add_error("valid_from", _("Give a first day: the weeks are counted from it."))
        return cleaned

    def interval(self) -> Interval | None:
        """What a valid row means; None where there is none."""
        if self.errors or not self.cleaned_data or self.cleaned_data.get("DELETE"):
            return None
        typed = self.cleaned_data
        return Interval(
            typed["weekday"], typed["opens"], typed["closes"], typed["valid_from"], typed["valid_until"], typed["every"]
        )


class HoursFormSet(forms.BaseInlineFormSet):
    """Refuses hours of one clinician that overlap: each of the two would offer the same time."""

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete these hours")

    def clean(self) -> None:
        super().clean()
        rows = [(form, found) for form in self.forms if (found := form.interval()) is not None]
        for (_first, one), (form, other) in combinations(rows, 2):
            if one.overlaps(other):
                words = _("These hours overlap the others of that day, from %(opens)s to %(closes)s.")
                told = {"opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}"}
                form.add_error("opens", words % told)


class HoursInline(admin.TabularInline):
    model = WorkingHours
    form = HoursForm
    formset = HoursFormSet
    fields = ["weekday", "opens", "closes", "valid_from", "valid_until", "every", "online_cap"]
    ordering = ["weekday", "opens"]
    extra = 1
    # The browser's own inputs: the admin's calendar takes three lines in each row.
    formfield_overrides = {
        models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        models.PositiveSmallIntegerField: {"widget": forms.NumberInput(attrs={"min": 0})},
    }
