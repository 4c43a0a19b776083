"""Runs of courses: the list by month, and the page of one, whose changes go through the verbs of enrolment."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import planning
from courses.admin import copying, run_pages, schedule
from courses.admin.asking import Ask, ask
from courses.admin.catalogue import BADGES, course_asked, people
from courses.admin.months import MonthFilter, MonthList
from courses.admin.programme import Programme, ProgrammeInline
from courses.admin.rights import actor
from courses.admin.run_forms import ChangedRunForm, NewRunForm
from courses.enrolment import revise_run
from courses.enrolment.running import told_of
from courses.models import Course, CourseRun, RunState
from courses.refusals import EnrolmentRefused
from ipsc.admin.base import ADOPTED, StaffAdmin, adopt
from ipsc.dates import clinic_day, now, short_day, time_of_day
from ipsc.history import save_as


@admin.register(CourseRun)
class CourseRunAdmin(StaffAdmin):
    change_form_template = "admin/courses/courserun/change_form.html"
    change_list_template = "admin/courses/courserun/change_list.html"
    list_display = ["when", "name", "mode", "taken", "waits", "state_shown", "content", "roster"]
    list_display_links = ["when", "name"]
    list_filter = [MonthFilter, "state", "mode", "course"]
    list_select_related = ["course"]
    search_fields = ["title", "title_hi", "course__title", "course__title_hi"]
    ordering = ["starts_at", "pk"]
    inlines = [ProgrammeInline]
    fieldsets = [
        (None, {"fields": ["course", "state", "starts_at", "ends_at", ("title", "title_hi"), "seen"]}),
        (
            gettext_lazy("Place"),
            {"fields": ["mode", "venue", "venue_hi", "map_url", "joining_url", "language", "phone"]},
        ),
        (gettext_lazy("Places"), {"fields": [("capacity", "queue_capacity")]}),
        (gettext_lazy("Enrolment"), {"fields": ["opens_at", "closes_at", "withdraw_until_at"]}),
        (
            gettext_lazy("Fee"),
            {
                "fields": [
                    *("fee", "early_fee", "early_until_on", "fee_includes", "fee_includes_hi", "pay_days"),
                    *("refund_full_days", "refund_part_percent", "refund_part_days"),
                ]
            },
        ),
        (
            gettext_lazy("Credit of a medical council"),
            {"fields": ["credit_hours", "credit_council", "credit_reference"]},
        ),
    ]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("schedule/", wrap(schedule.schedule), name="courses_courserun_schedule"),
            path("copy/", wrap(copying.copy_month), name="courses_courserun_copy_month"),
            path("<int:pk>/copy/", wrap(copying.copy), name="courses_courserun_copy"),
            path("<int:pk>/capacity/", wrap(run_pages.capacity), name="courses_courserun_capacity"),
            path("<int:pk>/cancel/", wrap(run_pages.cancel), name="courses_courserun_cancel"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        return CourseRun.objects.select_related("course").with_queue()

    def get_changelist(self, request, **options):
        return MonthList

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.has_change_permission(request, obj):
            kwargs["form"] = ChangedRunForm if obj else NewRunForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        if obj and self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "seen"]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request, obj=None):
        """The places change on a page of their own; a run stays with its course."""
        return ["course", "capacity"] if obj else []

    def has_change_permission(self, request, obj=None) -> bool:
        """A cancelled run stays as it was."""
        is_over = obj is not None and obj.state == RunState.CANCELLED
        return super().has_change_permission(request, obj) and not is_over

    def get_changeform_initial_data(self, request):
        return course_asked(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "course":
            kwargs["queryset"] = Course.objects.order_by("order", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def view_on_site(self, obj: CourseRun) -> str | None:
        return obj.course.get_absolute_url() if CourseRun.objects.public().filter(pk=obj.pk).exists() else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Ask as asked:
            return ask(request, asked)
        except EnrolmentRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)

    def save_model(self, request, obj: CourseRun, form, change) -> None:
        """A run that is there is changed by its verb alone, after a look at who is in it."""
        if form.cleaned_data.get("state") == RunState.PUBLISHED and not obj.course.published:
            messages.warning(request, _("The course itself is not published: nobody outside sees this run."))
        if not change:
            planning.add_run(run=obj, by=actor(request))
            return
        values = form.values()
        old = CourseRun.objects.get(pk=obj.pk)
        news = [name for name in told_of(vars(old), values) if name in values]
        if news and "_confirmed" not in request.POST and people(old)["count"]:
            raise Ask(run=old, values={name: values[name] for name in news})
        saved = revise_run(
            run=old,
            values=values,
            by=actor(request),
            now=now(),
            sequence=int(form.newest.partition(".")[0]),
            notify="_confirmed" not in request.POST or "notify" in request.POST,
        )
        if old.is_sample and not saved.is_sample:
            self._say_adopted(request, obj)

    def save_formset(self, request, form, formset: Programme, change) -> None:
        if not formset.save_by(actor(request)):
            return
        run = CourseRun.objects.get(pk=form.instance.pk)
        if adopt(run):
            save_as(run, by=actor(request), why=ADOPTED, update_fields=["is_sample"])
            self._say_adopted(request, run)

    def _say_adopted(self, request: HttpRequest, run: CourseRun) -> None:
        messages.info(request, _("“%(row)s” was a sample; it is the clinic’s own now.") % {"row": run})

    def render_change_form(self, request, context: dict[str, Any], add=False, change=False, form_url="", obj=None):
        if obj:
            # As it is, whatever has just been typed and refused.
            saved = CourseRun.objects.select_related("course").get(pk=obj.pk)
            context |= {"saved": saved, "is_over": saved.ends_at <= now()}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, run: CourseRun) -> SafeString:
        day = clinic_day(run.starts_at)
        said = f"{short_day(day)} {day:%Y}"
        return format_html(
            '<span class="clock">{}</span> <span class="quiet">{}</span>', said, time_of_day(run.starts_at)
        )

    @admin.display(description=gettext_lazy("course"))
    def name(self, run: CourseRun) -> str:
        return run.title or str(run.course)

    @admin.display(description=gettext_lazy("places taken"))
    def taken(self, run: CourseRun) -> str:
        return _("%(taken)s of %(capacity)s") % {"taken": run.seats_taken, "capacity": run.capacity}

    @admin.display(description=gettext_lazy("waiting"))
    def waits(self, run) -> str:
        if not run.waiting:
            return "–"
        return ngettext("%(count)s waiting", "%(count)s waiting", run.waiting) % {"count": run.waiting}

    @admin.display(description=gettext_lazy("people"))
    def roster(self, run: CourseRun) -> SafeString:
        """The roster at one press: what the office opens a run for, most days."""
        url, words = reverse("admin:courses_enrolment_roster", args=[run.pk]), _("Roster")
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, words, run, words)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, run: CourseRun) -> SafeString:
        return format_html('<span class="badge {}">{}</span>', BADGES[RunState(run.state)], run.get_state_display())

    @admin.display(description=gettext_lazy("content"))
    def content(self, run: CourseRun) -> str:
        return _("sample") if run.is_sample else _("your own")
