"""The form for time off: whole days unless times are given."""

from datetime import datetime, time, timedelta
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.admin.facts import short_moment
from appointments.models import TimeOff
from ipsc.dates import clinic_day, end_of_day, short_day

MIDNIGHT = time(0)
YEARS = range(2000, 2101)


def _day(label, **options) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"invalid": _("This is not a day. Type it as 2026-11-26."), "required": _("Choose a day.")}
    return forms.DateField(label=label, widget=widget, error_messages=errors, **options)


def _time(label, help_text) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    errors = {"invalid": _("This is not a time. Type it as 14:30, or leave it empty.")}
    return forms.TimeField(label=label, widget=widget, help_text=help_text, error_messages=errors, required=False)


class TimeOffForm(forms.ModelForm):
    """Asks for days as people say them: “from Monday to Wednesday” ends when Wednesday ends."""

    first_day = _day(_("First day"))
    from_time = _time(_("from"), _("Empty: from the beginning of that day."))
    last_day = _day(_("Last day"), required=False, help_text=_("Empty: the same day."))
    until_time = _time(_("until"), _("Empty: to the end of that day."))

    class Meta:
        model = TimeOff
        fields = ["clinician", "reason", "holiday", "holiday_hi"]

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        clinician = cast("forms.ModelChoiceField", self.fields["clinician"])
        clinician.empty_label, clinician.help_text = _("The whole clinic"), ""
        if self.instance.pk:
            self.initial.update(_as_days(self.instance))

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("clinician") and (cleaned.get("holiday") or cleaned.get("holiday_hi")):
            self.add_error("clinician", _("A holiday is the whole clinic’s. Choose the whole clinic, or name none."))
        for name in ("first_day", "last_day"):
            if (day := cleaned.get(name)) and day.year not in YEARS:
                self.add_error(name, _("Check the year."))
        if {"first_day", "last_day", "from_time", "until_time"} & self.errors.keys():
            return cleaned
        first = cleaned["first_day"]
        last = cleaned.get("last_day") or first
        starts_at = timezone.make_aware(datetime.combine(first, cleaned.get("from_time") or MIDNIGHT))
        until = cleaned.get("until_time")
        ends_at = timezone.make_aware(datetime.combine(last, until)) if until else end_of_day(last)
        if ends_at <= starts_at:
            self.add_error("until_time" if last == first else "last_day", _("Time off ends after it begins."))
        self.instance.starts_at, self.instance.ends_at = starts_at, ends_at
        return cleaned


def edges(row: TimeOff) -> tuple[str, str]:
    """From when until when, in words; a whole day without its midnight."""
    days = _as_days(row)
    first = short_moment(row.starts_at) if days["from_time"] else short_day(days["first_day"])
    last = short_moment(row.ends_at) if days["until_time"] else short_day(days["last_day"])
    return first, last


def _as_days(row: TimeOff) -> dict:
    """A span as the form asks for it; a midnight is the edge of a whole day."""
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    whole = ends.time() == MIDNIGHT
    last_day = clinic_day(row.ends_at - timedelta(microseconds=1)) if whole else ends.date()
    return {
        "first_day": begins.date(),
        "from_time": None if begins.time() == MIDNIGHT else begins.time(),
        "last_day": last_day,
        "until_time": None if whole else ends.time(),
    }
