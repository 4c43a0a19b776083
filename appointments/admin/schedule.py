"""What is offered, by whom and when. Reception keeps hours and time off; who works here is the manager's business."""

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.admin.displaced import away_in_words, left_outside, outside_in_words, time_worked, visits_during
from appointments.admin.hours import HoursInline
from appointments.admin.time_off import TimeOffForm, edges
from appointments.feeding import feed_url, renew_feed
from appointments.models import Clinician, Service, TimeOff
from ipsc.admin.base import StaffAdmin
from ipsc.admin.pictures import Pictured, PicturedForm
from ipsc.admin.scripts import ScriptsChecked
from ipsc.dates import now
from ipsc.history import Actor
from ipsc.identifiers import opaque_id
from ipsc.models import ClinicSettings

PAGE_ADDRESS = gettext_lazy("Page address")
PICTURE = ("shown_picture", "picture_file", "picture_gone")


class WithSamples(ScriptsChecked, StaffAdmin):
    """Marks samples in the list."""

    @admin.display(description=gettext_lazy("content"), ordering="is_sample")
    def content(self, row) -> str:
        return _("sample") if row.is_sample else _("your own")


@admin.register(Service)
class ServiceAdmin(WithSamples):
    list_display = ["name", "duration", "buffer", "instant", "fee", "active", "order", "content"]
    list_filter = ["active"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "name_hi",
                    "medical_name",
                    "medical_name_hi",
                    "slug",
                    "description",
                    "description_hi",
                    "details",
                    "details_hi",
                    ("active", "first_choice", "order"),
                ]
            },
        ),
        (
            gettext_lazy("Time and booking"),
            {"fields": [("duration", "buffer", "step"), ("notice", "horizon", "change_notice"), "instant", "fee"]},
        ),
        (gettext_lazy("Reminders"), {"fields": [("email_reminders", "sms_reminders")]}),
        (
            gettext_lazy("What patients are told"),
            {"fields": ["bring", "bring_hi", "prepare", "prepare_hi", "come_with_someone"]},
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField):
            # Compared with the row, as every other field is, and not with a copy that the page would have to bring.
            kwargs["show_hidden_initial"] = False
            kwargs["help_text"] = gettext_lazy("Days before the visit, 1 to 30, with commas between. Empty: none.")
            kwargs["error_messages"] = {
                "item_invalid": gettext_lazy("Write whole numbers from 1 to 30 with commas between, such as 3, 1.")
            }
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request, obj=None):
        # An address that is in use stays when the name changes, and nobody fills in what they may only read.
        return {} if obj else self.prepopulated_fields

    def get_changeform_initial_data(self, request):
        """A new service begins with the notice and the horizon of the clinic."""
        clinic = ClinicSettings.load()
        usual = {"notice": clinic.default_notice, "horizon": clinic.default_horizon}
        return usual | super().get_changeform_initial_data(request)


class ClinicianForm(PicturedForm):
    picture_name = "photo"
    called = gettext_lazy("photo")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "picture_file" in self.fields:
            self.fields["picture_file"].help_text = gettext_lazy(
                "A plain portrait, with the person’s consent: PNG, JPEG, WebP or GIF. Councils restrict advertising."
            )
        if "services" in self.fields:
            self.fields["services"].help_text = gettext_lazy("What patients can book with this person.")
        if "slug" in self.fields:
            self.fields["slug"].label = PAGE_ADDRESS
            # A name in Devanagari leaves no letters for an address: then it stays the opaque one.
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        now = self.instance.slug if self.instance.pk else self._slug_of_name()
        return self.cleaned_data["slug"] or now or opaque_id()

    def _slug_of_name(self) -> str:
        """The address that a browser with scripts would have filled in; nothing where somebody has it."""
        slug = slugify(self.cleaned_data.get("name", ""))[:50].strip("-")
        return "" if Clinician.objects.filter(slug=slug).exists() else slug


