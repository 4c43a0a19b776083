"""Courses apart from their dates: what they teach, to whom, and whether the public sees them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import slugs
from courses.models import Category, Course, OldCourseSlug, RunState
from ipsc.admin.base import StaffAdmin
from ipsc.admin.scripts import ScriptsChecked
from ipsc.admin.seen import SeenModelForm
from ipsc.dates import clinic_day, now, short_day


class CourseForm(SeenModelForm):
    """A new course may leave its address to its title."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        self.old_slug = self.instance.slug

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or self.old_slug or slugs.propose(self.cleaned_data.get("title", ""))
        if OldCourseSlug.objects.filter(slug=slug).exclude(course=self.instance.pk).exists():
            raise ValidationError(_("This address led to another course before. Choose another."), code="taken")
        return slug


@admin.register(Course)
class CourseAdmin(ScriptsChecked, StaffAdmin):
    form = CourseForm
    change_form_template = "admin/courses/course/change_form.html"
    list_display = ["title", "level", "next_run", "coming", "published", "order", "content"]
    list_filter = ["published", "level"]
    search_fields = ["title", "title_hi", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("title", "title_hi", "slug", "summary", "summary_hi", ("level", "hours", "fee")),
                    *("categories", ("published", "order"), "seen"),
                ]
            },
        ),
        (
            gettext_lazy("What is taught"),
            {"fields": ["description", "description_hi", "outcomes", "outcomes_hi", "syllabus", "syllabus_hi"]},
        ),
        (gettext_lazy("For whom"), {"fields": ["audience", "audience_hi", "eligibility", "eligibility_hi"]}),
        (gettext_lazy("Who stands behind it"), {"fields": ["authors", "endorsed"]}),
    ]

    def get_queryset(self, request):
        coming = Q(runs__state=RunState.PUBLISHED, runs__starts_at__gt=now())
        rows = super().get_queryset(request)
        return rows.annotate(next_at=Min("runs__starts_at", filter=coming), to_come=Count("runs", filter=coming))

    def get_prepopulated_fields(self, request, obj=None):
        # An address that is in use stays when the title changes.
        return {} if obj else self.prepopulated_fields

    def view_on_site(self, obj: Course) -> str | None:
        return obj.get_absolute_url() if Course.objects.public().filter(pk=obj.pk).exists() else None

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField):
            return forms.MultipleChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=Category.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request, obj: Course, form, change) -> None:
        was_public = change and form.initial.get("published")
        super().save_model(request, obj, form, change)
        if was_public and obj.slug != form.old_slug:
            slugs.keep_old(obj, form.old_slug)
            messages.info(request, _("The old address of the page leads to the new one."))
        if change and form.initial.get("published") and not obj.published and coming(obj):
            messages.warning(request, _("Nobody outside sees the coming runs of this course now."))

    def render_change_form(self, request, context: dict[str, Any], add=False, change=False, form_url="", obj=None):
        if obj:
            moment = now()
            context["runs"] = obj.runs.filter(ends_at__gt=moment).order_by("starts_at")[:24]
            context["may_add_runs"] = request.user.has_perm("courses.add_courserun")
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("next run"))
    def next_run(self, row) -> str:
        return short_day(clinic_day(row.next_at)) if row.next_at else "–"

    @admin.display(description=gettext_lazy("coming runs"))
    def coming(self, row) -> str:
        address = reverse("admin:courses_courserun_changelist")
        return format_html('<a href="{}?course__id__exact={}">{}</a>', address, row.pk, row.to_come)

    @admin.display(description=gettext_lazy("content"))
    def content(self, row: Course) -> str:
        return _("sample") if row.is_sample else _("your own")


def coming(course: Course) -> bool:
    return course.runs.filter(state=RunState.PUBLISHED, starts_at__gt=now()).exists()
