"""The clinic's settings: one row, one form."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from ipsc.admin.base import StaffAdmin
from ipsc.models import ClinicSettings

ONLY = "1"


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(StaffAdmin):
    fieldsets = [
        (None, {"fields": ["online_booking_open", "name", "phone", "address", "address_hi", "map_url"]}),
        (_("Requests and limits"), {"fields": ["answer_hours", "unanswered_requests", "bookings_per_phone"]}),
        (
            _("When it is urgent"),
            {
                "fields": [
                    "emergency_number",
                    "red_flags",
                    "red_flags_hi",
                    "red_flags_advice",
                    "red_flags_advice_hi",
                ]
            },
        ),
    ]

    def has_add_permission(self, request) -> bool:
        return False

    def get_object(self, request, object_id, from_field=None) -> ClinicSettings | None:
        """The one row, with its defaults where nobody has saved it yet."""
        return ClinicSettings.load() if object_id == ONLY else None

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect("admin:ipsc_clinicsettings_change", ONLY)
