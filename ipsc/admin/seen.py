"""A form of the admin that overwrites nothing unseen (rule F1)."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class SeenModelForm(forms.ModelForm):
    """Tells whoever saves that somebody else has saved since the page was opened; saved again, theirs gives way.

    `seen` is the newest record of the row's history when the page was made.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = self.newest = self._newest()

    def _newest(self) -> str:
        rows = self.instance.history.order_by("-history_id") if self.instance.pk else None
        return str(rows.values_list("history_id", flat=True).first() or "") if rows is not None else ""

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") and cleaned["seen"] != self.newest:
            data = cast("QueryDict", self.data).copy()
            data["seen"] = self.newest
            self.data = data
            raise forms.ValidationError(
                _(
                    "Somebody else has changed this since you opened the page: see “History”. "
                    "What you typed stands here; if you save again, all of it holds."
                ),
                code="stale",
            )
        return cleaned
