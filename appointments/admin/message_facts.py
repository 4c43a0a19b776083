"""What the desk sees of the messages about a visit, and of the ways by which there could be one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import messages
from appointments.admin.call_facts import near
from appointments.messages import by_hand
from appointments.messages.causes import concerns_somebody
from appointments.messages.reaching import still_true
from appointments.models import Appointment, Status
from ipsc import sms
from ipsc.admin.ledger import Ledgered, ledgered
from ipsc.models import Channel, ClinicSettings, Message, MessageState
from ipsc.outbox import Kind
from ipsc.outbox.by_hand import How, can_be_taken_back

VIEW = "ipsc.view_message"
# A visit that was moved a dozen times has some forty; more than that nobody reads.
MOST = 60


class TellingForm(forms.Form):
    """Whether the patient is told of a change by message, or knows of it already."""

    quietly = forms.BooleanField(label=gettext_lazy("Do not tell the patient by message"), required=False)
    told = forms.BooleanField(label=gettext_lazy("I have told the patient myself"), required=False)

    @property
    def notify(self) -> bool:
        """Whether a message goes out. Where the patient knows already, it says the same in writing."""
        return not self.cleaned_data.get("quietly", False)


@dataclass(frozen=True)
class Telling:
    """What a page says beside a button that would tell the patient: `silence` is why no message goes, if none does."""

    form: TellingForm
    silence: str


def telling(appointment: Appointment, kind: Kind, now: datetime, typed=None) -> Telling | None:
    """None where nobody would be told, with a way or without: of samples, of walk-ins, of what has begun."""
    if not concerns_somebody(appointment, now):
        return None
    return Telling(TellingForm(typed or None, label_suffix=""), silence(appointment, kind))


# What there is to tell by hand of a visit, as it stands.
NEWS = {
    Status.REQUESTED: messages.REQUESTED,
    Status.BOOKED: messages.BOOKED,
    Status.CANCELLED: messages.CANCELLED,
    Status.DECLINED: messages.DECLINED,
}


def news_of(appointment: Appointment) -> Kind | None:
    return NEWS.get(Status(appointment.status))


@dataclass(frozen=True)
class ByHand:
    """How to tell the patient of a visit oneself, and why that is needed, if it is."""

    kind: Kind
    silence: str
    whatsapp_url: str


def by_hand_now(appointment: Appointment, kind: Kind, now: datetime, clinic: ClinicSettings) -> ByHand | None:
    """None where nobody has to be told anything: of samples, of walk-ins, of what has begun."""
    if not concerns_somebody(appointment, now):
        return None
    return ByHand(kind, silence(appointment, kind), by_hand.whatsapp_url(appointment, kind, clinic))


def was_told(appointment: Appointment) -> bool:
    """Whether somebody has told the patient by hand how the visit stands now."""
    told = Message.objects.of(appointment).filter(channel=Channel.HAND, state=MessageState.SENT)
    return told.filter(version__gte=appointment.sequence).exists()


def what_goes_out(appointment: Appointment, kind: Kind, now: datetime, says: TellingForm) -> str:
    """After a change: whether the patient hears of it, in a sentence; nothing where nobody would be told."""
    if not concerns_somebody(appointment, now):
        return ""
    if says.cleaned_data.get("told"):
        return _("Noted: the patient knows.")
    channels = [channel for channel, _to in messages.ways(appointment, kind)]
    if channels and says.notify:
        return _("A message goes out by %(ways)s.") % {"ways": by_which(channels)}
    return _("Nobody has told the patient yet: please phone. The name stands under “Could not reach”.")


def silence(appointment: Appointment, kind: Kind) -> str:
    """Why no message of this kind reaches the patient; nothing where one does."""
    if messages.ways(appointment, kind):
        return ""
    mail = _("there is no e-mail address") if settings.SENDS_EMAIL else _("no mail server is set up")
    text = _("an SMS cannot go to this number") if sms.is_set_up() else _("SMS is not set up")
    return _("No message goes out: %(mail)s, and %(text)s.") % {"mail": mail, "text": text}


@dataclass(frozen=True)
class Row:
    """A message as the page of its visit shows it."""

    message: Message
    shown: Ledgered
    when: str
    may_resend: bool
    may_take_back: bool


def rows(appointment: Appointment, now: datetime) -> list[Row]:
    """The messages about a visit, newest first. One query."""
    found = list(Message.objects.of(appointment)[:MOST])
    waiting = {(each.kind, each.channel) for each in found if each.is_pending}
    newest: dict[tuple[str, str], Message] = {}
    for each in found:
        newest.setdefault((each.kind, each.channel), each)
    # Only the newest of a kind is sent again, and not while another one waits.
    again = {each.pk for way, each in newest.items() if way not in waiting}
    return [_row(each, appointment, now, may_resend=each.pk in again) for each in found]


def _row(message: Message, appointment: Appointment, now: datetime, *, may_resend: bool) -> Row:
    again = may_resend and message.state in (MessageState.SENT, MessageState.FAILED, MessageState.WITHHELD)
    return Row(
        message=message,
        shown=ledgered(message),
        when=when(message, now),
        may_resend=again and message.channel != Channel.HAND and still_true(message, appointment, now),
        may_take_back=can_be_taken_back(message, now),
    )


def when(message: Message, now: datetime) -> str:
    """When it was sent or ended, or is due, in the fewest words."""
    if message.ended_at:
        return near(message.ended_at, now)
    if message.attempts:
        return _("next attempt %(moment)s") % {"moment": near(message.next_attempt_at, now)}
    return _("due %(moment)s") % {"moment": near(message.next_attempt_at, now)}


def by_which(told: Iterable[Channel]) -> str:
    """By e-mail and SMS, for a sentence."""
    return str(_(" and ").join(str(channel.label) for channel in told))


def how(message: Message) -> str:
    """By phone or by WhatsApp, of what was told by hand."""
    return str(How(message.receipt).label) if message.receipt in How.values else str(capfirst(Channel.HAND.label))
