"""What has become of the messages about a row, so that its page can say so and say nothing else (rule M2)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.utils.translation import gettext as _

from ipsc.dates import clinic_day, day_soon
from ipsc.models import Channel, Message, MessageState


class Fate(Enum):
    """What has become of the message about the last change."""

    NOW = "now"
    TRYING = "trying"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class News:
    """The message about the last change, by one channel; `to` is masked."""

    channel: str
    to: str
    fate: str


@dataclass(frozen=True)
class Reminders:
    """The reminders that wait, by one channel."""

    channel: str
    to: str
    days: tuple[date, ...]

    @property
    def in_words(self) -> str:
        """Monday 23 November and Wednesday 25 November."""
        *before, last = [day_soon(day) for day in self.days]
        return _("%(days)s and %(last)s") % {"days": ", ".join(before), "last": last} if before else last


def news_in(rows: Iterable[Message], changes: Collection[str]) -> list[News]:
    """The message about the last change, by each channel by which it goes; `changes` are the kinds that tell of one."""
    told = [row for row in rows if row.kind in changes]
    last = max((row.version for row in told), default=0)
    latest = {row.channel: row for row in told if row.version == last}
    found = [(row, fate_of(row)) for row in latest.values()]
    return [News(row.channel, masked(row.channel, row.to), fate.value) for row, fate in found if fate]


def reminders_in(waiting: Iterable[Message]) -> list[Reminders]:
    found: dict[tuple[str, str], list[datetime]] = {}
    for row in waiting:
        found.setdefault((row.channel, row.to), []).append(row.due_at)
    return [
        Reminders(channel, masked(channel, to), tuple(sorted({clinic_day(moment) for moment in moments})))
        for (channel, to), moments in found.items()
    ]


def fate_of(row: Message) -> Fate | None:
    """What has become of a message; None where it will not go and nothing went wrong."""
    if row.state == MessageState.SENT:
        return Fate.SENT
    if row.state == MessageState.FAILED:
        return Fate.FAILED
    if row.is_pending:
        return Fate.TRYING if row.last_error else Fate.NOW
    return None


def masked(channel: str, to: str) -> str:
    """Enough of an address to know it again: its first letter and its domain, or the last two digits of a number."""
    if channel == Channel.SMS:
        return to[-2:]
    local, _at, domain = to.rpartition("@")
    return f"{local[:1]}…@{domain}"
