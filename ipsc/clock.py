"""Times as people type them: 9, 9.30, 0930, 9:30 am, ९:३०."""

import re
import unicodedata
from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.]?\s?(\d{2}))?(?::00)?\s?([ap]\.?m\.?)?")
END_OF_DAY = "24:00"


def read(typed: str) -> str:
    """A time as four digits with a colon, "24:00" for the end of the day.

    :raises ValueError: it is no time.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    found = CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(typed)
    # int() reads the digits of every script.
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        hour = hour % 12 + 12 * (half == "p")
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(typed)
    return f"{hour:02}:{minute:02}"


class ClockField(forms.Field):
    """A time of the day, typed. With `ends`, 24:00 is one as well: the midnight that ends the day, kept as 00:00."""

    def __init__(self, *, ends: bool = False, label: str) -> None:
        attrs = {"inputmode": "text", "size": 7, "maxlength": 20, "autocomplete": "off", "aria-label": label}
        super().__init__(required=False, label=label, widget=forms.TextInput(attrs=attrs))
        self.ends = ends

    def to_python(self, value) -> time | None:
        if not str(value or "").strip():
            return None
        try:
            text = read(str(value))
            if text == END_OF_DAY and not self.ends:
                raise ValidationError(_("A day begins at 0:00; 24:00 is its end."), code="midnight")
            return time.fromisoformat("00:00" if text == END_OF_DAY else text)
        except ValueError:
            raise ValidationError(_("This is not a time. Type it as 9:30, or 17:00, or 5 pm."), code="time") from None
