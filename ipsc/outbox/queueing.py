"""What causes and ends messages, in the transaction of the caller (rule M1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from ipsc.history import Actor
from ipsc.models import Channel, Message, MessageState
from ipsc.verbs import Refusal, verb


class NotResendable(Refusal):
    words = _("This message is on its way already, or its reason has gone. Look at it again.")


@dataclass(frozen=True, kw_only=True)
class Order:
    """One message to be sent: what about, to whom, by which channel, and the facts as they are now.

    `version` counts the versions of the row; `part` tells apart several messages of one kind and version, such as the
    reminders. `problem` says why a message cannot be sent that nevertheless had a cause: it fails at once, visibly.
    """

    kind: str
    about: models.Model | None
    version: int
    channel: str
    to: str
    language: str
    due_at: datetime
    worthless_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        row = f"{self.about._meta.label_lower}:{self.about.pk}" if self.about else "-"
        return ":".join([row, self.kind, str(self.version), self.channel, self.part]).rstrip(":")


def queue(*orders: Order, by: Actor, now: datetime, withheld: bool = False) -> None:
    """Put messages into the outbox, in the transaction that causes them; a cause that comes again adds nothing.

    Messages that staff chose not to send are recorded as `withheld`.

    :raises TransactionManagementError: there is no transaction: a message may then outlive its cause, or go without it.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("messages are queued in the transaction that causes them (rule M1)")
    Message.objects.bulk_create([_row(order, by, now, withheld) for order in orders], ignore_conflicts=True)


def _row(order: Order, by: Actor, now: datetime, withheld: bool) -> Message:
    state = MessageState.QUEUED
    if withheld:
        state = MessageState.WITHHELD
    elif order.problem:
        state = MessageState.FAILED
    return Message(
        key=order.key,
        kind=order.kind,
        channel=order.channel,
        to=order.to,
        language=order.language,
        about=order.about._meta.label_lower if order.about else "",
        about_id=order.about.pk if order.about else None,
        version=order.version,
        facts=dict(order.facts),
        by=by.label,
        caused_at=now,
        due_at=order.due_at,
        next_attempt_at=order.due_at,
        worthless_at=order.worthless_at,
        state=state,
        ended_at=None if state == MessageState.QUEUED else now,
        last_error=order.problem[:500],
    )


def withdraw(*, about: models.Model, now: datetime, why: str, kinds: tuple[str, ...]) -> int:
    """End the messages of these kinds about a row that have not gone out yet; return how many.

    One that a worker has in its hands stays: the worker looks once more before it sends, and nothing calls a message
    back that has gone.
    """
    rows = Message.objects.of(about).filter(state=MessageState.QUEUED, kind__in=kinds)
    return rows.update(state=MessageState.WITHDRAWN, ended_at=now, last_error=why)


def readdress(*, about: models.Model, channel: Channel, to: str, now: datetime) -> int:
    """Send what is still to come about a row to another address or number; return how many messages that were."""
    rows = Message.objects.of(about).filter(state=MessageState.QUEUED, channel=channel).exclude(to=to)
    if not to:
        return rows.update(state=MessageState.WITHDRAWN, ended_at=now, last_error="The address was taken away.")
    return rows.update(to=to)


@verb(refusals={})
def resend(*, message: Message, to: str, by: Actor, now: datetime) -> Message:
    """Put a message that failed, was sent or was withheld into the queue again, to this address or number.

    The ledger keeps the first one: the new one is a row of its own.

    :raises NotResendable: it waits already, or was withdrawn.
    """
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    again = Message.objects.filter(key__startswith=f"{message.key}:again:")
    if message.is_pending or message.state == MessageState.WITHDRAWN or again.pending().exists():
        raise NotResendable
    copy = Message(
        key=f"{message.key}:again:{again.count() + 1}",
        by=by.label,
        caused_at=now,
        due_at=now,
        next_attempt_at=now,
        to=to,
        **{
            name: getattr(message, name)
            for name in ("kind", "channel", "language", "about", "about_id", "version", "facts", "worthless_at")
        },
    )
    copy.save(force_insert=True)
    return copy
