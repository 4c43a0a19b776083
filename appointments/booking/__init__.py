"""The verbs that make and change appointments. Pages, admin and commands all call these (DESIGN.md, section 3).

Each takes keywords only, runs in one transaction, locks the clinician's row first, looks again, and then writes. What
keeps two visits apart is the exclusion constraint (rule B1); the lock in front of it spares patients the deadlocks that
bare inserts on one exclusion constraint run into.
"""

from appointments.booking.changing import (
    STEPS,
    amend,
    cancel,
    confirm_coming,
    link,
    release_unanswered,
    renew_link,
    reschedule,
    step,
    too_early,
)
from appointments.booking.making import Details, book
from appointments.booking.registering import register

__all__ = [
    "STEPS",
    "Details",
    "amend",
    "book",
    "cancel",
    "confirm_coming",
    "link",
    "register",
    "release_unanswered",
    "renew_link",
    "reschedule",
    "step",
    "too_early",
]
