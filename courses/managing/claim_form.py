"""The form of “I have paid”: its shape, and amounts as people type them."""

import re
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.enrolment.claiming import CLAIMABLE
from courses.enrolment.sums import LONGEST_NUMBER
from courses.models import Way
from courses.models.course import MOST_FEE
from courses.models.payment import transaction_key
from ipsc.fields import PlainTextField
from ipsc.forms import helper

# Numbers of banks and of UPI have twelve and more; whoever types less has typed something else.
SHORTEST_KEY = 6
# Digits, or groups of them as in 1,50,000 and 150 000; where a comma would stand before paise, nothing is guessed.
WRITTEN = re.compile(
    r"(?:₹|rs\.?|inr)?\s*(\d+|\d{1,3}(?:[,\s]\d{2,3})*[,\s]\d{3})(?:\.0{1,2})?\s*(?:/-)?", re.IGNORECASE
)
LABELS = {Way.UPI: _("By UPI"), Way.BANK: _("By bank transfer"), Way.DESK: _("At the desk")}


class RupeesField(PlainTextField):
    """Whole rupees, 1 to MOST_FEE, as people write them: ₹ 10,000 or 10000.00, in digits of any script."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"})

    def __init__(self, **options) -> None:
        super().__init__(max_length=30, **options)

    def to_python(self, value):
        return super().to_python(str(value) if isinstance(value, int) else value)

    def clean(self, value):
        text = super().clean(value)
        typed = WRITTEN.fullmatch(text.strip())
        amount = int(re.sub(r"[,\s]", "", typed[1])) if typed else 0
        if not text and not self.required:
            return None
        if not 0 < amount <= MOST_FEE:
            raise forms.ValidationError(_("Type the amount in whole rupees, for example 5000."), code="invalid")
        return amount


class TransactionNumberField(PlainTextField):
    """What a bank or an app calls a payment, as it was typed; compared by `transaction_key`."""

    def __init__(self, *, shortest: int = SHORTEST_KEY, **options) -> None:
        self.shortest = shortest
        attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(max_length=LONGEST_NUMBER, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value):
        number = super().clean(value)
        if number and not self.shortest <= len(transaction_key(number)) <= LONGEST_NUMBER:
            raise forms.ValidationError(
                _("This is not a transaction number. It has 6 or more letters and digits, mostly 12."), code="invalid"
            )
        return number


class ClaimForm(forms.Form):
    """It hears of every way; which ways it names, `name_ways` says: money may have left before one was switched off."""

    way = forms.ChoiceField(
        label=_("How did you pay?"),
        widget=forms.RadioSelect,
        choices=[(way.value, LABELS[way]) for way in CLAIMABLE],
        error_messages={
            "required": _("Choose how you paid."),
            "invalid_choice": _("Choose one of the ways listed."),
        },
    )
    amount = RupeesField(
        label=_("How much did you pay, in rupees?"), error_messages={"required": _("Type how much you paid.")}
    )
    transaction_number = TransactionNumberField(
        label=_("Transaction number"),
        help_text=_("Your UPI app shows it with the payment, as UPI reference or UTR. Your bank calls it UTR."),
        error_messages={"required": _("Type the transaction number. Without it we cannot find your payment.")},
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.helper = helper("way", "amount", "transaction_number")

    def name_ways(self, ways: Sequence[Way]) -> None:
        """Show these ways, and the one that was sent; all of them where that is none."""
        named = [way for way in CLAIMABLE if way in ways or way == self.data.get("way")] or CLAIMABLE
        field = self.fields["way"]
        field.widget.choices = [(way.value, LABELS[way]) for way in named]
        if len(named) == 1:
            field.initial = named[0].value
