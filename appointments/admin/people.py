"""The people whom reception knows (rule B4)."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from appointments.admin.facts import phone_link
from appointments.admin.searching import found
from appointments.models import Appointment, Patient
from ipsc.admin.base import StaffAdmin
from ipsc.dates import clinic_day, now
from ipsc.names import search_key

MOST_VISITS = 20


class PatientForm(forms.ModelForm):
    class Meta:
        widgets = {"born_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_born_on(self):
        born_on = self.cleaned_data["born_on"]
        if born_on and not (born_on.year >= 1880 and born_on <= clinic_day(now())):
            raise forms.ValidationError(_("This cannot be a date of birth. Check the year."), code="impossible")
        return born_on


@admin.register(Patient)
class PatientAdmin(StaffAdmin):
    form = PatientForm
    change_form_template = "admin/appointments/patient/change_form.html"
    list_display = ["name", "phone_number", "born_on", "created_at"]
    # The newest first: the order that needs no sorting, however many there are.
    ordering = ["-pk"]
    search_fields = ["name"]
    search_help_text = _("Name in English or Hindi letters, or the last digits of the phone.")
    fields = ["name", "phone", "email", "born_on", "notes"]

    @admin.display(description=_("phone"))
    def phone_number(self, patient: Patient) -> str:
        return phone_link(patient.phone)

    def get_search_results(self, request, queryset, search_term):
        return found(queryset, search_term), False

    def save_model(self, request, obj, form, change) -> None:
        obj.search_name = search_key(obj.name)
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            visits = Appointment.objects.filter(patient=obj).select_related("service", "clinician")
            context["visits"] = visits.order_by("-starts_at", "-pk")[:MOST_VISITS]
            context["may_book"] = request.user.has_perm("appointments.add_appointment")
        return super().render_change_form(request, context, add, change, form_url, obj)
