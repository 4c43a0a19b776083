"""The verbs about a run as a whole: its capacity, its dates, its end."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from courses import messages
from courses.enrolment.seats import catch_up, close, hand_over, locked_run, only_for_staff, refuse_stale
from courses.models import CourseRun, End, Enrolment, News, RunState, Status
from courses.refusals import REFUSALS, CapacityBelowTaken, RunCancelled, RunHasPeople, WrongStatus
from ipsc.history import SITE, Actor, save_as
from ipsc.verbs import verb

# What those who are enrolled are told of, and may leave for without a loss.
TOLD = ("starts_at", "ends_at", "mode", "venue", "venue_hi", "language")
VENUES = {"venue", "venue_hi"}
# What no revision touches: each has a verb of its own.
CANCELLING = {"was_draft", "cancelled_at", "cancelled_by", "cancel_reason"}
OWN_VERBS = {"capacity", "seats_taken", "course", "course_id", *CANCELLING}


@verb(refusals=REFUSALS)
def change_capacity(*, run: CourseRun, capacity: int, by: Actor, now: datetime, reason: str = "") -> CourseRun:
    """Give a run more places or fewer; new ones are offered to those who wait, in order. Staff only; it is logged.

    This is also how staff overbook: by a capacity that says so, never past it.

    :raises CapacityBelowTaken: more places are taken than that.
    :raises RunCancelled: the run is not to be.
    """
    only_for_staff(by)
    run = locked_run(run)
    if run.state == RunState.CANCELLED:
        raise RunCancelled
    # First those whose time is over: their places may be the ones that are to go.
    catch_up(run, now=now)
    if capacity < run.seats_taken:
        raise CapacityBelowTaken
    if capacity != run.capacity:
        run.capacity = capacity
        run.sequence += 1
        save_as(run, by=by, why=reason or "capacity", update_fields=["capacity", "sequence"])
        hand_over(run, now=now)
    return run


@verb(refusals=REFUSALS)
def revise_run(
    *,
    run: CourseRun,
    values: Mapping[str, Any],
    by: Actor,
    now: datetime,
    sequence: int | None = None,
    notify: bool = True,
) -> CourseRun:
    """Change what a run says of itself. Those in it are told of other dates, mode, venue or language, old and new.

    They may then leave with a full refund until the start. Offers end no later than enrolment does (rule C2), and
    nothing is to be paid later than the start. `values` maps names of fields to what they become; the model has to be
    checked before (`full_clean`).

    :raises WrongStatus: the run has changed since version `sequence`, or is cancelled.
    :raises RunHasPeople: it goes back to being a draft, and people are in it.
    """
    only_for_staff(by)
    if wrong := OWN_VERBS & values.keys():
        raise ValueError(f"{sorted(wrong)} change by verbs of their own")
    run = locked_run(run)
    refuse_stale(run, sequence)
    if run.state == RunState.CANCELLED:
        raise WrongStatus
    people = list(Enrolment.objects.filter(run=run).active().select_for_update(no_key=True).order_by("pk"))
    if people and values.get("state", run.state) == RunState.DRAFT:
        raise RunHasPeople
    changed = [name for name, value in values.items() if getattr(run, name) != value]
    if not changed:
        return run
    old = {name: getattr(run, name) for name in TOLD}
    for name in changed:
        setattr(run, name, values[name])
    run.sequence += 1
    run.is_sample = False
    save_as(run, by=by, why="revised", update_fields=[*changed, "sequence", "is_sample"])
    news = {f"old_{name}": old[name] for name in told_of(old, changed)}
    for enrolment in people:
        enrolment.run = run
        _follow(enrolment, news, by=by, now=now, notify=notify)
    catch_up(run, now=now)
    return run


def told_of(old: Mapping[str, Any], changed: Collection[str]) -> list[str]:
    """Which of the changed facts are news to those in a run; `old` holds what they were."""
    found = {*TOLD} & {*changed}
    # The venue in a second language is a translation, where there was none before; else both tell of the old one.
    if "venue" not in found and not old["venue_hi"]:
        found.discard("venue_hi")
    elif VENUES & found:
        found |= VENUES
    return [name for name in TOLD if name in found]


def _follow(enrolment: Enrolment, news: dict[str, Any], *, by: Actor, now: datetime, notify: bool) -> None:
    """Bring one enrolment into line with its changed run."""
    run = enrolment.run
    offered_at, offer_ends_at = enrolment.offered_at, enrolment.offer_ends_at
    if offered_at and offer_ends_at and offer_ends_at > run.closes_at:
        if run.closes_at <= offered_at:
            close(enrolment, End.OFFER_ENDED, by=SITE, now=now, reason="Enrolment closes earlier.")
            messages.announce(enrolment, messages.OFFER_ENDED, by=SITE, now=now)
            return
        enrolment.offer_ends_at = run.closes_at
        news = news or {"shorter": True}
    if enrolment.pay_by_at and enrolment.pay_by_at > run.starts_at:
        enrolment.pay_by_at = run.starts_at
        if not news:
            save_as(enrolment, by=by, why="to be paid earlier")
    if not news:
        return
    if set(news) - {"shorter"} and enrolment.status == Status.CONFIRMED:
        enrolment.free_to_go = True
    enrolment.sequence += 1
    save_as(enrolment, by=by, why=News.REVISED)
    kind = messages.RUN_CHANGED if set(news) - {"shorter"} else messages.OFFERED
    messages.announce(enrolment, kind, by=by, now=now, notify=notify, **news)


@verb(refusals=REFUSALS)
def cancel_run(*, run: CourseRun, reason: str, by: Actor, now: datetime, notify: bool = True) -> CourseRun:
    """Cancel a run for good: everybody in it is told, with other dates, and gets back all that was paid. Twice is once.

    :raises WrongStatus: the run is over.
    """
    only_for_staff(by)
    run = locked_run(run)
    if run.state == RunState.CANCELLED:
        return run
    if now >= run.ends_at:
        raise WrongStatus
    run.was_draft = run.state == RunState.DRAFT
    run.state, run.cancelled_at, run.cancelled_by, run.cancel_reason = RunState.CANCELLED, now, by.label, reason
    run.sequence += 1
    save_as(
        run,
        by=by,
        why=reason,
        update_fields=["state", "was_draft", "cancelled_at", "cancelled_by", "cancel_reason", "sequence"],
    )
    for enrolment in Enrolment.objects.filter(run=run).active().select_for_update(no_key=True).order_by("pk"):
        enrolment.run = run
        close(enrolment, End.RUN_CANCELLED, by=by, now=now, reason=reason)
        messages.announce(enrolment, messages.RUN_CANCELLED, by=by, now=now, notify=notify)
    return run
