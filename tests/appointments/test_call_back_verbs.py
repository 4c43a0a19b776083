"""The verbs of “Call me back”: what is promised, what is recorded, who may, and what is refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import calling
from appointments.calling import making
from appointments.calling.refusals import CallBackClosed, CallChanged, NoReason, TooManyCalls
from appointments.models import CallBack, CallState
from ipsc.history import PATIENT, SITE, Actor
from ipsc.models import ClinicSettings, RateLimit
from tests import factories
from tests.appointments.caller import ask, everything, records, refused
from tests.appointments.desk import reception
from tests.factories import NOW, TODAY, at, phone

pytestmark = pytest.mark.django_db

CHANGED = "Somebody has changed this request meanwhile."
LATER = NOW + timedelta(minutes=20)


# Asking


def test_it_keeps_what_was_said_and_what_was_promised(clinic):
    call = ask(name="सुनीता देवी", language="hi", best_time="evening", about="MRI report", came_from="no_times")
    call.refresh_from_db()
    assert (call.name, call.phone, call.language, call.best_time) == ("सुनीता देवी", phone(1), "hi", "evening")
    assert (call.about, call.red_flags, call.came_from) == ("MRI report", "", "no_times")
    assert (call.state, call.tries, call.sequence, call.note) == (CallState.WAITING, 0, 0, "")
    assert (call.consent_version, call.consent_at, call.created_at) == (factories.CONSENT, NOW, NOW)
    # Four hours of those from ten to one: three today, one tomorrow.
    assert call.due_at == at(factories.TOMORROW, "11:00")
    assert records(call) == [("+", "patient", "", "waiting")]


def test_it_promises_by_the_hours_that_the_clinic_has_set(clinic):
    ClinicSettings.objects.update(call_back_hours=2)
    assert ask().due_at == at(TODAY, "12:00")


def test_it_promises_nothing_where_no_hours_are_known(db):
    assert ask().due_at is None


def test_it_marks_words_that_may_mean_an_emergency(clinic, monkeypatch):
    monkeypatch.setattr("ipsc.signs.signs_in", lambda text: f"read: {text}")
    assert ask(about="cannot pass urine").red_flags == "read: cannot pass urine"


def test_the_same_attempt_makes_one_request(clinic):
    attempt = uuid.uuid4()
    first = ask(attempt=attempt)
    before = everything()
    assert ask(attempt=attempt, name="Somebody else", phone=phone(2)) == first
    assert everything() == before


def test_the_same_attempt_is_told_what_became_of_it_even_when_closed_meanwhile(clinic):
    attempt = uuid.uuid4()
    first = ask(attempt=attempt)
    ClinicSettings.objects.update(call_back_open=False)
    assert ask(attempt=attempt) == first


def test_two_requests_with_one_phone_are_two_requests(clinic):
    assert ask() != ask()
    assert CallBack.objects.filter(phone=phone(1)).count() == 2


def test_it_refuses_while_nobody_can_call(clinic):
    ClinicSettings.objects.update(call_back_open=False)
    with refused(CallBackClosed, "We cannot call anybody back at the moment."):
        ask()


def test_it_refuses_the_fourth_of_a_day_with_one_phone(clinic):
    for _each in range(3):
        ask(address="192.0.2.1")
    with refused(TooManyCalls, "with this number or from this connection"):
        ask(address="192.0.2.2")
    assert ask(phone=phone(2), address="192.0.2.1")
    assert ask(now=NOW + timedelta(hours=8))


def test_it_bounds_what_comes_from_one_address(clinic, monkeypatch):
    monkeypatch.setattr(making, "CALLS_PER_ADDRESS", 2)
    for number in range(2):
        ask(phone=phone(number), address="192.0.2.1")
    with refused(TooManyCalls, "with this number or from this connection"):
        ask(phone=phone(7), address="192.0.2.1")
    assert ask(phone=phone(7), address="192.0.2.2")
    assert ask(phone=phone(8), address="")


def test_a_refusal_gives_the_share_of_the_phone_back(clinic, monkeypatch):
    monkeypatch.setattr(making, "CALLS_PER_ADDRESS", 1)
    ask(phone=phone(1), address="192.0.2.1")
    for _each in range(5):
        with pytest.raises(TooManyCalls):
            ask(phone=phone(2), address="192.0.2.1")
    assert ask(phone=phone(2), address="192.0.2.2")


def test_the_same_form_spends_one_share(clinic):
    attempt = uuid.uuid4()
    for _each in range(6):
        ask(attempt=attempt)
    assert ask()
    assert ask()


def test_it_stores_no_number_where_it_counts(clinic):
    ask(address="192.0.2.1")
    assert not any("98000" in key or "192.0" in key for key in RateLimit.objects.values_list("key", flat=True))


def test_staff_are_held_to_no_limit(clinic):
    ClinicSettings.objects.update(call_back_open=False)
    for _each in range(5):
        ask(by=reception())
    assert CallBack.objects.count() == 5


def test_it_draws_another_id_where_one_is_taken(clinic, monkeypatch):
    taken = ask().public_id
    draws = iter([taken, "fresh23456"])
    monkeypatch.setattr(CallBack._meta.get_field("public_id"), "default", lambda: next(draws))
    monkeypatch.delitem(CallBack._meta.get_field("public_id").__dict__, "_get_default", raising=False)
    assert ask().public_id == "fresh23456"


# At the desk


@pytest.fixture
def call() -> CallBack:
    return factories.call_back()


def test_a_call_in_vain_is_counted_and_leaves_the_request_open(call):
    made = calling.called_in_vain(call=call, by=reception(), now=NOW)
    assert (made.state, made.tries, made.tried_at, made.sequence) == (CallState.TRIED, 1, NOW, 1)
    made = calling.called_in_vain(call=call, by=reception(), now=LATER)
    assert (made.state, made.tries, made.tried_at) == (CallState.TRIED, 2, LATER)
    assert made.is_open
    assert records(call) == [
        ("+", "site", "", "waiting"),
        ("~", "reception", "", "tried"),
        ("~", "reception", "", "tried"),
    ]


@pytest.mark.parametrize("state", ["waiting", "tried"])
def test_whoever_was_spoken_to_is_off_the_list(state):
    call = factories.call_back(state=state)
    made = calling.reached(call=call, note=" visit booked ", by=reception(), now=LATER)
    assert (made.state, made.reached_at, made.note) == (CallState.REACHED, LATER, "visit booked")
    assert list(CallBack.objects.open()) == []


@pytest.mark.parametrize("state", ["waiting", "tried"])
def test_it_closes_a_request_and_says_why(state):
    call = factories.call_back(state=state)
    made = calling.drop(call=call, reason=" asked twice ", by=reception(), now=LATER)
    assert (made.state, made.dropped_at, made.note) == (CallState.DROPPED, LATER, "asked twice")
    assert records(call)[-1] == ("~", "reception", "asked twice", "dropped")


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_it_closes_nothing_without_a_reason(call, reason):
    with refused(NoReason, "Say why nobody calls."):
        calling.drop(call=call, reason=reason, by=reception(), now=NOW)


@pytest.mark.parametrize("state", ["reached", "dropped"])
@pytest.mark.parametrize("verb", ["called_in_vain", "reached", "drop"])
def test_it_changes_nothing_that_is_closed(state, verb):
    call = factories.call_back(state=state)
    more = {"reason": "asked twice"} if verb == "drop" else {}
    with refused(CallChanged, CHANGED):
        getattr(calling, verb)(call=call, by=reception(), now=NOW, **more)


@pytest.mark.parametrize("verb", ["called_in_vain", "reached", "drop", "reopen"])
@pytest.mark.parametrize("sequence", [1, 3, -1])
def test_it_refuses_a_stale_button(verb, sequence):
    call = factories.call_back(state="tried", sequence=2)
    more = {"drop": {"reason": "asked twice", "now": NOW}, "reopen": {}}.get(verb, {"now": NOW})
    with refused(CallChanged, CHANGED):
        getattr(calling, verb)(call=call, by=reception(), sequence=sequence, **more)


@pytest.mark.parametrize("verb", ["called_in_vain", "reached", "drop"])
def test_the_same_hand_may_press_twice(call, verb):
    more = {"reason": "asked twice"} if verb == "drop" else {}
    by = reception()
    first = getattr(calling, verb)(call=call, by=by, now=NOW, sequence=0, **more)
    before = everything()
    again = getattr(calling, verb)(call=call, by=by, now=LATER, sequence=0, **more)
    assert (again.state, again.sequence) == (first.state, 1)
    assert everything() == before


def test_another_hand_that_presses_the_same_is_told(call, django_user_model):
    calling.reached(call=call, by=reception(), now=NOW, sequence=0)
    other = Actor.staff(django_user_model.objects.create_user("colleague", is_staff=True))
    with refused(CallChanged, CHANGED):
        calling.reached(call=call, by=other, now=LATER, sequence=0)


@pytest.mark.parametrize(
    ("state", "fields", "back_to"),
    [
        ("reached", {}, "waiting"),
        ("dropped", {}, "waiting"),
        ("reached", {"tries": 2, "tried_at": NOW}, "tried"),
        ("dropped", {"tries": 1, "tried_at": NOW}, "tried"),
    ],
)
def test_it_opens_again_what_was_closed(state, fields, back_to):
    call = factories.call_back(state=state, **fields)
    made = calling.reopen(call=call, by=reception(), sequence=0)
    assert (made.state, made.reached_at, made.dropped_at, made.note) == (back_to, None, None, "")
    assert made.tries == fields.get("tries", 0)
    assert records(call)[-1] == ("~", "reception", "undone", back_to)


def test_it_takes_back_a_call_in_vain_that_was_none(call):
    by = reception()
    calling.called_in_vain(call=call, by=by, now=NOW)
    calling.called_in_vain(call=call, by=by, now=LATER)
    made = calling.reopen(call=call, by=by)
    assert (made.state, made.tries, made.tried_at) == (CallState.TRIED, 1, NOW)
    made = calling.reopen(call=call, by=by)
    assert (made.state, made.tries, made.tried_at) == (CallState.WAITING, 0, None)
    with refused(CallChanged, CHANGED):
        calling.reopen(call=call, by=by)


@pytest.mark.parametrize("by", [PATIENT, SITE])
def test_only_staff_do_any_of_this(call, by):
    before = everything()
    acts = [
        lambda: calling.called_in_vain(call=call, by=by, now=NOW),
        lambda: calling.reached(call=call, by=by, now=NOW),
        lambda: calling.drop(call=call, reason="x", by=by, now=NOW),
        lambda: calling.reopen(call=call, by=by),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert everything() == before


def test_it_locks_the_row_before_it_looks(call, django_assert_num_queries):
    by = reception()
    # Savepoint and its release; the locked row; its update; its history.
    with django_assert_num_queries(5) as queries:
        calling.called_in_vain(call=call, by=by, now=NOW, sequence=0)
    assert "FOR NO KEY UPDATE" in queries[1]["sql"]


def test_it_counts_who_waits_and_who_waits_too_long(django_assert_num_queries):
    factories.call_back(due_at=NOW)
    factories.call_back(due_at=NOW + timedelta(seconds=1))
    factories.call_back(due_at=None, red_flags="fell")
    factories.call_back(due_at=NOW, state="tried")
    factories.call_back(due_at=NOW, state="reached", red_flags="fell")
    factories.call_back(due_at=NOW, state="dropped")
    with django_assert_num_queries(1):
        assert calling.open_calls(NOW) == (4, 1, 1)
    assert calling.open_calls(NOW).overdue == CallBack.objects.overdue(NOW).count()
