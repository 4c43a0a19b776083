"""Which messages about a booking come and which do not, so that its page can say so and say nothing else (rule M2).

What is on its way is read from the outbox; what would be sent if something changed follows from the ways there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext as _

from appointments import messages
from appointments.models import Appointment, Status
from ipsc.dates import clinic_day, day_soon
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox import Kind

# The messages that tell of a change; the latest of them is the news.
CHANGES = [
    kind.name
    for kind in (
        messages.BOOKED,
        messages.REQUESTED,
        messages.CONFIRMED,
        messages.DECLINED,
        messages.MOVED,
        messages.CANCELLED,
    )
]
# What the clinic may have to tell, by the status from which it would come.
STILL_TO_TELL = {
    Status.REQUESTED: (messages.CONFIRMED, messages.DECLINED),
    Status.BOOKED: (messages.MOVED, messages.CANCELLED),
}

Ways = Callable[[Appointment, Kind], list[tuple[Channel, str]]]


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


@dataclass(frozen=True)
class Expected:
    """What the patient may wait for, and what not.

    `answers` are the ways by which the clinic would tell of an answer or a change, each with its masked address.
    """

    news: tuple[News, ...]
    reminders: tuple[Reminders, ...]
    answers: tuple[tuple[str, str], ...]
    sends_email: bool
    has_email: bool

    @property
    def mails(self) -> bool:
        """Whether an e-mail is on its way or may still come."""
        return self._comes_by(Channel.EMAIL)

    @property
    def texts(self) -> bool:
        return self._comes_by(Channel.SMS)

    @property
    def nothing(self) -> bool:
        """Whether no message comes, whatever happens, and none has gone out."""
        return not (self.news or self.reminders or self.answers)

    def _comes_by(self, channel: Channel) -> bool:
        news = any(each.channel == channel and each.fate != Fate.FAILED.value for each in self.news)
        later = [each.channel for each in self.reminders] + [way for way, _to in self.answers]
        return news or channel in later


def expecting(appointment: Appointment) -> Expected:
    """What comes and what does not, as things are. One query."""
    rows = Message.objects.of(appointment).filter(kind__in=[*CHANGES, messages.REMINDER.name])
    # What somebody said on the phone is no message that is to come, or to be looked for.
    rows = rows.exclude(channel=Channel.HAND)
    return expected(appointment, rows.order_by("pk"), messages.ways, sends_email=settings.SENDS_EMAIL)


def expected(appointment: Appointment, rows: Iterable[Message], ways: Ways, *, sends_email: bool) -> Expected:
    """The same from the rows of the outbox, oldest first, and the ways that there are."""
    rows = list(rows)
    waiting = [row for row in rows if row.kind == messages.REMINDER.name and row.is_pending]
    still = STILL_TO_TELL.get(Status(appointment.status), ())
    by_kind = [ways(appointment, kind) for kind in still]
    answers = [way for way in by_kind[0] if all(way in each for each in by_kind)] if by_kind else []
    return Expected(
        news=tuple(_news(rows)),
        reminders=tuple(_reminders(waiting)),
        answers=tuple((channel.value, masked(channel, to)) for channel, to in answers),
        sends_email=sends_email,
        has_email=bool(appointment.email),
    )


def _news(rows: list[Message]) -> list[News]:
    """The message about the last change, by each channel by which it goes."""
    told = [row for row in rows if row.kind in CHANGES]
    last = max((row.version for row in told), default=0)
    latest = {row.channel: row for row in told if row.version == last}
    found = [(row, fate_of(row)) for row in latest.values()]
    return [News(row.channel, masked(row.channel, row.to), fate.value) for row, fate in found if fate]


def _reminders(waiting: list[Message]) -> list[Reminders]:
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
