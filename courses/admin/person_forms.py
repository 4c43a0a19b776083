"""The forms of the pages about one enrolment: the shape of what staff type."""

from datetime import datetime

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from courses.admin.catalogue import dates_in_words
from courses.enrolment import fee_after_move
from courses.models import CourseRun, Enrolment
from courses.staff_forms import StaffDoctorForm
from ipsc.fields import PlainTextField


class NotifyForm(forms.Form):
    """Whether the doctor is told by message."""

    notify = forms.BooleanField(label=_("Tell the doctor by e-mail"), required=False, initial=True)


class LeaveForm(NotifyForm):
    reason = PlainTextField(label=_("Reason"), max_length=500, required=False)
    refund = forms.IntegerField(
        label=_("To be refunded, rupees"),
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "vIntegerField"}),
        error_messages={"invalid": _("Type a whole number of rupees.")},
    )

    def __init__(self, *args, enrolment: Enrolment, **options) -> None:
        super().__init__(*args, **options)
        self.enrolment = enrolment
        if not enrolment.paid:
            self.fields["refund"].widget = forms.HiddenInput()

    def clean_refund(self) -> int:
        refund = self.cleaned_data["refund"]
        if refund > self.enrolment.paid:
            raise forms.ValidationError(_("That is more than was paid."), code="more")
        return refund


class RadioSelect(forms.RadioSelect):
    """Runs to choose from; a full one is shown and cannot be chosen. The desk styles a field by its class."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        run = getattr(value, "instance", None)
        if run is not None and not free_in(run):
            option["attrs"]["disabled"] = True
        return option


class MoveForm(NotifyForm):
    """Which other run of the course."""

    run = forms.ModelChoiceField(label=_("To"), queryset=CourseRun.objects.none(), empty_label=None, widget=RadioSelect)

    def __init__(self, *args, runs, enrolment: Enrolment, now: datetime, **options) -> None:
        super().__init__(*args, **options)
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = (  # type: ignore[attr-defined]
            lambda run: run_in_words(run, fee_after_move(enrolment, run, now))
        )


def free_in(run: CourseRun) -> int:
    return max(0, run.capacity - run.seats_taken)


def run_in_words(run: CourseRun, fee: int) -> str:
    """What one needs to know of a run to choose it for somebody on the phone; `fee` is what it would cost them, INR."""
    free = free_in(run)
    left = _("%(free)s free") % {"free": free} if free else _("full")
    return f"{dates_in_words(run.starts_at, run.ends_at)} · {left} · ₹ {intcomma(fee)}"


class AddForm(StaffDoctorForm):
    """Somebody who calls."""

    language = forms.ChoiceField(label=_("Language of the messages"), choices=[("en", "English"), ("hi", "हिन्दी")])
    queue = forms.BooleanField(label=_("Put on the waiting list if no place is free"), required=False)
    notify = forms.BooleanField(label=_("Tell the doctor by e-mail"), required=False, initial=True)
