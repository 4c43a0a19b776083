"""How a run stands: each state at its boundaries, and in agreement with the verb that enrols."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import enrolment as verbs
from courses.catalogue import Action, State, looking, standing
from courses.catalogue.cards import card
from courses.catalogue.filters import Filters
from courses.models import CourseRun, RunState, Status
from courses.refusals import (
    EnrolmentClosed,
    NotOpenYet,
    QueueFull,
    RunCancelled,
    RunClosed,
    RunFull,
    RunNotOnOffer,
)
from ipsc.history import PATIENT
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.factories import NOW, clinic_time


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def transactional():
    """A transaction for each example, so that none sees the rows of another."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone


SECOND = timedelta(seconds=1)
START = rows.STARTS


def run_of(**fields) -> CourseRun:
    """A run that is in no database: open from yesterday on, five places."""
    values = {
        "starts_at": START,
        "ends_at": rows.ENDS,
        "capacity": 20,
        "queue_capacity": 2,
        "opens_at": NOW - timedelta(days=1),
        "closes_at": START - timedelta(days=1),
        "state": RunState.PUBLISHED,
    }
    return CourseRun(**(values | fields))


def stands(run, *, waiting=0, now=NOW, enrolment_open=True, phone=""):
    return standing(run, waiting=waiting, now=now, enrolment_open=enrolment_open, phone=phone)


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        (NOW - timedelta(days=1), State.OPENS, State.OPEN),
        (START - timedelta(days=1), State.OPEN, State.CLOSED),
        (START, State.CLOSED, State.UNDER_WAY),
        (rows.ENDS, State.UNDER_WAY, State.PAST),
    ],
)
def test_each_state_begins_at_its_moment_to_the_second(moment, before, after):
    assert stands(run_of(), now=moment - SECOND).state == before
    assert stands(run_of(), now=moment).state == after


def test_a_run_that_takes_people_until_it_begins_is_never_closed():
    run = run_of(closes_at=START)
    assert stands(run, now=START - SECOND).state == State.OPEN
    assert stands(run, now=START).state == State.UNDER_WAY


@pytest.mark.parametrize(
    ("taken", "waiting", "state", "words"),
    [
        (0, 0, State.OPEN, "Places free"),
        (14, 0, State.OPEN, "Places free"),
        (15, 0, State.FEW, "Only 5 places left"),
        (19, 0, State.FEW, "Only 1 place left"),
        (20, 0, State.WAITING, "Full, with a waiting list"),
        (20, 1, State.WAITING, "Full, with a waiting list"),
        (20, 2, State.FULL, "Full"),
        # Seats that are free go to those who wait, and only what is left is a newcomer's.
        (18, 2, State.WAITING, "Full, with a waiting list"),
        (17, 2, State.FEW, "Only 1 place left"),
        # An offer whose time is over is a place.
        (20, -1, State.FEW, "Only 1 place left"),
    ],
)
def test_it_tells_of_the_seats_what_a_newcomer_would_find(taken, waiting, state, words):
    found = stands(run_of(seats_taken=taken), waiting=waiting)
    assert (found.state, found.words) == (state, words)


def test_a_run_without_a_waiting_list_is_full_as_soon_as_its_seats_are_taken():
    assert stands(run_of(seats_taken=20, queue_capacity=0)).state == State.FULL


def test_it_says_when_enrolment_opens():
    assert stands(run_of(opens_at=clinic_time(2026, 11, 28))).words == "Enrolment opens on Sat 28 Nov"
    soon = run_of(opens_at=clinic_time(2027, 1, 2, 9, 30))
    assert stands(soon).words == "Enrolment opens on Sat 2 Jan 2027, 9:30 am"


def test_it_offers_one_thing_to_do_in_every_state():
    leads = {}
    for state, run in {
        State.OPEN: run_of(),
        State.FEW: run_of(seats_taken=18),
        State.WAITING: run_of(seats_taken=20),
        State.FULL: run_of(seats_taken=20, queue_capacity=0),
        State.CANCELLED: run_of(state=RunState.CANCELLED),
        State.OPENS: run_of(opens_at=NOW + SECOND),
        State.CLOSED: run_of(closes_at=NOW),
        State.UNDER_WAY: run_of(starts_at=NOW, closes_at=NOW),
        State.PAST: run_of(starts_at=NOW - timedelta(days=2), ends_at=NOW, closes_at=NOW - timedelta(days=2)),
    }.items():
        found = stands(run)
        assert found.state == state
        leads[state] = (found.action, found.label)
    assert leads.pop(State.OPEN) == leads.pop(State.FEW) == (Action.ENROL, "Enrol")
    assert leads.pop(State.WAITING) == (Action.ENROL, "Join the waiting list")
    assert leads.pop(State.OPENS) == (Action.COURSE, "See the course")
    assert set(leads.values()) == {(Action.DATES, "Other dates")}


