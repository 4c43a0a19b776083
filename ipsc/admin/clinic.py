"""The clinic's settings: one row, one form; and the pages by which a manager vouches for them."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from ipsc.admin import messages, safety
from ipsc.admin.base import StaffAdmin
from ipsc.admin.pictures import Pictured, PicturedForm
from ipsc.admin.scripts import ScriptsChecked
from ipsc.clinic import amend
from ipsc.history import Actor
from ipsc.models import CARD, ClinicSettings
from ipsc.pictures import LOGO

ONLY = "1"


UPI = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
# Four letters of the bank, a nought, six of the branch (Reserve Bank of India).
IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
BANK = {
    "bank_account_name": _("Give the name of the account as well, or leave all of the bank account empty."),
    "bank_account_number": _("Give the number of the account as well, or leave all of the bank account empty."),
    "bank_ifsc": _("Give the IFSC as well, or leave all of the bank account empty."),
}


class ClinicForm(PicturedForm):
    picture_name = "logo"
    called = _("logo")
    largest = LOGO

    def clean_upi_id(self) -> str:
        upi = "".join(self.cleaned_data["upi_id"].split())
        if upi and not UPI.fullmatch(upi):
            raise ValidationError(_("A UPI id looks like name@bank. Check it."))
        return upi

    def clean_bank_ifsc(self) -> str:
        ifsc = "".join(self.cleaned_data["bank_ifsc"].split()).upper()
        if ifsc and not IFSC.fullmatch(ifsc):
            raise ValidationError(_("An IFSC has four letters, a 0, and six more letters or digits. Check it."))
        return ifsc

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        given = {name for name in BANK if cleaned.get(name) or name in self.errors}
        if given:
            for name in BANK.keys() - given:
                self.add_error(name, BANK[name])
        if cleaned.get("bank_name") and not given:
            self.add_error("bank_account_name", BANK["bank_account_name"])
        if cleaned.get("upi_name") and not cleaned.get("upi_id") and "upi_id" not in self.errors:
            self.add_error("upi_id", _("Give the UPI id as well, or leave the name of the UPI account empty."))
        return cleaned


class OneRow(StaffAdmin):
    """Writes what was changed on the page and no more: while its picture is read, somebody may close booking."""

    def save_model(self, request, obj, form, change) -> None:
        names = form.changed_fields()
        if not (names or obj._state.adding):
            return
        amend(values={name: getattr(obj, name) for name in names}, by=Actor.staff(request.user))
        if names & set(CARD):
            self.message_user(
                request, _("The safety text has a new version. A doctor has to confirm it: see “Set up the clinic”.")
            )


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(Pictured, ScriptsChecked, OneRow):
    form = ClinicForm
    readonly_fields = ["shown_picture"]
    fieldsets = [
        (_("Name"), {"fields": ["name", "full_name", "full_name_hi", "shown_picture", "picture_file", "picture_gone"]}),
        (
            _("How patients reach you"),
            {"fields": ["phone", "second_phone", "whatsapp", "email", "languages", "languages_hi"]},
        ),
        (
            _("Where you are, and how to get in"),
            {
                "fields": [
                    "address",
                    "address_hi",
                    "map_url",
                    "directions",
                    "directions_hi",
                    "access",
                    "access_hi",
                    "parking",
                    "parking_hi",
                ]
            },
        ),
        (
            _("Booking, requests and limits"),
            {
                "fields": [
                    "answer_hours",
                    "unanswered_requests",
                    "bookings_per_phone",
                    "default_notice",
                    "default_horizon",
                ],
                "description": _("Online booking is opened and closed on the page “Set up the clinic”."),
            },
        ),
        (_("Call me back"), {"fields": ["call_back_open", "call_back_hours"]}),
        (
            _("Courses"),
            {
                "fields": ["enrolment_open", "offer_hours", "overdue_hours", "course_phone", "course_email"],
                "description": _("What doctors who enrol are offered, and how they reach the course office."),
            },
        ),
        (
            _("How course fees are paid"),
            {
                "fields": [
                    "upi_id",
                    "upi_name",
                    "bank_account_name",
                    "bank_account_number",
                    "bank_ifsc",
                    "bank_name",
                    "desk_payment",
                ],
                "description": _("Only the ways that are filled in are offered. Look twice: doctors pay to these."),
            },
        ),
        (
            _("When it is urgent"),
            {
                "fields": [
                    "emergency_number",
                    "red_flags",
                    "red_flags_hi",
                    "red_flags_advice",
                    "red_flags_advice_hi",
                ],
                "description": _("Whoever changes this text makes a new version, which a doctor has to confirm."),
            },
        ),
    ]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("safety/", wrap(safety.page), name="ipsc_safety"),
            path("messages/", wrap(messages.page), name="ipsc_messages_test"),
            *super().get_urls(),
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
