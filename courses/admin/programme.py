"""The programme of a run as staff type it: on which day of the course, from when until when."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.clock import Clock
from courses.models import CourseRun, ProgrammeItem
from courses.schedule import at
from ipsc.dates import clinic_day
from ipsc.history import Actor, save_as

MOST_ITEMS = 80


class ItemForm(forms.ModelForm):
    """An item by the day of the course and the clock, so that it moves with the first day."""

    moments: tuple[datetime, datetime]

    day = forms.IntegerField(
        label=gettext_lazy("day"),
        min_value=1,
        max_value=366,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "vSmallField", "aria-label": gettext_lazy("day of the course")}),
    )
    begins = Clock(label=gettext_lazy("from"))
    ends = Clock(label=gettext_lazy("until"))

    class Meta:
        model = ProgrammeItem
        fields = ["title", "title_hi", "kind", "speaker"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "title_hi": forms.TextInput(attrs={"class": "vTextField", "lang": "hi"}),
        }

    def __init__(self, *args, first_day=None, **options) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            # The heads of the columns are no labels for whoever hears the page.
            field.widget.attrs.setdefault("aria-label", field.label)
        item = self.instance
        if item.pk and first_day:
            times: dict[str, Any] = {
                "day": (clinic_day(item.starts_at) - first_day).days + 1,
                "begins": timezone.localtime(item.starts_at).time(),
                "ends": timezone.localtime(item.ends_at).time(),
            }
            self.initial.update(times)


class Programme(BaseInlineFormSet):
    """Gives each item its moments by the run's first day, and refuses what lies outside the run."""

    instance: CourseRun

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        # The days that stand in the page are counted from the first day as it is saved.
        if not hasattr(self, "saved_day"):
            saved = CourseRun.objects.filter(pk=self.instance.pk).values_list("starts_at", flat=True).first()
            self.saved_day = clinic_day(saved) if saved else None
        return kwargs | {"first_day": self.saved_day}

    def clean(self) -> None:
        super().clean()
        run = self.instance
        if not (run.starts_at and run.ends_at):
            return
        for form in self.kept:
            if form.errors:
                continue
            typed = form.cleaned_data
            day = clinic_day(run.starts_at) + timedelta(days=(typed.get("day") or 1) - 1)
            form.moments = at(day, typed["begins"]), at(day, typed["ends"])
            self._check(form, run)

    def _check(self, form, run: CourseRun) -> None:
        starts_at, ends_at = form.moments
        if ends_at <= starts_at:
            form.add_error("ends", _("An item of the programme ends after it begins."))
        elif starts_at < run.starts_at:
            form.add_error("begins", _("This begins before the run does."))
        elif ends_at > run.ends_at:
            form.add_error("ends", _("This ends after the run does."))

    @property
    def kept(self) -> list[ItemForm]:
        """The items that are to be: those there and not to be deleted, and new ones with something in them."""
        there = [form for form in self.forms if form.instance.pk or form.has_changed()]
        return [form for form in there if not getattr(form, "cleaned_data", {}).get("DELETE")]

    def save_by(self, by: Actor) -> bool:
        """Save what is new, other or moved by its run, delete what is to go, and say whether there was anything."""
        touched = [form for form in self.kept if form.has_changed() or form.moments != _moments(form.instance)]
        gone = [form.instance for form in self.deleted_forms if form.instance.pk]
        for form in touched:
            item = form.instance
            item.run, (item.starts_at, item.ends_at) = self.instance, form.moments
            save_as(item, by=by)
        for item in gone:
            item._actor = by  # named in the record of the deletion
            item.delete()
        self.new_objects = [form.instance for form in touched]
        self.changed_objects, self.deleted_objects = [], gone
        return bool(touched or gone)


def _moments(item: ProgrammeItem):
    return item.starts_at, item.ends_at


class ProgrammeInline(admin.TabularInline):
    model = ProgrammeItem
    form = ItemForm
    formset = Programme
    fields = ["day", "begins", "ends", "title", "title_hi", "kind", "speaker"]
    extra = 3
    max_num = MOST_ITEMS
    ordering = ["starts_at", "pk"]

    def has_add_permission(self, request, obj=None) -> bool:
        return request.user.has_perm("courses.change_courserun")

    has_change_permission = has_add_permission

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm("courses.view_courserun")

    def has_delete_permission(self, request, obj=None) -> bool:
        """An item is a line of a page: it goes with it, and its history stays."""
        return self.has_add_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A plain list of speakers: the faculty has pages of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("speaker")
