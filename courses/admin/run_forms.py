"""The forms of a run: what is typed of a new one, and of one in which people may be."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.catalogue import is_sensible
from courses.models import Course, CourseRun, ProgrammeItem, RunState
from courses.models.run import MOST_SEATS
from courses.planning import MOMENTS, RunThere, there, usual_dates
from courses.refusals import RunHasPeople
from ipsc.dates import clinic_day, now
from ipsc.fields import PlainTextField

LONGEST = timedelta(days=366)
# Where it is told that a constraint of the row would be broken.
PLACES = {
    "run_ordered": "ends_at",
    "run_enrolment_ordered": "closes_at",
    "run_withdrawal": "withdraw_until_at",
    "run_early_fee": "early_fee",
    "run_refund": "refund_part_percent",
    "run_credit": "credit_hours",
}
STATES = [(each.value, each.label) for each in (RunState.DRAFT, RunState.PUBLISHED)]


class RunForm(forms.ModelForm):
    """What both have in common: years that clocks know, and no two runs of a course at one moment."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "state" in self.fields:
            self.fields["state"].choices = STATES  # type: ignore[attr-defined]
            self.fields["state"].help_text = _("A draft is seen by staff alone.")
        for name in set(MOMENTS) & self.fields.keys():
            moment = getattr(self.instance, name)
            if not (moment and moment.second):
                self.fields[name].widget.widgets[1].format = "%H:%M"
            # Each moment is typed into two fields, and the library names neither.
            for part, label in zip(self.fields[name].widget.widgets, (_("day"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{self.fields[name].label}: {label}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in MOMENTS:
            if (moment := cleaned.get(name)) and not is_sensible(moment):
                self.add_error(name, _("Give a moment of the years 2000 to 2199."))
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at - starts_at > LONGEST:
            self.add_error("ends_at", _("A run lasts a year at most."))
        if starts_at and (early := cleaned.get("early_until_on")) and early >= clinic_day(starts_at):
            self.add_error("early_until_on", _("The early-bird fee ends before the course begins."))
        self._refuse_twice(cleaned.get("course") or getattr(self.instance, "course", None), starts_at)
        return cleaned

    def _post_clean(self) -> None:
        """What the constraints of the row refuse is told beside the field that it is about."""
        super()._post_clean()  # type: ignore[misc]
        told = {str(each.violation_error_message): PLACES.get(each.name) for each in CourseRun._meta.constraints}
        for words in self.errors.pop(NON_FIELD_ERRORS, []):
            place = told.get(str(words))
            self.add_error(place if place in self.fields else None, words)

    def _refuse_twice(self, course: Course | None, starts_at) -> None:
        if course and starts_at and starts_at != self.instance.starts_at and there(course, [starts_at]):
            self.add_error("starts_at", ValidationError(RunThere.words, code="there"))


class NewRunForm(RunForm):
    """A new run: what is left empty follows from its course and its start."""

    class Meta:
        help_texts = {
            "fee": gettext_lazy("Rupees. Empty: the fee of the course."),
            "opens_at": gettext_lazy("Empty: now."),
            "closes_at": gettext_lazy("Empty: one day before the start."),
            "withdraw_until_at": gettext_lazy(
                "Until then people can withdraw online; afterwards they call. Empty: three days before the start."
            ),
        }

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name in ("fee", "opens_at", "closes_at", "withdraw_until_at"):
            if name in self.fields:
                self.fields[name].required = False
        if "fee" in self.fields:
            self.initial["fee"] = None
            self.fields["fee"].initial = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        course, starts_at = cleaned.get("course"), cleaned.get("starts_at")
        if cleaned.get("fee") is None and "fee" not in self.errors:
            cleaned["fee"] = course.fee if course else 0
        if starts_at and "starts_at" not in self.errors:
            for name, moment in usual_dates(starts_at, now()).items():
                if cleaned.get(name) is None and name not in self.errors:
                    cleaned[name] = moment
        return cleaned


class ChangedRunForm(RunForm):
    """A run that is there. `seen` is the version of the run and of its programme from which the page was made."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = self.newest = self._newest()

    def _newest(self) -> str:
        rows = ProgrammeItem.history.filter(run_id=self.instance.pk).order_by("-history_id")
        return f"{self.instance.sequence}.{rows.values_list('history_id', flat=True).first() or 0}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == RunState.DRAFT and self.instance.enrolments.active().exists():
            # The verb looks again; here what was typed is kept.
            self.add_error("state", ValidationError(RunHasPeople.words, code="people"))
        if cleaned.get("seen") != self.newest:
            data = cast("QueryDict", self.data).copy()
            data["seen"] = self.newest
            self.data = data
            raise ValidationError(
                _(
                    "Somebody else has changed this since you opened the page: see “History”. "
                    "What you typed stands here; if you save again, all of it holds."
                ),
                code="stale",
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields of the run that were changed on the page, each with what it becomes."""
        names = {each.name for each in CourseRun._meta.concrete_fields}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in names}


class CapacityForm(forms.Form):
    """How many places a run is to have, and why."""

    capacity = forms.IntegerField(
        label=gettext_lazy("Places"),
        min_value=1,
        max_value=MOST_SEATS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Type how many places there are to be."),
            "invalid": gettext_lazy("Type a whole number."),
            "min_value": gettext_lazy("A course has 1 to 1,000 places."),
            "max_value": gettext_lazy("A course has 1 to 1,000 places."),
        },
    )
    reason = PlainTextField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For the history, such as “larger hall”."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""


class CancelForm(forms.Form):
    """Why a run is cancelled, and whether people are told."""

    reason = PlainTextField(
        label=gettext_lazy("Why it is cancelled"),
        max_length=500,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Those who are enrolled read this."),
        error_messages={"required": gettext_lazy("Say why: those who are enrolled read it.")},
    )
    notify = forms.BooleanField(label=gettext_lazy("Tell them by e-mail"), required=False, initial=True)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
