"""Form fields that public forms share."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumbers import PhoneNumberType, number_type, region_code_for_number

from ipsc.identifiers import REFERENCE_DIGITS, is_reference

NOT_A_REFERENCE = _("A reference has nine digits, for example 123 456 782. Type all of them.")
# What stands between digits when people write them in groups: any space, dash or dot.
BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
# What costs whoever calls it more than a call: reception rings these numbers at the press of a button.
COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
NO_COUNTRY = "001"  # satellites and their like


class PlainTextField(forms.CharField):
    """Text in any script, kept exactly, save control characters, which nobody means to type."""

    def __init__(self, *, lines: bool = False, **options) -> None:
        self.lines = lines
        super().__init__(**options)

    def to_python(self, value):
        # NUL stays in, so that Django's own validator refuses it instead of storing half of an attack.
        kept = "\0\n\t" if self.lines else "\0"
        text = (value or "").replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        if isinstance(text, str):
            text = "".join(each for each in text if each in kept or unicodedata.category(each) != "Cc")
        return super().to_python(text)


class CallablePhoneField(PhoneNumberField):
    """A number of a person, in India unless it begins with + and a country; none that earns on being called."""

    def __init__(self, **options) -> None:
        super().__init__(region="IN", **options)

    def to_python(self, value):
        number = super().to_python(value)
        if number and (number_type(number) in COSTLY or region_code_for_number(number) == NO_COUNTRY):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class ReferenceField(PlainTextField):
    """A reference as people write it: in groups or not, in digits of any script."""

    def to_python(self, value) -> str:
        text = BETWEEN.sub("", super().to_python(value))
        return "".join(str(unicodedata.decimal(each, each)) for each in text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) != REFERENCE_DIGITS or not (value.isascii() and value.isdigit()):
            raise forms.ValidationError(NOT_A_REFERENCE, code="invalid")
        if not is_reference(value):
            raise forms.ValidationError(
                _("One of these digits is wrong. Compare them with the reference that you wrote down."), code="check"
            )


class DayMonthYearWidget(forms.MultiWidget):
    """Three short inputs, because a calendar is the wrong tool for a date that one knows by heart."""

    template_name = "includes/_day_month_year.html"
    use_fieldset = True

    def __init__(self, attrs=None) -> None:
        parts = (("day", 2), ("month", 2), ("year", 4))
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "maxlength": length,
                    "autocomplete": f"bday-{part}",
                    "class": f"form-control date-{part}",
                }
            )
            for part, length in parts
        }
        super().__init__(widgets, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayMonthYearField(forms.MultiValueField):
    """A calendar day typed as day, month and year. Digits of any script count."""

    widget = DayMonthYearWidget

    def __init__(self, **options) -> None:
        parts = [forms.CharField(max_length=10, required=False) for _each in range(3)]
        super().__init__(fields=parts, require_all_fields=False, **options)

    def compress(self, data_list):
        parts = [part.strip() for part in data_list or ()]
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            return date(year, month, day)
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                _("This is not a date. Type day, month and year, for example 27 3 1958."), code="invalid"
            ) from error