def test_it_says_so_where_enrolment_online_is_switched_off():
    found = stands(run_of(), enrolment_open=False, phone="+91 11 4567 8901")
    assert (found.state, found.action, found.label) == (State.OFFLINE, Action.CALL, "Call us: +91 11 4567 8901")
    assert stands(run_of(), enrolment_open=False).action == Action.COURSE
    assert stands(run_of(state=RunState.CANCELLED), enrolment_open=False).state == State.CANCELLED
    assert stands(run_of(opens_at=NOW + SECOND), enrolment_open=False).state == State.OPENS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    times=st.lists(st.integers(0, 60), min_size=4, max_size=4).map(sorted),
    capacity=st.integers(1, 12),
    taken=st.integers(0, 12),
    waiting=st.integers(-3, 6),
    queue=st.integers(0, 4),
    at=st.integers(-5, 70),
    cancelled=st.booleans(),
    enrolment_open=st.booleans(),
)
def test_every_run_has_exactly_one_state_whatever_its_numbers(
    times, capacity, taken, waiting, queue, at, cancelled, enrolment_open
):
    opens, closes, starts, ends = (NOW + timedelta(seconds=each) for each in times)
    run = run_of(
        opens_at=opens,
        closes_at=closes,
        starts_at=starts,
        ends_at=ends,
        capacity=capacity,
        seats_taken=min(taken, capacity),
        queue_capacity=queue,
        state=RunState.CANCELLED if cancelled else RunState.PUBLISHED,
    )
    found = stands(run, waiting=waiting, now=NOW + timedelta(seconds=at), enrolment_open=enrolment_open)
    assert found.words
    assert found.label
    assert (found.action == Action.ENROL) == (found.state in (State.OPEN, State.FEW, State.WAITING))
    assert (found.left > 0) == found.has_places
    if found.action == Action.ENROL:
        assert opens <= NOW + timedelta(seconds=at) < min(closes, starts)
        assert enrolment_open
        assert not cancelled


# What the verb says in each state; None where it gives a place.
VERDICTS = {
    State.OPENS: NotOpenYet,
    State.OPEN: None,
    State.FEW: None,
    State.WAITING: RunFull,
    State.OFFLINE: EnrolmentClosed,
    State.FULL: QueueFull,
    State.CLOSED: RunClosed,
    State.UNDER_WAY: RunNotOnOffer,
    State.PAST: RunNotOnOffer,
    State.CANCELLED: RunCancelled,
}


def verdict(run, now):
    try:
        made = verbs.enrol(run=run, details=rows.details(), by=PATIENT, now=now)
    except tuple(each for each in VERDICTS.values() if each) as refused:
        return type(refused)
    assert made.status == Status.CONFIRMED
    return None


def seen(run, now):
    """The state of a stored run, as the pages find it."""
    clinic = ClinicSettings.load()
    (row,) = looking.fitting(Filters(), now=now, enrolment_open=clinic.enrolment_open).filter(pk=run.pk)
    return card(row, clinic=clinic, now=now).standing


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    capacity=st.integers(1, 8),
    held=st.integers(0, 8),
    offered=st.integers(0, 2),
    lapsed=st.integers(0, 2),
    waiting=st.integers(0, 3),
    queue=st.integers(0, 3),
    when=st.sampled_from(["open", "before", "last second", "closed", "begun", "over"]),
    cancelled=st.sampled_from([False, False, False, True]),
    enrolment_open=st.sampled_from([True, True, True, False]),
)
def test_it_says_what_the_verb_does(
    transactional, capacity, held, offered, lapsed, waiting, queue, when, cancelled, enrolment_open
):
    with transactional():
        row = ClinicSettings(pk=1, enrolment_open=enrolment_open)
        row.save()
        lapsed = min(lapsed, capacity)
        offered = min(offered, capacity - lapsed)
        held = min(held, capacity - lapsed - offered)
        run = rows.run(capacity=capacity, queue_capacity=queue)
        for _each in range(held):
            rows.enrolment(run)
        for _each in range(offered):
            rows.enrolment(run, status=Status.OFFERED, offer_ends_at=rows.STARTS)
        for _each in range(lapsed):
            rows.enrolment(run, status=Status.OFFERED, offered_at=NOW - 2 * SECOND, offer_ends_at=NOW - SECOND)
        for _each in range(waiting):
            rows.enrolment(run, status=Status.WAITING)
        now = {
            "open": NOW,
            "before": run.opens_at - SECOND,
            "last second": run.closes_at - SECOND,
            "closed": run.closes_at,
            "begun": run.starts_at,
            "over": run.ends_at,
        }[when]
        if cancelled:
            run.state, run.cancelled_at, run.cancelled_by, run.cancel_reason = RunState.CANCELLED, NOW, "office", "X"
            run.save()
        told = seen(run, now)
        wanted = VERDICTS[told.state]
        found = verdict(run, now)
        if not enrolment_open and wanted is not EnrolmentClosed:
            # The switch is what the verb says first, whatever else stands in the way.
            wanted = EnrolmentClosed
        assert found == wanted, told


def test_it_speaks_the_language_of_the_page():
    with translation.override("hi"):
        assert "28" in stands(run_of(opens_at=clinic_time(2026, 11, 28))).words
