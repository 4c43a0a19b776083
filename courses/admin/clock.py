"""A time of the day as it is typed in a form of the courses."""

from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ipsc.clock import ClockField


class Clock(ClockField):
    """A time that has to be typed, compared as a time and shown as hours and minutes."""

    def __init__(self, *, label: str | Promise) -> None:
        super().__init__(label=label)  # type: ignore[arg-type]  # a text of the request's language
        self.required = True
        self.error_messages["required"] = _("Type a time.")

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value
