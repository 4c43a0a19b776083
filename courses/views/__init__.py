"""The public pages of the courses."""

from courses.views.catalogue import catalogue, course, feed, month
from courses.views.enrolling import check, details, done, enrol
from courses.views.finding import find, find_sent
from courses.views.letters import letter
from courses.views.managing import calendar, correct, manage, offer
from courses.views.moving import move, move_check, withdraw
from courses.views.paying import pay, pay_code

__all__ = [
    "calendar",
    "catalogue",
    "check",
    "correct",
    "course",
    "details",
    "done",
    "enrol",
    "feed",
    "find",
    "find_sent",
    "letter",
    "manage",
    "month",
    "move",
    "move_check",
    "offer",
    "pay",
    "pay_code",
    "withdraw",
]
