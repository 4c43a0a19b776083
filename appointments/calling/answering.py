"""The verbs of the desk: called in vain, spoken to, closed without a call, and the way back."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q

from appointments.calling.refusals import REFUSALS, CallChanged, NoReason
from appointments.models import CallBack, CallState
from appointments.models.call_back import OPEN_CALLS
from ipsc.history import Actor, save_as
from ipsc.verbs import verb


class OpenCalls(NamedTuple):
    """How many people somebody still has to call.

    `overdue` of them wait longer than they were told; `urgent` of them wrote words that may mean an emergency (F2).
    """

    open: int
    overdue: int
    urgent: int


def open_calls(now: datetime) -> OpenCalls:
    """The figures of this moment, in one query."""
    late = Q(state=CallState.WAITING, due_at__lte=now)
    rows = CallBack.objects.filter(state__in=OPEN_CALLS).order_by()
    counts = {"open": Count("pk"), "overdue": Count("pk", filter=late), "urgent": Count("pk", filter=~Q(red_flags=""))}
    return OpenCalls(**rows.aggregate(**counts))


@verb(refusals=REFUSALS)
def called_in_vain(*, call: CallBack, by: Actor, now: datetime, sequence: int | None = None) -> CallBack:
    """Record a call that nobody answered. The request stays open.

    :raises CallChanged: it is closed, or has changed since version `sequence`.
    :raises PermissionDenied: somebody else than staff says so.
    """
    call = _locked(call, by)
    if _repeats(call, CallState.TRIED, by, sequence):
        return call
    _refuse_unless(call, OPEN_CALLS, sequence)
    call.tries += 1
    call.tried_at = now
    return _enter(call, CallState.TRIED, by)


@verb(refusals=REFUSALS)
def reached(*, call: CallBack, by: Actor, now: datetime, note: str = "", sequence: int | None = None) -> CallBack:
    """Record that somebody spoke to the caller, and what came of it where there is something to note.

    :raises CallChanged: the request is closed, or has changed since version `sequence`.
    :raises PermissionDenied: somebody else than staff says so.
    """
    call = _locked(call, by)
    if _repeats(call, CallState.REACHED, by, sequence):
        return call
    _refuse_unless(call, OPEN_CALLS, sequence)
    call.reached_at, call.note = now, note.strip()
    return _enter(call, CallState.REACHED, by)


@verb(refusals=REFUSALS)
def drop(*, call: CallBack, reason: str, by: Actor, now: datetime, sequence: int | None = None) -> CallBack:
    """Close a request without a call, and say why.

    :raises NoReason: `reason` is blank.
    :raises CallChanged: the request is closed, or has changed since version `sequence`.
    :raises PermissionDenied: somebody else than staff does so.
    """
    if not reason.strip():
        raise NoReason
    call = _locked(call, by)
    if _repeats(call, CallState.DROPPED, by, sequence):
        return call
    _refuse_unless(call, OPEN_CALLS, sequence)
    call.dropped_at, call.note = now, reason.strip()
    return _enter(call, CallState.DROPPED, by, why=reason.strip())


@verb(refusals=REFUSALS)
def reopen(*, call: CallBack, by: Actor, sequence: int | None = None) -> CallBack:
    """Undo the last step: an end, or a call in vain that was none (rule B5). History keeps what was undone.

    :raises CallChanged: there is nothing to undo, or the request has changed since version `sequence`.
    :raises PermissionDenied: somebody else than staff does so.
    """
    call = _locked(call, by)
    _refuse_unless(call, [CallState.TRIED, CallState.REACHED, CallState.DROPPED], sequence)
    if call.state == CallState.TRIED:
        call.tries -= 1
        before = call.history.filter(tries=call.tries).order_by("-history_id").first()
        call.tried_at = before.tried_at if before and call.tries else None
    call.reached_at = call.dropped_at = None
    call.note = ""
    return _enter(call, CallState.TRIED if call.tries and call.tried_at else CallState.WAITING, by, why="undone")


def _locked(call: CallBack, by: Actor) -> CallBack:
    """The request as it is now, behind the lock of its row."""
    if not by.is_staff:
        raise PermissionDenied("only staff may do this")
    return CallBack.objects.select_for_update(no_key=True).get(pk=call.pk)


def _refuse_unless(call: CallBack, states: list[CallState], sequence: int | None) -> None:
    if call.state not in states or (sequence is not None and sequence != call.sequence):
        raise CallChanged


def _repeats(call: CallBack, state: CallState, by: Actor, sequence: int | None) -> bool:
    """Whether the same hand has pressed the same button twice, as hands do: the second press changes nothing."""
    if sequence is None or call.sequence != sequence + 1 or call.state != state:
        return False
    return call.history.latest().actor == by.label


def _enter(call: CallBack, state: CallState, by: Actor, why: str = "") -> CallBack:
    call.state = state
    call.sequence += 1
    save_as(call, by=by, why=why)
    return call
