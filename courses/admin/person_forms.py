"""The forms of the pages about one enrolment: the shape of what staff type."""

from datetime import datetime

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from courses.admin.catalogue import dates_in_words
from courses.enrolment import fee_after_move
from courses.messages.causes import can_write
from courses.models import CourseRun, Enrolment
from courses.staff_forms import StaffDoctorForm
from ipsc.fields import PlainTextField


class NotifyForm(forms.Form):
    """Whether the doctor is told by message; that is no question where there is no way to write (rule M2)."""

    notify = forms.BooleanField(label=_("Tell the doctor by e-mail"), required=False, initial=True)

    def __init__(self, *args, enrolment: Enrolment, **options) -> None:
        super().__init__(*args, **options)
        self.enrolment = enrolment
        if not can_write(enrolment):
            del self.fields["notify"]

    @property
    def tells(self) -> bool:
        """Whether a message is to go where there is a way, by a valid form."""
        return self.cleaned_data.get("notify", True)


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
        super().__init__(*args, enrolment=enrolment, **options)
        if not enrolment.paid:
            self.fields["refund"].widget = forms.HiddenInput()

    def clean_refund(self) -> int:
        refund = self.cleaned_data["refund"]
        if refund > self.enrolment.paid:
            raise forms.ValidationError(_("That is more than was paid."), code="more")
        return refund


class RadioSelect(forms.RadioSelect):
    """Runs to choose from; a full one is shown and cannot be chosen. The desk styles a field by its class."""

    now: datetime

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        run = getattr(value, "instance", None)
        if run is not None and not run.free_for_newcomers(run.waiting, self.now):
            option["attrs"]["disabled"] = True
        return option


class MoveForm(NotifyForm):
    """Which other run of the course; `runs` come with how many wait for each."""

    run = forms.ModelChoiceField(label=_("To"), queryset=CourseRun.objects.none(), empty_label=None, widget=RadioSelect)

    def __init__(self, *args, runs, enrolment: Enrolment, now: datetime, **options) -> None:
        super().__init__(*args, enrolment=enrolment, **options)
        self.fields["run"].widget.now = now
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = (  # type: ignore[attr-defined]
            lambda run: run_in_words(
                run, free=run.free_for_newcomers(run.waiting, now), fee=fee_after_move(enrolment, run, now)
            )
        )


def run_in_words(run: CourseRun, *, free: int, fee: int) -> str:
    """What one needs to know of a run to choose it for somebody on the phone: seats `free`, and their `fee`, INR."""
    left = _("%(free)s free") % {"free": free} if free else _("full")
    return f"{dates_in_words(run.starts_at, run.ends_at)} · {left} · ₹ {intcomma(fee)}"


class AddForm(StaffDoctorForm):
    """Somebody who calls."""

    language = forms.ChoiceField(label=_("Language of the messages"), choices=[("en", "English"), ("hi", "हिन्दी")])
    queue = forms.BooleanField(label=_("Put on the waiting list if no place is free"), required=False)
    notify = forms.BooleanField(label=_("Tell the doctor by e-mail"), required=False, initial=True)
