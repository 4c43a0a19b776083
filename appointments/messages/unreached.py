"""Whom no message has reached, or will reach, and who therefore has to be phoned: two lists for reception.

Both cost a constant number of queries. By which ways somebody can be told is no question for the database alone, so
each looks at the soonest `MOST` visits that come into question and keeps those that belong to it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from appointments import messages
from appointments.models import Appointment, Source, Status
from ipsc.dates import clinic_day, end_of_day
from ipsc.history import PATIENT
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox import Kind
from ipsc.outbox.kinds import KINDS
from ipsc.reminders import DAY

MOST = 2000
ABOUT = Appointment._meta.label_lower
ENDED = {Status.CANCELLED: messages.CANCELLED, Status.DECLINED: messages.DECLINED}
# The reasons with which the verbs record what is news to a patient: a step, an answer and an undo give none.
NEWS = ("moved", "")


@dataclass(frozen=True)
class ToTell:
    """Somebody to phone: about what, and why no message does it; `told` is the note that it was done by hand."""

    visit: Appointment
    kind: Kind
    failed: Message | None = None
    told: Message | None = None
    is_withheld: bool = False


def could_not_reach(now: datetime, *, everybody: bool = False) -> list[ToTell]:
    """People with a visit to come who may not know how it stands, soonest first. Two queries.

    That is where the last message failed, or where the clinic changed something and there is no way to send a message,
    or staff chose to send none; unless somebody told them by hand since. With `everybody`, also those without a way who
    know, since they made the booking themselves.
    """
    rows: list[Any] = list(_candidates(now, everybody)[:MOST])
    failed = Message.objects.in_bulk([row.failed_id for row in rows if row.failed_id])
    found = []
    for row in rows:
        message = failed.get(row.failed_id)
        kind = KINDS.get(message.kind, messages.BOOKED) if message else _news(row)
        if message or row.is_withheld or not messages.ways(row, kind):
            kind = messages.BOOKED if kind is messages.LINK else kind
            found.append(ToTell(row, kind, failed=message, is_withheld=row.is_withheld))
    return found


def _candidates(now: datetime, everybody: bool) -> QuerySet[Appointment]:
    about = Message.objects.filter(about=ABOUT)
    told = about.filter(channel=Channel.HAND, state=MessageState.SENT)
    settled = about.filter(about_id=OuterRef("about_id")).filter(
        Q(state__in=[MessageState.SENT, MessageState.WITHHELD], pk__gt=OuterRef("pk"))
        | Q(state=MessageState.SENT, kind=OuterRef("kind"), version=OuterRef("version"))
    )
    failed = about.filter(~Exists(settled), about_id=OuterRef("pk"), state=MessageState.FAILED)
    changes = Appointment.history.model.objects.filter(
        Q(status__in=ENDED) | Q(history_change_reason__in=NEWS) | Q(history_change_reason=None),
        ~Q(actor=PATIENT.label),
        ~Exists(told.filter(about_id=OuterRef("id"), version__gte=OuterRef("sequence"))),
        id=OuterRef("pk"),
        history_type="~",
    )
    wordless = Q(email="") if settings.SENDS_EMAIL else Q()
    withheld = about.filter(about_id=OuterRef("pk"), version=OuterRef("sequence"), state=MessageState.WITHHELD)
    untold = ~Exists(told.filter(about_id=OuterRef("pk"), version__gte=OuterRef("sequence")))
    unaware = Q(Exists(changes)) | Q(untold) if everybody else Q(Exists(changes))
    rows = Appointment.objects.filter(
        starts_at__gt=now, is_sample=False, status__in=[Status.REQUESTED, Status.BOOKED, *ENDED]
    )
    return (
        rows.exclude(source=Source.WALK_IN)
        .exclude(cancelled_by=PATIENT.label)
        .annotate(
            failed_id=Subquery(failed.order_by("-pk").values("pk")[:1]),
            change=Subquery(changes.order_by("-history_id").values("history_change_reason")[:1]),
            is_changed=Exists(changes),
            is_withheld=Exists(withheld),
        )
        .filter(Q(failed_id__isnull=False) | (wordless & unaware) | (Q(is_withheld=True) & Q(untold)))
        .select_related("service", "clinician")
        .order_by("starts_at", "pk")
    )


def _news(row) -> Kind:
    """What somebody without a way has to be told."""
    if row.status in ENDED:
        return ENDED[Status(row.status)]
    if row.is_changed and row.change == "moved":
        return messages.MOVED
    if row.status == Status.REQUESTED:
        return messages.REQUESTED
    return messages.CONFIRMED if row.is_changed else messages.BOOKED


@dataclass(frozen=True)
class NextDay:
    """Whom to remind by phone of their visit on the next day with visits: those still to call, and those who know."""

    day: date | None
    to_call: list[ToTell]
    told: list[ToTell]


def to_remind(now: datetime) -> NextDay:
    """Those booked for the next day with visits whom no message reminds, in the order of their visits. Three queries.

    Whoever has an e-mail address or a mobile that works, and booked too late for a reminder, has just had a message. A
    service of which nobody is reminded at all asks for no calls either.
    """
    coming = Appointment.objects.filter(status=Status.BOOKED, is_sample=False).exclude(source=Source.WALK_IN)
    later = coming.filter(starts_at__gte=end_of_day(clinic_day(now))).order_by("starts_at")
    first = later.values_list("starts_at", flat=True).first()
    if first is None:
        return NextDay(None, [], [])
    day = clinic_day(first)
    rows = (
        later.filter(starts_at__lt=end_of_day(day)).select_related("service", "clinician").order_by("starts_at", "pk")
    )
    visits = list(rows[:MOST])
    known = _reminders(visits)
    listed = [each for visit in visits if (each := _to_remind(visit, known[visit.pk], now))]
    return NextDay(day, [each for each in listed if not each.told], [each for each in listed if each.told])


def _reminders(visits: list[Appointment]) -> dict[int, list[Message]]:
    rows = Message.objects.filter(about=ABOUT, about_id__in=[visit.pk for visit in visits])
    rows = rows.filter(Q(kind=messages.REMINDER.name) | Q(channel=Channel.HAND))
    found = defaultdict(list)
    for row in rows.exclude(state__in=[MessageState.WITHDRAWN, MessageState.WITHHELD]).order_by("-pk"):
        found[row.about_id].append(row)
    return found


def _to_remind(visit: Appointment, rows: list[Message], now: datetime) -> ToTell | None:
    days = {Channel.EMAIL: visit.service.email_reminders, Channel.SMS: visit.service.sms_reminders}
    sent = [row for row in rows if row.channel != Channel.HAND]
    failed = next((row for row in sent if row.state == MessageState.FAILED), None)
    if not any(days.values()) or any(row.state != MessageState.FAILED for row in sent):
        return None
    if failed is None and any(days[channel] for channel, _to in messages.ways(visit, messages.REMINDER)):
        return None
    told = next((row for row in rows if row.channel == Channel.HAND and _reminds(row, visit, now)), None)
    return ToTell(visit, messages.REMINDER, failed=failed, told=told)


def _reminds(row: Message, visit: Appointment, now: datetime) -> bool:
    """Whether what was told by hand stands for a reminder: it was one, or it was said within a day."""
    recent = row.ended_at is not None and now - row.ended_at < DAY
    return row.version == visit.sequence and (row.kind == messages.REMINDER.name or recent)
