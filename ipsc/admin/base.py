"""What all pages of the admin share: who did what, samples that become the clinic's own, no deleting, odd input."""

from functools import cached_property
from typing import cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ipsc.admin.changes import changes
from ipsc.fields import PlainTextField
from ipsc.history import Actor, save_as

ADOPTED = "sample adopted"
EXACT = ("", "exact", "id__exact", "isnull")


class BoundedPaginator(Paginator):
    """Counts no further than `most`: counting a million rows takes longer than showing a page of them."""

    most = 2000

    @cached_property
    def _seen(self) -> int:
        rows = cast("models.QuerySet", self.object_list)
        return rows.order_by()[: self.most + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._seen, self.most)

    @property
    def is_cut(self) -> bool:
        return self._seen > self.most


def adopt(row) -> bool:
    """Make a sample row the clinic's own (rule F3), unsaved; say whether it was a sample."""
    was_sample = bool(getattr(row, "is_sample", False))
    if was_sample:
        row.is_sample = False
    return was_sample


class PlainList(ChangeList):
    """A list is called by what stands in it."""

    def __init__(self, request, *args, **options) -> None:
        super().__init__(request, *args, **options)
        self.title = str(capfirst(self.opts.verbose_name_plural))


class Careful(admin.ModelAdmin):
    """Nothing is deleted unless a page says so, and nothing in bulk (rule B5); odd addresses are no errors."""

    actions = None
    may_be_deleted = False
    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 100
    sortable_by = ()

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.may_be_deleted and super().has_delete_permission(request, obj)

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """Only the filters that the page shows: an address may otherwise ask for patterns that are no patterns."""
        filters = self.get_list_filter(request)
        field, _separator, rest = lookup.partition("__")
        if field in [each for each in filters if isinstance(each, str)]:
            return rest in EXACT
        return lookup in [getattr(each, "parameter_name", None) for each in filters]

    def get_changelist(self, request, **options):
        return PlainList

    def changelist_view(self, request, extra_context=None):
        # PostgreSQL knows no text with NUL in it; only the search box would have refused it by itself.
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            messages.error(request, _("That cannot be searched for. Type it again, with letters and digits."))
            return redirect(request.path)
        return super().changelist_view(request, extra_context)


class StaffAdmin(Careful):
    """Base of the pages of rows with a history: whoever changes one is named, and a sample becomes the clinic's own."""

    change_form_template = "admin/staff_change_form.html"
    # A browser ends a line otherwise than we do: that alone is no change, least of all of the safety text (rule F2).
    formfield_overrides = {
        models.TextField: {
            "form_class": PlainTextField,
            "lines": True,
            "widget": AdminTextareaWidget(attrs={"rows": 4}),
        }
    }

    def no_such_row(self, request, object_id):
        """Back to the first page, with words, as all of Django's own pages go."""
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Plain lists to choose from: what stands in them has its own page, one click away in the bar on top."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"  # what a browser takes an address without one for
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def save_model(self, request, obj, form, change) -> None:
        """Save what was changed, say who did it, and make a sample the clinic's own."""
        if not (form.changed_data or obj._state.adding):
            return
        adopted = change and adopt(obj)
        save_as(obj, by=Actor.staff(request.user), why=ADOPTED if adopted else "")
        if adopted:
            messages.info(request, _("“%(row)s” was a sample; it is the clinic’s own now.") % {"row": obj})

    def save_formset(self, request, form, formset, change) -> None:
        by = Actor.staff(request.user)
        for row in formset.save(commit=False):
            adopted = adopt(row)
            save_as(row, by=by, why=ADOPTED if adopted else "")
        for row in formset.deleted_objects:
            # Its history names whoever is signed in, as the library's middleware has it.
            row.delete()
        formset.save_m2m()

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, when and why."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self.no_such_row(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(row)s") % {"row": row},
            "opts": self.opts,
            "original": row,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "changes": changes(row),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/history.html", context)
