"""The messages about an appointment: which there are, by which ways they go, and when somebody is reminded.

``kinds``      what each says at the moment of sending
``ways``       by which channels somebody can be told, as things are
``causes``     what a change causes, in its transaction
``expecting``  what the patient is told of what comes and does not
``by_hand``    what staff say by phone or write by WhatsApp
``reaching``   the verbs for that, and to send one again
``unreached``  whom to phone
"""

from appointments.messages.causes import announce, follow_contact, send_link, set_reminders
from appointments.messages.kinds import (
    BOOKED,
    CANCELLED,
    CONFIRMED,
    DECLINED,
    FIND,
    LINK,
    MOVED,
    REMINDER,
    REQUESTED,
)
from appointments.messages.ways import ways

__all__ = [
    "BOOKED",
    "CANCELLED",
    "CONFIRMED",
    "DECLINED",
    "FIND",
    "LINK",
    "MOVED",
    "REMINDER",
    "REQUESTED",
    "announce",
    "follow_contact",
    "send_link",
    "set_reminders",
    "ways",
]
