"""A picture on a page of the admin: shown, sent, taken away."""

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ipsc import pictures
from ipsc.templatetags.pictures import picture as tag

ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


class PicturedForm(forms.ModelForm):
    """Adds a file to send and a box to take the picture away; `picture_name` is the field of the model."""

    picture_name = ""
    called: str | Promise = _("picture")
    largest = pictures.PORTRAIT

    picture_file = forms.FileField(
        label=_("New picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": pictures.NO_PICTURE},
    )
    picture_gone = forms.BooleanField(label=_("Take the picture away"), required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "picture_file" in self.fields:
            self.fields["picture_file"].label = format_lazy(_("New {picture}"), picture=self.called)
            self.fields["picture_file"].help_text = _("PNG, JPEG, WebP or GIF.")
        if "picture_gone" in self.fields:
            if getattr(self.instance, f"{self.picture_name}_id"):
                self.fields["picture_gone"].label = format_lazy(_("Take the {picture} away"), picture=self.called)
            else:
                # Nothing to take away: not even an empty box.
                self.fields["picture_gone"].widget = forms.HiddenInput()

    def clean_picture_file(self):
        upload = self.cleaned_data["picture_file"]
        self.encoded = pictures.webp(upload, largest=self.largest) if upload else None
        return upload

    def changed_fields(self) -> set[str]:
        """The names of the model's fields that were changed on the page, the picture's included."""
        changed = set(self.changed_data)
        names = changed - {"picture_file", "picture_gone"}
        return names if names == changed else names | {self.picture_name}

    def apply_picture(self, row: models.Model) -> None:
        """Put the picture that was sent into a row, or take away what is there; unsaved."""
        if self.cleaned_data.get("picture_file") and self.encoded:
            setattr(row, self.picture_name, pictures.store(*self.encoded))
        elif self.cleaned_data.get("picture_gone"):
            setattr(row, self.picture_name, None)


class Pictured:
    """For a page whose form is a PicturedForm; goes before the page's other bases."""

    form: type[PicturedForm]

    def save_model(self, request, obj, form, change) -> None:
        if isinstance(form, PicturedForm):
            form.apply_picture(obj)
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def shown_picture(self, row) -> str:
        found = getattr(row, self.form.picture_name) if row and row.pk else None
        return tag(found) if found else "–"

    shown_picture.short_description = _("Picture now")  # type: ignore[attr-defined]
