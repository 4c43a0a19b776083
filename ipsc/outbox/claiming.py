"""How a worker takes a message so that no other one does, and how it notes what became of it.

A claim is one committed statement; nothing is locked and no transaction is open while a message is sent. A claim that
has run out, because its worker died, is taken again.
"""

import random
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q

from ipsc.models import Message, MessageState

# Longer than all the timeouts of one sending together.
CLAIM = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=2)
# With the pauses above, that is most of a day: a mail server that is down over night loses nothing.
MOST_ATTEMPTS = 18
JITTER = 0.25
UNTOUCHED = timedelta(minutes=10)

# Oldest first, whichever worker asks. A row that another worker is just claiming is skipped, not waited for.
TAKE = """
UPDATE ipsc_message SET state = 'sending', attempts = attempts + 1, claimed_until = %(until)s
WHERE id = (
    SELECT id FROM ipsc_message WHERE state = 'queued' AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
ORPHANED = "A worker ended while it was sending this. It may have arrived; it is sent again."
MAY_HAVE = "An earlier attempt, whose worker ended, may have arrived."


def take(*, now: datetime) -> Message | None:
    """Claim the message that has waited longest, or None where none is due."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"now": now, "until": now + CLAIM})
        row = cursor.fetchone()
    return Message.objects.get(pk=row[0]) if row else None


def take_back(*, now: datetime) -> int:
    """Put messages whose claim has run out into the queue again, since their worker died; return how many."""
    orphans = Message.objects.filter(state=MessageState.SENDING, claimed_until__lte=now)
    given_up = orphans.filter(attempts__gte=MOST_ATTEMPTS)
    failed = given_up.update(state=MessageState.FAILED, ended_at=now, claimed_until=None, last_error=ORPHANED)
    queued = {"state": MessageState.QUEUED, "claimed_until": None, "next_attempt_at": now, "last_error": ORPHANED}
    return failed + orphans.update(**queued)


def waiting_too_long(*, now: datetime) -> int:
    """How many messages have been due for ten minutes and no worker has touched them: then none is running."""
    due = Q(state=MessageState.QUEUED, next_attempt_at__lte=now - UNTOUCHED)
    return Message.objects.filter(due | Q(state=MessageState.SENDING, claimed_until__lte=now - UNTOUCHED)).count()


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts in vain: twice as long each time, and never just as long as others."""
    longest = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 – it hides nothing


def is_replaced(message: Message, kinds: list[str]) -> bool:
    """Whether a later message of these kinds, about the same row and by the same channel, has taken its place."""
    later = Message.objects.filter(about=message.about, about_id=message.about_id, channel=message.channel)
    later = later.filter(kind__in=kinds, pk__gt=message.pk).exclude(state=MessageState.WITHDRAWN)
    return message.about_id is not None and later.exclude(version=message.version).exists()


def sent(message: Message, *, now: datetime, to: str, channel: str, subject: str, body: str, receipt: str) -> bool:
    """Note that it was taken by the mail server or the gateway."""
    return _settle(
        message,
        state=MessageState.SENT,
        ended_at=now,
        last_error="",
        to=to,
        channel=channel,
        subject=subject[:200],
        body=body,
        receipt=receipt[:200],
    )


def failed(message: Message, *, now: datetime, error: str, for_good: bool = False) -> bool:
    """Note an attempt in vain: another one comes later, unless this was the last or none can help."""
    given_up = for_good or message.attempts >= MOST_ATTEMPTS
    return _settle(
        message,
        state=MessageState.FAILED if given_up else MessageState.QUEUED,
        ended_at=now if given_up else None,
        next_attempt_at=now + pause(message.attempts),
        last_error=error[:500] or "It failed without a word.",
    )


def withdrawn(message: Message, *, now: datetime, why: str) -> bool:
    """Note that it was not sent, being untrue or of no use by now; after a dead worker, that it may have been."""
    told = f"{why} {MAY_HAVE}" if message.last_error == ORPHANED else why
    return _settle(message, state=MessageState.WITHDRAWN, ended_at=now, last_error=told[:500])


def postponed(message: Message, *, until: datetime) -> bool:
    """Put it back until a moment at which it may go; that was no attempt."""
    return _settle(message, state=MessageState.QUEUED, next_attempt_at=until, attempts=F("attempts") - 1)


def _settle(message: Message, **values) -> bool:
    """Write what became of a message, if the claim still stands; say whether it did.

    `attempts` tells one claim from the next: a worker that comes back after its claim has run out changes nothing that
    the next one has written.
    """
    mine = Q(pk=message.pk, state=MessageState.SENDING, attempts=message.attempts)
    return bool(Message.objects.filter(mine).update(claimed_until=None, **values))
