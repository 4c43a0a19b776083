"""The forms of the pages by which patients find and change their booking: the shape of what is sent."""

import re
import unicodedata

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from appointments.forms import OPTIONAL_LABEL
from ipsc.fields import CallablePhoneField, PlainTextField
from ipsc.identifiers import REFERENCE_DIGITS, is_reference

NOT_A_REFERENCE = _("A reference has nine digits, for example 123 456 782. Type all of them.")
# What stands between digits when people write them in groups: any space, dash or dot.
BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")


class SeenForm(forms.Form):
    """Which version of the booking a page showed: whoever acts on an older one is told so (rule B7)."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    @property
    def sequence(self) -> int:
        """The version that was seen; one that never is (-1) where the form does not say."""
        return self.cleaned_data["seen"] if self.is_valid() else -1


class CancelForm(forms.Form):
    """Why somebody cancels, if they want to say so."""

    reason = PlainTextField(
        label=_("Why can you not come?"),
        required=False,
        max_length=200,
        help_text=_("Only our staff read it."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = format_html(OPTIONAL_LABEL, self.fields["reason"].label, _("optional"))
        self.helper = helper(*self.fields)


class ReferenceField(PlainTextField):
    """A reference as people write it: in groups or not, in digits of any script."""

    def to_python(self, value) -> str:
        text = BETWEEN.sub("", super().to_python(value))
        return "".join(str(unicodedata.decimal(each, each)) for each in text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) != REFERENCE_DIGITS or not (value.isascii() and value.isdigit()):
            raise forms.ValidationError(NOT_A_REFERENCE, code="invalid")
        if not is_reference(value):
            raise forms.ValidationError(
                _("One of these digits is wrong. Compare them with the reference that you wrote down."), code="check"
            )


class FindForm(forms.Form):
    """By what somebody is known who has lost the link."""

    reference = ReferenceField(
        label=_("Reference"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-reference"}),
        help_text=_("Nine digits, for example 123 456 782."),
        error_messages={"required": NOT_A_REFERENCE, "max_length": NOT_A_REFERENCE},
    )
    phone = CallablePhoneField(
        label=_("Phone number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("The number that was given with the booking."),
        error_messages={
            "required": _("Type the phone number that was given with the booking."),
            "invalid": _("This is not a phone number that we can call. Check it, for example 98765 43210."),
        },
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.helper = helper(*self.fields)


def helper(*fields: str) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*fields)
    return made
