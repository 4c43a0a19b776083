"""What the course office types about money."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.managing.claim_form import LABELS, RupeesField, TransactionNumberField
from courses.models import Way
from ipsc.fields import PlainTextField

# What a gateway brings, a gateway writes.
WAYS = [(way.value, LABELS[way]) for way in (Way.UPI, Way.BANK, Way.DESK)]


class AmountForm(forms.Form):
    """How much of a claimed payment has come."""

    amount = RupeesField(
        label=_("Amount that came, in rupees"), error_messages={"required": _("Type the amount that came.")}
    )


class ReasonForm(forms.Form):
    """Why a payment was not found, or is taken back."""

    reason = PlainTextField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The doctor reads it. For example “No payment with this number has come by 25 November.”"),
        error_messages={"required": _("Say why: the doctor reads it.")},
    )


class MoneyForm(forms.Form):
    """Money that came or went without a claim; `seen_paid` is what the page showed as paid."""

    way = forms.ChoiceField(
        label=_("Way"), choices=WAYS, error_messages={"invalid_choice": _("Choose one of the ways listed.")}
    )
    amount = RupeesField(label=_("Amount in rupees"), error_messages={"required": _("Type the amount.")})
    transaction_number = TransactionNumberField(
        shortest=1, label=_("Transaction number"), required=False, help_text=_("At the desk, it may stay empty.")
    )
    seen_paid = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        missing = not cleaned.get("transaction_number") and "transaction_number" not in self.errors
        if missing and cleaned.get("way") in (Way.UPI, Way.BANK):
            self.add_error("transaction_number", _("Type the transaction number, as the account shows it."))
        return cleaned
