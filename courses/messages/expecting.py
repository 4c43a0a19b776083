"""Which messages about an enrolment come and which do not, so that its page can say so and no more (rule M2)."""

from dataclasses import dataclass

from django.conf import settings

from courses import messages
from courses.messages.causes import can_write
from courses.models import Enrolment
from ipsc.models import Channel, Message
from ipsc.outbox.fate import News, Reminders, masked, news_in, reminders_in

# The messages that tell of a change; the latest of them is the news.
CHANGES = [
    kind.name
    for kind in (
        messages.ENROLLED,
        messages.WAITING,
        messages.OFFERED,
        messages.OFFER_ENDED,
        messages.MOVED,
        messages.WITHDRAWN,
        messages.RUN_CHANGED,
        messages.RUN_CANCELLED,
    )
]


@dataclass(frozen=True)
class Expected:
    """What the doctor may wait for, and what not; `to` is the masked address to which we would write, if any."""

    news: tuple[News, ...]
    reminders: tuple[Reminders, ...]
    to: str
    sends_email: bool

    @property
    def nothing(self) -> bool:
        """Whether no message comes, whatever happens, and none has gone out."""
        return not (self.news or self.reminders or self.to)


def expecting(enrolment: Enrolment) -> Expected:
    """What comes and what does not, as things are. One query."""
    rows = Message.objects.of(enrolment).filter(kind__in=[*CHANGES, messages.REMINDER.name])
    # What somebody said on the phone is no message that is to come, or to be looked for.
    found = list(rows.exclude(channel=Channel.HAND).order_by("pk"))
    waiting = [row for row in found if row.kind == messages.REMINDER.name and row.is_pending]
    writes = can_write(enrolment) and enrolment.is_active
    return Expected(
        news=tuple(news_in(found, CHANGES)),
        reminders=tuple(reminders_in(waiting)),
        to=masked(Channel.EMAIL, enrolment.email) if writes else "",
        sends_email=settings.SENDS_EMAIL,
    )