@admin.register(Clinician)
class ClinicianAdmin(Pictured, WithSamples):
    form = ClinicianForm
    change_form_template = "admin/appointments/clinician/change_form.html"
    list_display = ["name", "qualification", "offers", "active", "order", "content"]
    list_filter = ["active"]
    inlines = [HoursInline]
    identity = [
        "name",
        "name_hi",
        "slug",
        "qualification",
        "council",
        "registration_number",
        "languages",
        "languages_hi",
        "about",
        "about_hi",
        "gender",
        "services",
        "user",
        "order",
        "active",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "name_hi",
                    "qualification",
                    ("council", "registration_number"),
                    "services",
                    ("active", "order"),
                ]
            },
        ),
        (
            gettext_lazy("Languages and person"),
            {"classes": ["collapse"], "fields": ["languages", "languages_hi", "gender", "user"]},
        ),
        (
            gettext_lazy("On the public page"),
            {"fields": ["about", "about_hi", *PICTURE, "slug"]},
        ),
    ]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("services")

    def get_inlines(self, request, obj):
        # A new clinician gets a week by the grid of the set-up, which is easier than rows.
        return super().get_inlines(request, obj) if obj else []

    def get_readonly_fields(self, request, obj=None):
        """Whoever may not add clinicians keeps their hours, but not who they are."""
        return ["shown_picture", *([] if self.has_add_permission(request) else self.identity)]

    def get_fieldsets(self, request, obj=None):
        # Neither of the two inputs for a picture is a field of the row, which could be made read-only.
        hidden: tuple[str, ...] = PICTURE[:1]
        if obj:
            hidden = () if self.has_add_permission(request) else PICTURE[1:]
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_add_permission(request):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_urls(self):
        renew = self.admin_site.admin_view(self.renew_feed_view)
        return [path("<int:pk>/feed/", renew, name="appointments_clinician_feed"), *super().get_urls()]

    def renew_feed_view(self, request, pk):
        """End the address of a clinician's calendar and make another one."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        clinician = renew_feed(clinician=get_object_or_404(Clinician, pk=pk), by=Actor.staff(request.user))
        messages.success(request, _("The old calendar address of %(name)s has ended.") % {"name": clinician.name})
        return redirect("admin:appointments_clinician_change", pk)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_changeform_initial_data(self, request):
        # Empty, so that it is filled in from the name.
        return {"slug": ""} | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "services":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change) -> None:
        """Save the hours, and say which visits to come lie outside them by that."""
        moment = now()
        before = time_worked(form.instance, moment)
        super().save_related(request, form, formsets, change)
        after = time_worked(form.instance, moment)
        if told := outside_in_words(left_outside(form.instance, before, after, moment)):
            messages.warning(request, told)

    @admin.display(description=gettext_lazy("services"))
    def offers(self, clinician: Clinician) -> str:
        return ", ".join(service.name for service in clinician.services.all())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            ahead = TimeOff.objects.filter(Q(clinician=obj) | Q(clinician=None), ends_at__gt=now())[:10]
            context["time_off"] = [(row, " – ".join(edges(row))) for row in ahead]
            context["feed_url"] = feed_url(obj) if self.has_add_permission(request) else ""
            context["may_add_time_off"] = request.user.has_perm("appointments.add_timeoff")
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(TimeOff)
class TimeOffAdmin(StaffAdmin):
    form = TimeOffForm
    may_be_deleted = True
    change_form_template = "admin/appointments/timeoff/change_form.html"
    list_display = ["who", "begins", "ends", "reason"]
    list_filter = ["clinician"]
    list_select_related = ["clinician"]
    ordering = ["-starts_at", "-pk"]
    fields = ["clinician", ("first_day", "from_time"), ("last_day", "until_time"), "reason", ("holiday", "holiday_hi")]

    @admin.display(description=gettext_lazy("who"))
    def who(self, row: TimeOff) -> str:
        return str(row.clinician or _("Whole clinic"))

    @admin.display(description=gettext_lazy("from"))
    def begins(self, row: TimeOff) -> str:
        return edges(row)[0]

    @admin.display(description=gettext_lazy("until"))
    def ends(self, row: TimeOff) -> str:
        return edges(row)[1]

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if told := away_in_words(visits_during(obj)):
            messages.warning(request, told)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            visits = visits_during(obj)
            context["visits"], context["visit_count"] = visits[:50], visits.count()
        return super().render_change_form(request, context, add, change, form_url, obj)
