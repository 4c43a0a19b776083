"""What the three apps share: the clinic's own facts, its pictures and word lists, its messages, and limits."""

from ipsc.models.clinic import CARD, ClinicSettings, Picture, Unanswered
from ipsc.models.limits import RateLimit
from ipsc.models.message import PENDING, Channel, Message, MessageState
from ipsc.models.words import LONGEST_LIST, RedFlagWords

__all__ = [
    "CARD",
    "LONGEST_LIST",
    "PENDING",
    "Channel",
    "ClinicSettings",
    "Message",
    "MessageState",
    "Picture",
    "RateLimit",
    "RedFlagWords",
    "Unanswered",
]
