"""The forms of the pages by which patients find and change their booking: the shape of what is sent."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from appointments.forms import OPTIONAL_LABEL
from ipsc.fields import NOT_A_REFERENCE, CallablePhoneField, PlainTextField, ReferenceField
from ipsc.forms import helper


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
