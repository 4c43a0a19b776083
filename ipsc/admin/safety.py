"""The page on which a manager records that a doctor has confirmed the safety text (rule F2)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ipsc.admin.frame import frame
from ipsc.dates import clinic_day, now
from ipsc.fields import PlainTextField
from ipsc.history import Actor
from ipsc.models import ClinicSettings
from ipsc.safety import CardChanged, confirm_card

PERMISSION = "ipsc.change_clinicsettings"


class ConfirmForm(forms.Form):
    """Who has read the text; `version` is the one that the page shows."""

    confirmed_by = PlainTextField(
        label=_("Doctor who confirms it"),
        min_length=5,
        max_length=300,
        help_text=_("Name, medical council and registration number."),
        error_messages={"required": _("Type the doctor’s name and registration number.")},
    )
    has_read = forms.BooleanField(
        label=_("This doctor has read the text in both languages and confirms it."),
        error_messages={"required": _("Record it only when the doctor has read the text and confirms it.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def clean_confirmed_by(self) -> str:
        text = self.cleaned_data["confirmed_by"]
        if not any(each.isalpha() for each in text):
            raise forms.ValidationError(_("Type the doctor’s name in letters."), code="letters")
        return text


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The card as patients see it in both languages, and who has confirmed it; by POST, a doctor's confirmation."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form, status = ConfirmForm(request.POST if request.method == "POST" else None, label_suffix=""), 200
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            confirm_card(
                version=typed["version"],
                confirmed_by=typed["confirmed_by"],
                on=clinic_day(now()),
                by=Actor.staff(request.user),
            )
        except CardChanged as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("The safety text is confirmed."))
            return redirect("admin:setup")
    clinic = ClinicSettings.load()
    context = frame(request, _("Safety text"), "safety") | {"form": form, "clinic": clinic, "cards": cards(clinic)}
    return render(request, "admin/ipsc/safety.html", context, status=status)


def cards(clinic: ClinicSettings) -> list[tuple[str, str]]:
    """The card in each language, as the public pages show it."""
    shown = []
    for code in ("en", "hi"):
        with translation.override(code):
            text = render(None, "includes/_red_flags.html", {"clinic": clinic, "heading_level": 3}).text
            # Two cards in one page: each has its own anchors.
            shown.append((code, text.replace('"red-flags"', f'"red-flags-{code}"')))
    return shown
