"""Doctors whom no message has reached, or will reach, and who therefore have to be phoned (rule M2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses import messages
from courses.messages.by_hand import NEWS
from courses.models import End, Enrolment, News, Status
from ipsc.history import DOCTOR
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox import Kind
from ipsc.outbox.kinds import KINDS

MOST = 2000
ABOUT = Enrolment._meta.label_lower
# The reasons with which the verbs record what is news to a doctor who has not done it.
REASONS: dict[str, Kind] = {
    News.OFFERED: messages.OFFERED,
    News.MOVED: messages.MOVED,
    News.ADMITTED: messages.ENROLLED,
    News.REVISED: messages.RUN_CHANGED,
    End.OFFER_ENDED.value: messages.OFFER_ENDED,
    End.UNPAID.value: messages.WITHDRAWN,
    End.BY_OFFICE.value: messages.WITHDRAWN,
    End.RUN_CANCELLED.value: messages.RUN_CANCELLED,
}
# What the office does with the doctor on the phone.
SPOKEN_TO = News.ACCEPTED
STANDING = {
    Status.CONFIRMED: messages.ENROLLED,
    Status.WAITING: messages.WAITING,
    Status.OFFERED: messages.OFFERED,
    Status.CANCELLED: messages.WITHDRAWN,
}


@dataclass(frozen=True)
class ToTell:
    """Somebody to phone: about what, and the message that failed, if one did."""

    enrolment: Enrolment
    kind: Kind
    failed: Message | None = None


def could_not_reach(now: datetime, *, only: Enrolment | None = None) -> list[ToTell]:
    """Doctors of courses to come who may not know how they stand, offers first, then the soonest. Two queries.

    That is where the last message failed, or where somebody else changed something and there is no e-mail address;
    unless somebody told them by hand since, or they came back by themselves. Overdue payments have a list of their own.
    """
    rows: list[Any] = list(_candidates(now, only)[:MOST])
    failed = Message.objects.in_bulk([row.failed_id for row in rows if row.failed_id])
    return [ToTell(row, _news(row, failed.get(row.failed_id)), failed.get(row.failed_id)) for row in rows]


def _candidates(now: datetime, only: Enrolment | None) -> QuerySet[Enrolment]:
    failed, changes = _failed(), _changes()
    wordless = Q(email="") if settings.SENDS_EMAIL else Q()
    rows = Enrolment.objects.filter(run__ends_at__gt=now, is_sample=False, status__in=STANDING)
    if only:
        rows = rows.filter(pk=only.pk)
    return (
        rows.annotate(
            failed_id=Subquery(failed.order_by("-pk").values("pk")[:1]),
            change=Subquery(changes.order_by("-history_id").values("history_change_reason")[:1]),
        )
        .filter(Q(failed_id__isnull=False) | (wordless & Q(Exists(changes))))
        .select_related("run__course")
        .order_by(Coalesce("offer_ends_at", "run__starts_at"), "pk")
    )


def _failed() -> QuerySet[Message]:
    """The messages about the enrolment of the outer query that failed, and that nothing later has made up for."""
    about = Message.objects.filter(about=ABOUT)
    settled = about.filter(about_id=OuterRef("about_id"), state=MessageState.SENT).filter(
        Q(pk__gt=OuterRef("pk")) | Q(kind=OuterRef("kind"), version=OuterRef("version"))
    )
    rows = about.filter(~Exists(settled), about_id=OuterRef("pk"), state=MessageState.FAILED)
    return rows.exclude(kind=messages.PAYMENT_DUE.name)


def _changes() -> QuerySet:
    """The changes of the enrolment of the outer query that nobody has told its doctor of."""
    records = Enrolment.history.model.objects
    told = Message.objects.filter(about=ABOUT, channel=Channel.HAND, state=MessageState.SENT)
    told = told.exclude(kind=messages.PAYMENT_DUE.name)
    knows = records.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    knows = knows.filter(Q(actor=DOCTOR.label) | Q(history_change_reason=SPOKEN_TO))
    return records.filter(
        ~Q(actor=DOCTOR.label),
        ~Exists(told.filter(about_id=OuterRef("id"), version__gte=OuterRef("sequence"))),
        ~Exists(knows),
        id=OuterRef("pk"),
        history_type="~",
        history_change_reason__in=[*REASONS, News.REINSTATED],
    )


def _news(row: Any, failed: Message | None) -> Kind:
    """What they have to be told: how they stand now, by the words of the last change."""
    kind = KINDS.get(failed.kind) if failed else REASONS.get(row.change or "")
    return kind if kind in NEWS and kind is not None else STANDING[Status(row.status)]
