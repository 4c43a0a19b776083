"""The form in which staff say who a doctor is, from a call or a list: the same rules, and words that speak of her."""

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from courses.councils import Council
from courses.forms import OPTIONAL_LABEL, DoctorForm

LABELS = {
    "name": _("Name, as on the certificate"),
    "place": _("Place of work"),
    "needs": _("What we should know"),
}
HELP = {
    "phone": _("For calls if something changes. A number abroad begins with + and the country code."),
    "council": _("Where the doctor is registered."),
    "registration_number": _("As on the certificate of registration. It may stay empty with “Other, or abroad”."),
}
MISSING = {
    "name": _("The name is missing."),
    "phone": _("The phone number is missing."),
    "council": _("The council is missing."),
}


class StaffDoctorForm(DoctorForm):
    """Somebody else's answers. An e-mail address is needed only where it is all that tells two people apart."""

    WITHOUT_LETTERS = _("A name has letters. Check it.")
    WITHOUT_NUMBER = _("The registration number with this council is missing.")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["email"].required = False
        self.fields["email"].help_text = (
            _("For messages about the place, and for the link. Empty: this doctor has to be phoned.")
            if settings.SENDS_EMAIL
            else _("This site sends no e-mail at the moment.")
        )
        for name, label in LABELS.items():
            self.fields[name].label = label if name == "name" else format_html(OPTIONAL_LABEL, label, _("optional"))
        for name, words in HELP.items():
            self.fields[name].help_text = words
        for name, words in MISSING.items():
            self.fields[name].error_messages["required"] = words
        for name in ("name", "email", "phone"):
            # Or the browser offers what whoever types is called.
            self.fields[name].widget.attrs["autocomplete"] = "off"
        council = self.fields["council"]
        council.choices = [("", _("Choose the council")), *Council.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("council") == Council.OTHER and not cleaned.get("email") and "email" not in self.errors:
            self.add_error(
                "email", forms.ValidationError(_("Without an Indian registration number, an e-mail address is needed."))
            )
        return cleaned
