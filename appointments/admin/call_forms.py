"""What the desk types about a request for a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ipsc.fields import PlainTextField


class NoteForm(forms.Form):
    """What came of a call, for staff."""

    note = PlainTextField(
        label=_("What came of it (optional)"),
        required=False,
        max_length=500,
        help_text=_("For staff. For example “visit booked for Thursday”."),
    )


class DropForm(forms.Form):
    """Why a request is closed without a call."""

    reason = PlainTextField(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("For staff. For example “asked twice” or “the number does not exist”."),
        error_messages={"required": _("Say why nobody calls.")},
    )
