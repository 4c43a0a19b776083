"""The public form after an answer that did not help: the shape of what is typed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from appointments.forms import OPTIONAL_LABEL
from faq.models import Reason
from ipsc.fields import PlainTextField

LONGEST = 500


class WhyForm(forms.Form):
    """Why an answer did not help."""

    reason = forms.ChoiceField(
        label=_("What was wrong with it?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the reasons.")},
    )
    text = PlainTextField(
        label=_("In your own words"),
        required=False,
        lines=True,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Please leave out names and what troubles you: nobody answers here, and nobody is on duty to read it."
        ),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        text = self.fields["text"]
        text.label = format_html(OPTIONAL_LABEL, text.label, _("optional"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("reason", "text")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("reason") and not cleaned.get("text"):
            self.add_error("reason", _("Choose a reason, or say it in your own words."))
        return cleaned
