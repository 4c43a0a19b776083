"""The public booking pages. A view loads, binds, calls one verb and answers; rules live behind it."""

from appointments.views.asking import check, signs, who
from appointments.views.changing import cancel, coming
from appointments.views.choosing import choose, emergency, service, start, times, urgent
from appointments.views.feed import feed
from appointments.views.finding import find, find_sent
from appointments.views.guards import while_open
from appointments.views.manage import calendar, manage, short
from appointments.views.moving import move, move_check
from ipsc.guards import private

__all__ = [
    "calendar",
    "cancel",
    "check",
    "choose",
    "coming",
    "emergency",
    "feed",
    "find",
    "find_sent",
    "manage",
    "move",
    "move_check",
    "private",
    "service",
    "short",
    "signs",
    "start",
    "times",
    "urgent",
    "while_open",
    "who",
]
