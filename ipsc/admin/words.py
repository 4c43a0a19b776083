"""The words by which signs that cannot wait are found: one row, a list in each field, a sentence to try (F2)."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipsc import redflags
from ipsc.admin.base import StaffAdmin
from ipsc.models import LONGEST_LIST, RedFlagWords
from ipsc.redflags import DEFAULTS, NEGATIONS

ONLY = "1"
LONGEST_SENTENCE = 1000
SYNTAX = gettext_lazy(
    "One phrase on each line: its words may stand in any order, near each other. “a/b” means either word, “urin*” any "
    "ending, “+” that both sides may stand anywhere in the text, “-word” that the phrase does not count when that word "
    "is near. A line that starts with # is a remark. “LEG: leg/foot” gives words a name in capitals for other lines."
)
DENIALS = gettext_lazy(
    "Three dots show where the denied words stand: “no ...” or “... nahi”. A line without dots stops its words from "
    "denying, as in “no relief”."
)


class WordsForm(forms.ModelForm):
    """The lists, and a sentence that is read with them as they stand here, saved or not."""

    sentence = forms.CharField(
        label=gettext_lazy("A sentence to try"),
        required=False,
        max_length=LONGEST_SENTENCE,
        help_text=gettext_lazy("Type what a patient might write, and press “Try it”. Nothing is saved by that."),
    )

    class Meta:
        model = RedFlagWords
        fields = list(DEFAULTS)
        widgets = {name: forms.Textarea(attrs={"rows": 20, "cols": 80, "spellcheck": "false"}) for name in DEFAULTS}

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for name in DEFAULTS:
            lines = cleaned.get(name, "").splitlines()
            for number, words in redflags.problems(cleaned.get(name, ""))[:5]:
                told = {"number": number, "line": lines[number - 1].strip()[:60], "words": words}
                self.add_error(name, _("Line %(number)s, “%(line)s”: %(words)s") % told)
        return cleaned

    def hits(self) -> list[redflags.Hit]:
        """What the lists find in the sentence."""
        lists = {name: self.data.get(name, "")[:LONGEST_LIST] for name in DEFAULTS}
        return redflags.find(self.data.get("sentence", "")[:LONGEST_SENTENCE], lists)


@admin.register(RedFlagWords)
class RedFlagWordsAdmin(StaffAdmin):
    form = WordsForm
    change_form_template = "admin/ipsc/words.html"
    fieldsets = [
        (gettext_lazy("Signs"), {"description": SYNTAX, "fields": [name for name in DEFAULTS if name != NEGATIONS]}),
        (gettext_lazy("Words that deny"), {"description": DENIALS, "fields": [NEGATIONS]}),
    ]
    formfield_overrides = {}

    def has_add_permission(self, request) -> bool:
        return False

    def get_object(self, request, object_id, from_field=None) -> RedFlagWords | None:
        """The one row, with the lists of the site where nobody has saved it yet."""
        return RedFlagWords.load() if object_id == ONLY else None

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect("admin:ipsc_redflagwords_change", ONLY)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_try" in request.POST and self.has_change_permission(request):
            return self._tried(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _tried(self, request, object_id):
        """The page once more with what was typed, and what was found; nothing is saved."""
        row = self.get_object(request, object_id)
        if row is None:
            return self.no_such_row(request, object_id)
        form = cast("WordsForm", self.get_form(request, row, change=True)(request.POST, instance=row))
        form.is_valid()
        found = [(form.fields[hit.sign].label, hit.words) for hit in form.hits()]
        told = format_html_join("", "<li>{}: “{}”</li>", found)
        admin_form = helpers.AdminForm(
            form,
            cast("Any", self.get_fieldsets(request, row)),
            {},
            self.get_readonly_fields(request, row),
            model_admin=self,
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Red-flag words"),
            "adminform": admin_form,
            "errors": helpers.AdminErrorList(form, []),
            "original": row,
            "object_id": object_id,
            "is_popup": False,
            "media": self.media + admin_form.media,
            "inline_admin_formsets": [],
            "tried": bool(request.POST.get("sentence", "").strip()),
            "nothing_to_try": not request.POST.get("sentence", "").strip(),
            "found": told,
        }
        return self.render_change_form(request, context, change=True, obj=row)
