"""The forms of the pages by the link: the shape of what is sent."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.forms import OPTIONAL_LABEL, DoctorForm
from ipsc.fields import NOT_A_REFERENCE, PlainTextField, ReferenceField
from ipsc.forms import helper


class CorrectForm(DoctorForm):
    """The same as when one enrols, but for the consent, which was given."""


class WithdrawForm(forms.Form):
    """Why somebody leaves, if they want to say so. The refund that the page has shown is no question, and no field."""

    reason = PlainTextField(
        label=_("Why do you leave?"), required=False, max_length=200, help_text=_("Only our staff read it.")
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = format_html(OPTIONAL_LABEL, self.fields["reason"].label, _("optional"))
        self.helper = helper("reason")


class OfferForm(forms.Form):
    """What becomes of an offered place."""

    ACCEPT, DECLINE = "accept", "decline"
    answer = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (DECLINE, DECLINE)])


class FindForm(forms.Form):
    """By what somebody is known who has lost the link."""

    reference = ReferenceField(
        label=_("Reference"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-reference"}),
        help_text=_("Nine digits, for example 123 456 782."),
        error_messages={"required": NOT_A_REFERENCE, "max_length": NOT_A_REFERENCE},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The address that you gave when you enrolled."),
        error_messages={
            "required": _("Type the e-mail address that you gave when you enrolled."),
            "invalid": _("This is not an e-mail address. Check it, for example name@example.org."),
        },
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.helper = helper("reference", "email")
