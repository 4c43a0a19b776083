"""The public booking pages. A view loads, binds, calls one verb and answers; rules live behind it."""

from appointments.views.asking import check, signs, who
from appointments.views.choosing import choose, emergency, service, start, times, urgent
from appointments.views.guards import private, while_open
from appointments.views.manage import calendar, manage

__all__ = [
    "calendar",
    "check",
    "choose",
    "emergency",
    "manage",
    "private",
    "service",
    "signs",
    "start",
    "times",
    "urgent",
    "while_open",
    "who",
]
