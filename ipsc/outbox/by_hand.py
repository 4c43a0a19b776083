"""What somebody was told by phone or WhatsApp, in the same ledger as what was sent (rule M2)."""

from datetime import datetime
from urllib.parse import quote

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType

from ipsc.dates import clinic_day
from ipsc.history import Actor
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox.queueing import Order
from ipsc.verbs import Refusal, verb

SPOKEN = "Spoken to."
# Many countries, India not among them, give mobiles and land lines numbers of one kind.
MAY_HAVE_WHATSAPP = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class How(models.TextChoices):
    PHONE = "phone", _("by phone")
    WHATSAPP = "whatsapp", _("by WhatsApp")


class NotToTakeBack(Refusal):
    words = _("Only what was noted today can be taken back.")


def record(order: Order, about: models.Model, *, by: Actor, now: datetime, said: str, how: str) -> Message:
    """Note that somebody was told by hand what a message would have said; the same again adds nothing.

    `how` says by which means, `said` what was told. Runs in a transaction of the caller, who has locked the row that
    this is about: nothing else keeps two of the same apart. What was taken back stays in the ledger, and what is told
    after that is a row of its own.
    """
    told = Message.objects.of(about).filter(kind=order.kind, version=order.version, channel=Channel.HAND)
    if made := told.filter(state=MessageState.SENT).first():
        return made
    earlier = told.count()
    message = Message(
        key=f"{order.key}:{earlier + 1}" if earlier else order.key,
        kind=order.kind,
        channel=Channel.HAND,
        to=order.to,
        language=order.language,
        about=about._meta.label_lower,
        about_id=about.pk,
        version=order.version,
        facts=dict(order.facts),
        by=by.label,
        caused_at=now,
        due_at=now,
        next_attempt_at=now,
        state=MessageState.SENT,
        ended_at=now,
        body=said,
        receipt=how,
    )
    message.save(force_insert=True)
    return message


@verb(refusals={})
def take_back(*, message: Message, by: Actor, now: datetime) -> Message:
    """Note that it was a slip: nobody was told. Taking it back twice changes nothing.

    :raises NotToTakeBack: it was noted on another day, or no hand noted it.
    """
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if message.channel == Channel.HAND and message.state == MessageState.WITHDRAWN:
        return message
    if message.channel != Channel.HAND or not can_be_taken_back(message, now):
        raise NotToTakeBack
    message.state, message.ended_at = MessageState.WITHDRAWN, now
    message.last_error = f"Taken back by {by.label}."
    message.save(update_fields=["state", "ended_at", "last_error"])
    return message


def can_be_taken_back(message: Message, now: datetime) -> bool:
    told_at = message.ended_at if message.state == MessageState.SENT else None
    return message.channel == Channel.HAND and told_at is not None and clinic_day(told_at) == clinic_day(now)


def whatsapp_url(phone: phonenumbers.PhoneNumber, text: str) -> str:
    """The address that opens a chat with these words in it; nothing for a land line."""
    if phonenumbers.number_type(phone) not in MAY_HAVE_WHATSAPP:
        return ""
    number = phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return f"https://wa.me/{number}?text={quote(text, safe='')}"
