"""The worker that sends what is due. Any number may run at once (rule M1)."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from ipsc.dates import now as this_moment
from ipsc.links import masked
from ipsc.models import Message
from ipsc.outbox import claiming
from ipsc.outbox.kinds import KINDS, NoLongerTrue
from ipsc.outbox.problems import Refused, TryAgain, Unclear
from ipsc.outbox.sending import Channels

log = logging.getLogger("ipsc.outbox")

POLL = 1.0  # seconds
TAKE_BACK_EVERY = timedelta(seconds=15)
FROM_HOUR, TO_HOUR = 8, 20
MOST_UNCLEAR = 2  # attempts after which nothing more is sent that may have arrived


class Worker:
    """Takes one message after the other, until `stop` is set.

    No transaction is open while a message leaves. A database that goes away is waited for: what was sent is noted as
    soon as it is back, so that it is not sent again.
    """

    def __init__(self, stop: threading.Event, now: Callable[[], datetime] = this_moment) -> None:
        self.stop = stop
        self.now = now
        self.channels = Channels()
        self._took_back_at: datetime | None = None

    def run(self) -> None:
        """Send what is due, look again each second, and end between two messages when told to."""
        while not self.stop.is_set():
            try:
                if self.once():
                    continue
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database does not answer (%s). Trying again.", type(error).__name__)
                _hang_up()
            self.channels.close()
            self.stop.wait(POLL)
        self.channels.close()

    def drain(self) -> int:
        """Send all that is due now; return how many messages were dealt with."""
        count = 0
        while not self.stop.is_set() and self.once():
            count += 1
        self.channels.close()
        return count

    def once(self) -> bool:
        """Deal with the message that has waited longest; say whether there was one."""
        self._take_back()
        message = claiming.take(now=self.now())
        if message is None:
            return False
        note = self._deal_with(message)
        self._noted(note)
        return True

    def _take_back(self) -> None:
        moment = self.now()
        if self._took_back_at is None or moment - self._took_back_at >= TAKE_BACK_EVERY:
            self._took_back_at = moment
            claiming.take_back(now=moment)

    def _deal_with(self, message: Message) -> Callable[[], bool]:
        """Send a message unless it is not true any more; return how to note what became of it."""
        moment = self.now()
        kind = KINDS.get(message.kind)
        if kind is None:
            return lambda: claiming.failed(message, now=moment, error=f"No such kind: {message.kind}", for_good=True)
        if message.worthless_at and moment >= message.worthless_at:
            return lambda: claiming.withdrawn(message, now=moment, why="It came too late to be of use.")
        if kind.by_day and (later := next_day_time(moment)) != moment:
            return lambda: claiming.postponed(message, until=later)
        try:
            if kind.replaces and claiming.is_replaced(message, [each.name for each in KINDS.values() if each.replaces]):
                raise NoLongerTrue("A later change has a message of its own.")
            sent = self.channels.send(message, kind.prepare(message))
        except NoLongerTrue as reason:
            why = str(reason)
            return lambda: claiming.withdrawn(message, now=moment, why=why)
        except (DatabaseError, InterfaceError) as error:
            raise error
        except (TryAgain, Refused) as problem:
            words = masked(str(problem))
            unclear = isinstance(problem, Unclear) and message.attempts >= MOST_UNCLEAR
            for_good = unclear or isinstance(problem, Refused)
            return lambda: claiming.failed(message, now=self.now(), error=words, for_good=for_good)
        # Whatever a template or a kind of message does wrong breaks this message and no other one.
        except Exception as error:
            log.exception("Message %s could not be made.", message.pk)
            words = masked(f"{type(error).__name__}: {error}")
            return lambda: claiming.failed(message, now=self.now(), error=words)
        return lambda: claiming.sent(message, now=self.now(), **vars(sent))

    def _noted(self, note: Callable[[], bool]) -> None:
        """Write down what became of a message, however long the database needs to come back."""
        while True:
            try:
                note()
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database does not answer (%s). What was sent is noted later.", type(error).__name__)
                _hang_up()
                if self.stop.wait(POLL):
                    # One last try: after that the message is sent again.
                    note()
                    return
            else:
                return


def next_day_time(moment: datetime) -> datetime:
    """The moment itself between 8:00 and 20:00 at the clinic, or else the next 8:00."""
    local = timezone.localtime(moment)
    opens = local.replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
    if local < opens:
        return opens
    return moment if local.hour < TO_HOUR else opens + timedelta(days=1)


def _hang_up() -> None:
    """Drop the connection to the database, whatever state it is in."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except (DatabaseError, InterfaceError):
            connection.connection = None
    close_old_connections()
