"""The pages of an appointment. It is shown here and changed by the verbs alone: no form of the admin can save it."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.admin import desk, facts, linking, new, phoning, samples, telling
from appointments.admin.days import DayList, RequestsFilter, day_in
from appointments.admin.searching import found
from appointments.admin.setup import urls as setup
from appointments.admin.steps import onward
from appointments.models import Appointment
from ipsc.admin.base import StaffAdmin
from ipsc.dates import clinic_day, in_words, now, short_day, time_of_day

VERBS = {
    "step": desk.step,
    "cancel": desk.cancel,
    "decline": desk.decline,
    "move": desk.move,
    "amend": desk.amend,
    "link": linking.link,
    **telling.VERBS,
}


@admin.register(Appointment)
class AppointmentAdmin(StaffAdmin):
    change_list_template = "admin/appointments/appointment/change_list.html"
    list_filter = ["clinician", "service", "status", "source", RequestsFilter]
    list_select_related = ["service", "clinician"]
    list_display_links = None
    search_fields = ["reference"]
    search_help_text = gettext_lazy(
        "Reference, name in English or Hindi letters, or the last digits of the phone. Looks over all days."
    )

    @property
    def media(self):
        # Nothing of the list or of the visit needs the admin's scripts.
        return Media()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            *(
                path(f"<int:pk>/{name}/", wrap(view), name=f"appointments_appointment_{name}")
                for name, view in VERBS.items()
            ),
            path("unreached/", wrap(phoning.unreached), name="appointments_unreached"),
            path("next-day/", wrap(phoning.next_day), name="appointments_next_day"),
            path("samples/", wrap(samples.remove), name="appointments_samples"),
            *setup.patterns(wrap),
            *super().get_urls(),
        ]

    def get_changelist(self, request, **options):
        return DayList

    def get_list_display(self, request):
        columns = ["clock" if day_in(request) else "moment", "who", "state", "visit", "phone_link", "spoken"]
        return [*columns, "next_step"] if self.has_change_permission(request) else columns

    def get_search_results(self, request, queryset, search_term):
        return found(queryset, search_term), False

    def add_view(self, request, form_url="", extra_context=None):
        return new.add(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        appointment = self.get_object(request, unquote(object_id))
        if appointment is None:
            return self.no_such_row(request, object_id)
        return desk.visit(request, appointment)

    def save_model(self, request, obj, form, change) -> None:
        raise PermissionDenied("appointments are changed by the booking verbs")

    @admin.display(description=gettext_lazy("time"))
    def clock(self, appointment: Appointment) -> SafeString:
        squeezed = _("squeezed in") if appointment.squeeze_in else ""
        return _two_lines("clock", time_of_day(appointment.starts_at), squeezed)

    @admin.display(description=gettext_lazy("when"))
    def moment(self, appointment: Appointment) -> SafeString:
        day = clinic_day(appointment.starts_at)
        written = short_day(day) if day.year == clinic_day(now()).year else f"{short_day(day)} {day.year}"
        return _two_lines("clock", written, time_of_day(appointment.starts_at))

    @admin.display(description=gettext_lazy("patient"))
    def who(self, appointment: Appointment) -> SafeString:
        years = facts.age(appointment)
        told = [_("%(years)s years") % {"years": years}] if years is not None else []
        told += [_("sample")] if appointment.is_sample else []
        return format_html(
            '<a href="{}" class="who">{}</a> <span class="quiet">{}</span>{}{}',
            reverse("admin:appointments_appointment_change", args=[appointment.pk]),
            appointment.name,
            ", ".join(told),
            facts.alarm(appointment),
            format_html_join("", ' <span class="need">{}</span>', ((need,) for need in facts.needs(appointment))),
        )

    @admin.display(description=gettext_lazy("status"))
    def state(self, appointment: Appointment) -> SafeString:
        return facts.badge(appointment) + facts.answer_by(appointment, now()) + facts.coming(appointment)

    @admin.display(description=gettext_lazy("visit"))
    def visit(self, appointment: Appointment) -> SafeString:
        return _two_lines("service", appointment.service.name, appointment.clinician.name)

    @admin.display(description=gettext_lazy("phone"))
    def phone_link(self, appointment: Appointment) -> SafeString:
        return facts.phone_link(appointment.phone)

    @admin.display(description=gettext_lazy("reference"))
    def spoken(self, appointment: Appointment) -> SafeString:
        return format_html('<span class="reference">{}</span>', appointment.spoken_reference)

    @admin.display(description=gettext_lazy("next"), empty_value="")
    def next_step(self, appointment: Appointment) -> SafeString | str:
        step = onward(appointment, now())
        if step is None:
            return ""
        # The list stands in a form of its own, to which this button gives another address.
        return format_html(
            '<button class="step" name="go" value="{}" formaction="{}" aria-label="{}: {}, {}">{}</button>',
            step.go,
            reverse("admin:appointments_appointment_step", args=[appointment.pk]),
            step.label,
            appointment.name,
            in_words(appointment.starts_at),
            step.label,
        )


def _two_lines(kind: str, first: str, second: str) -> SafeString:
    line = format_html(' <span class="quiet">{}</span>', second) if second else ""
    return format_html('<span class="{}">{}</span>{}', kind, first, line)
