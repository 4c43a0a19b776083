"""One form sent at once many times, and two receptionists who press at once, with real threads (see tests/gate.py)."""

import functools
import uuid

import pytest

from appointments import calling
from appointments.calling import making
from appointments.calling.refusals import CallChanged, TooManyCalls
from appointments.models import CallBack, CallState
from ipsc.history import Actor
from tests import factories
from tests.appointments.caller import CallerAtBrowser, ask, records
from tests.factories import NOW
from tests.gate import rush

pytestmark = pytest.mark.django_db(transaction=True)

TABLE, LIMITS = "appointments_callback", "ipsc_ratelimit"


def made(ends: list) -> list[CallBack]:
    return [end for end in ends if isinstance(end, CallBack)]


@pytest.mark.parametrize("gate", [TABLE, LIMITS])
def test_it_makes_one_request_of_a_form_sent_five_times_at_once(clinic, gate):
    attempt = uuid.uuid4()
    ends = rush([functools.partial(ask, attempt=attempt, address="192.0.2.1")] * 5, table=gate)
    assert len(made(ends)) == 5
    assert len(set(ends)) == CallBack.objects.count() == CallBack.history.count() == 1
    # One share was spent, so that two are left.
    assert [ask(), ask()]
    with pytest.raises(TooManyCalls):
        ask()


@pytest.mark.parametrize("gate", [TABLE, LIMITS])
def test_the_form_that_took_the_last_share_is_not_refused_to_its_own_twin(clinic, gate):
    ask()
    ask()
    ends = rush([functools.partial(ask, attempt=uuid.UUID(int=4))] * 5, table=gate)
    assert len(made(ends)) == 5
    assert len(set(ends)) == 1
    assert CallBack.objects.count() == 3


@pytest.mark.parametrize("gate", [TABLE, LIMITS])
def test_it_counts_one_phone_right_when_many_ask_at_once(clinic, gate):
    ends = rush([ask] * 20, table=gate)
    assert len(made(ends)) == CallBack.objects.count() == making.CALLS_PER_PHONE
    assert {type(end) for end in ends} == {CallBack, TooManyCalls}


def test_it_leads_every_click_to_the_same_page_when_one_form_is_sent_five_times_at_once(clinic, at_nine):
    caller = CallerAtBrowser(raise_request_exception=False)
    caller.open()
    answers = rush([caller.send] * 5, table=TABLE)
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len({answer.url for answer in answers}) == CallBack.objects.count() == 1


def people(django_user_model, count: int) -> list[Actor]:
    return [
        Actor.staff(django_user_model.objects.create_user(f"reception-{number}", is_staff=True))
        for number in range(count)
    ]


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told(django_user_model):
    call = factories.call_back()
    first, second = people(django_user_model, 2)
    ends = rush(
        [
            functools.partial(calling.reached, call=call, by=first, now=NOW, sequence=0),
            functools.partial(calling.drop, call=call, reason="asked twice", by=second, now=NOW, sequence=0),
        ],
        table=TABLE,
    )
    assert (len(made(ends)), [type(end) for end in ends if end not in made(ends)]) == (1, [CallChanged])
    assert len(records(call)) == 2


def test_ten_who_called_the_same_person_at_once_count_as_one(django_user_model):
    call = factories.call_back()
    calls = [
        functools.partial(calling.called_in_vain, call=call, by=by, now=NOW, sequence=0)
        for by in people(django_user_model, 10)
    ]
    ends = rush(calls, table=TABLE)
    assert (len(made(ends)), sum(type(end) is CallChanged for end in ends)) == (1, 9)
    call.refresh_from_db()
    assert (call.tries, call.state, call.sequence) == (1, CallState.TRIED, 1)


def test_one_hand_that_presses_five_times_at_once_presses_once(django_user_model):
    call = factories.call_back()
    (by,) = people(django_user_model, 1)
    ends = rush([functools.partial(calling.called_in_vain, call=call, by=by, now=NOW, sequence=0)] * 5, table=TABLE)
    assert len(made(ends)) == 5
    call.refresh_from_db()
    assert call.tries == 1


def test_without_the_lock_calls_in_vain_would_be_lost(django_user_model, monkeypatch):
    """The race is real, and these tests see it."""
    call = factories.call_back()
    monkeypatch.setattr("appointments.calling.answering._locked", lambda row, by: CallBack.objects.get(pk=row.pk))
    calls = [
        functools.partial(calling.called_in_vain, call=call, by=by, now=NOW) for by in people(django_user_model, 5)
    ]
    assert len(made(rush(calls, table=TABLE))) == 5
    call.refresh_from_db()
    assert call.tries == 1


def test_with_the_lock_every_call_in_vain_counts(django_user_model):
    call = factories.call_back()
    calls = [
        functools.partial(calling.called_in_vain, call=call, by=by, now=NOW) for by in people(django_user_model, 5)
    ]
    assert len(made(rush(calls, table=TABLE))) == 5
    call.refresh_from_db()
    assert (call.tries, call.sequence) == (5, 5)
