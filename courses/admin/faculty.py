"""The faculty: who writes and teaches the courses."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Faculty
from ipsc.admin.base import StaffAdmin
from ipsc.admin.pictures import Pictured, PicturedForm
from ipsc.admin.scripts import ScriptsChecked
from ipsc.admin.seen import SeenModelForm


class FacultyForm(PicturedForm, SeenModelForm):
    picture_name = "photo"
    called = gettext_lazy("photo")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "picture_file" in self.fields:
            self.fields["picture_file"].help_text = gettext_lazy(
                "A plain portrait, with the person’s consent: PNG, JPEG, WebP or GIF. Councils restrict advertising."
            )


@admin.register(Faculty)
class FacultyAdmin(Pictured, ScriptsChecked, StaffAdmin):
    form = FacultyForm
    list_display = ["name", "discipline", "credentials", "writes", "declared", "active", "order", "content"]
    list_filter = ["active"]
    search_fields = ["name", "name_hi", "discipline", "credentials"]
    readonly_fields = ["shown_picture"]
    view_on_site = False
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("name", "name_hi", "credentials", "discipline", "discipline_hi", "about", "about_hi"),
                    *("shown_picture", "picture_file", "picture_gone", ("active", "order"), "seen"),
                ]
            },
        ),
        (gettext_lazy("Declaration of interests"), {"fields": ["interests", "interests_on"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(written=Count("courses"))

    def get_fieldsets(self, request, obj=None):
        """The inputs for a picture are no fields of the row, which could be shown to whoever only looks."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        hidden = ("picture_file", "picture_gone", "seen")
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=gettext_lazy("courses written"))
    def writes(self, row) -> str:
        return str(row.written or "–")

    @admin.display(description=gettext_lazy("interests declared"))
    def declared(self, row: Faculty) -> str:
        return f"{row.interests_on:%d.%m.%Y}" if row.interests_on else "–"

    @admin.display(description=gettext_lazy("content"))
    def content(self, row: Faculty) -> str:
        return _("sample") if row.is_sample else _("your own")
