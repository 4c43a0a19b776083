"""Which messages about a booking come and which do not, so that its page can say so and say nothing else (rule M2).

What is on its way is read from the outbox; what would be sent if something changed follows from the ways there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from appointments import messages
from appointments.models import Appointment, Status
from ipsc.models import Channel, Message
from ipsc.outbox import Kind
from ipsc.outbox.fate import Fate, News, Reminders, masked, news_in, reminders_in

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
        news=tuple(news_in(rows, CHANGES)),
        reminders=tuple(reminders_in(waiting)),
        answers=tuple((channel.value, masked(channel, to)) for channel, to in answers),
        sends_email=sends_email,
        has_email=bool(appointment.email),
    )
