"""The messages about an enrolment: which there are, what each says, and when somebody is reminded.

``kinds``      what each looks at at the moment of sending
``wording``    what each says, in the doctor's language
``causes``     what a change causes, in its transaction
``finding``    a lost link
``expecting``  what the doctor is told of what comes and does not
"""

from courses.messages.causes import announce, follow_contact, send_link
from courses.messages.finding import FIND
from courses.messages.kinds import (
    ENROLLED,
    LINK,
    MOVED,
    OFFER_ENDED,
    OFFERED,
    PAYMENT_DUE,
    PAYMENT_RECEIVED,
    PAYMENT_REFUSED,
    REFUNDED,
    REMINDER,
    RUN_CANCELLED,
    RUN_CHANGED,
    WAITING,
    WITHDRAWN,
)

__all__ = [
    "ENROLLED",
    "FIND",
    "LINK",
    "MOVED",
    "OFFERED",
    "OFFER_ENDED",
    "PAYMENT_DUE",
    "PAYMENT_RECEIVED",
    "PAYMENT_REFUSED",
    "REFUNDED",
    "REMINDER",
    "RUN_CANCELLED",
    "RUN_CHANGED",
    "WAITING",
    "WITHDRAWN",
    "announce",
    "follow_contact",
    "send_link",
]
