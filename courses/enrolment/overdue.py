"""The verbs about places that were not paid in time: first a notice, then, if it really went out, the next person."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from courses import messages
from courses.enrolment.seats import close, hand_over, locked, only_for_staff
from courses.models import End, Enrolment, Money, PaymentState, RunState, Status
from courses.refusals import REFUSALS, WrongStatus
from ipsc.history import SITE, Actor, save_as
from ipsc.models import Channel, ClinicSettings, Message, MessageState
from ipsc.models.message import PENDING
from ipsc.outbox import Order
from ipsc.outbox.by_hand import record
from ipsc.verbs import verb

# How long a notice may be on its way before the office tells the doctor itself.
PATIENCE = timedelta(hours=1)


def overdue(now: datetime) -> QuerySet[Enrolment]:
    """Places of coming runs that are theirs and were to be paid before now, the longest overdue first."""
    rows = Enrolment.objects.filter(status=Status.CONFIRMED, payment_state=Money.DUE, pay_by_at__lte=now)
    rows = rows.filter(run__starts_at__gt=now, run__state=RunState.PUBLISHED)
    return rows.select_related("run__course").order_by("pay_by_at", "pk")


def untold(now: datetime) -> QuerySet[Enrolment]:
    """Of the overdue places, those whose notice did not go out: the office tells them, and until then they stay."""
    late = overdue(now).filter(noticed_at__isnull=False, is_sample=False)
    on_its_way = _notices().filter(state__in=PENDING, caused_at__gt=now - PATIENCE)
    return late.filter(~Exists(_notices().filter(state=MessageState.SENT)), ~Exists(on_its_way))


def _notices() -> QuerySet[Message]:
    """The notices, by mail or by hand, about the enrolment of the outer query, since it was noticed."""
    rows = Message.objects.filter(about=Enrolment._meta.label_lower, about_id=OuterRef("pk"))
    return rows.filter(kind=messages.PAYMENT_DUE.name, caused_at__gte=OuterRef("noticed_at"))


def sent_notice() -> Subquery:
    """For an annotation: when the notice went out first, by mail or by hand; None where it has not."""
    sent = _notices().filter(state=MessageState.SENT).order_by("ended_at")
    return Subquery(sent.values("ended_at")[:1])


def give_notice(*, now: datetime) -> int:
    """Tell those whose payment is overdue by when it has to come; each once. Return how many. For the sweep."""
    rows = overdue(now).filter(noticed_at__isnull=True, is_sample=False)
    return sum(_give_notice(enrolment=enrolment, now=now) for enrolment in rows)


@verb(refusals=REFUSALS)
def _give_notice(*, enrolment: Enrolment, now: datetime) -> bool:
    row = _still(enrolment, overdue(now).filter(noticed_at__isnull=True))
    if row is None:
        return False
    row.noticed_at = now
    # Each notice is of a version of its own: what was told of an earlier one does not count for this one.
    row.sequence += 1
    save_as(row, by=SITE, why="overdue")
    messages.announce(row, messages.PAYMENT_DUE, by=SITE, now=now, **_facts(row, now))
    return True


def _facts(enrolment: Enrolment, now: datetime) -> dict[str, Any]:
    """What a notice says that goes out now: the sum, and until when the place is kept at the least."""
    return {"amount": enrolment.owed, "last_day": min(now + _hours(), enrolment.run.starts_at)}


@verb(refusals=REFUSALS)
def tell_overdue(*, enrolment: Enrolment, how: str, by: Actor, now: datetime) -> Message:
    """Note that the office has told somebody by phone or WhatsApp that payment is overdue; twice is once. Staff only.

    From then on the time runs after which the place is handed on.

    :raises WrongStatus: it is not overdue any more, or no notice was due yet.
    """
    only_for_staff(by)
    row = _still(enrolment, overdue(now).filter(noticed_at__isnull=False))
    if row is None:
        raise WrongStatus
    facts = {name: str(value) for name, value in _facts(row, now).items()}
    order = Order(
        kind=messages.PAYMENT_DUE.name,
        about=row,
        version=row.sequence,
        channel=Channel.HAND,
        to=row.phone.as_e164,
        language=row.language,
        due_at=now,
        facts=facts,
    )
    return record(order, row, by=by, now=now, said=f"Overdue: INR {row.owed}. Kept until {facts['last_day']}.", how=how)


def release_unpaid(*, now: datetime) -> int:
    """Hand on the places whose notice went out as long ago as the clinic has set; return how many. For the sweep.

    Where it did not go out, or a payment waits for a check, the place stays. What was paid in part comes back.
    """
    return sum(_release(enrolment=enrolment, now=now) for enrolment in _to_release(now))


def _to_release(now: datetime) -> QuerySet[Enrolment]:
    told = _notices().filter(state=MessageState.SENT, ended_at__lte=now - _hours())
    # The state says so as well; but it is the claims that must not be passed over.
    return (
        overdue(now)
        .filter(noticed_at__isnull=False, is_sample=False)
        .exclude(payments__state=PaymentState.CLAIMED)
        .filter(Exists(told))
    )


@verb(refusals=REFUSALS)
def _release(*, enrolment: Enrolment, now: datetime) -> bool:
    row = _still(enrolment, _to_release(now))
    if row is None:
        return False
    close(row, End.UNPAID, by=SITE, now=now)
    messages.announce(row, messages.WITHDRAWN, by=SITE, now=now)
    hand_over(row.run, now=now)
    return True


def _still(enrolment: Enrolment, rows: QuerySet[Enrolment]) -> Enrolment | None:
    """The enrolment behind its lock, if it is still one of these: somebody may have paid, or said so, meanwhile."""
    try:
        row = locked(enrolment)
    except WrongStatus:
        # It has gone to other dates meanwhile.
        return None
    return row if rows.filter(pk=row.pk).exists() else None


def _hours() -> timedelta:
    return timedelta(hours=ClinicSettings.load().overdue_hours)
