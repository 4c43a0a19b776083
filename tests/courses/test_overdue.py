"""Places that were not paid in time: told first, and handed on only if the notice really went out."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from courses import enrolment as verbs
from courses.enrolment import overdue, untold
from courses.models import End, Enrolment, Money, Status, Way
from courses.refusals import WrongStatus
from ipsc.history import DOCTOR
from ipsc.models import ClinicSettings, Message, MessageState
from tests.courses import rows
from tests.courses.office import check_counters, enrol, office, queue, statuses, told
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_enrolment")]

HOUR = timedelta(hours=1)


@pytest.fixture
def run():
    return rows.run(capacity=1, pay_days=3)


@pytest.fixture
def mine(run):
    return enrol(run)


@pytest.fixture
def late(mine):
    """The moment at which the payment becomes overdue."""
    return mine.pay_by_at


@pytest.fixture
def kept():
    """How long a place is kept after the notice."""
    return timedelta(hours=ClinicSettings.load().overdue_hours)


def send(enrolment, now) -> None:
    """The notice has gone out."""
    message = Message.objects.of(enrolment).filter(kind="courses.payment_due").latest("pk")
    message.state, message.ended_at, message.attempts = MessageState.SENT, now, 1
    message.subject, message.body, message.last_error = "Your payment", "Text", ""
    message.save()


def fresh(enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def test_nothing_is_overdue_before_its_day_is_over(mine, late):
    assert not overdue(late - timedelta(microseconds=1)).exists()
    assert list(overdue(late)) == [mine]


def test_each_is_told_once(mine, late):
    assert [verbs.give_notice(now=late) for _each in range(2)] == [1, 0]
    assert told(mine) == ["enrolled", "payment_due"]


def test_the_notice_says_until_when_the_place_is_kept(mine, late, kept):
    verbs.give_notice(now=late)
    facts = Message.objects.of(mine).get(kind="courses.payment_due").facts
    assert (facts["amount"], facts["last_day"]) == (10_000, (late + kept).isoformat())


def test_an_unpaid_place_goes_to_the_first_who_waits_after_notice(run, mine, late, kept):
    [waiting] = queue(run, 1)
    verbs.give_notice(now=late)
    send(mine, late)
    assert verbs.release_unpaid(now=late + kept - timedelta(microseconds=1)) == 0
    assert verbs.release_unpaid(now=late + kept) == 1
    assert statuses(mine, waiting) == ["cancelled", "offered"]
    assert fresh(mine).end == End.UNPAID
    assert told(mine)[-1] == "withdrawn"
    check_counters()


def test_nobody_loses_a_place_whose_notice_never_went_out(mine, late, kept):
    verbs.give_notice(now=late)
    assert verbs.release_unpaid(now=late + 10 * kept) == 0
    send(mine, late + HOUR)
    assert verbs.release_unpaid(now=late + kept) == 0
    assert verbs.release_unpaid(now=late + HOUR + kept) == 1


def test_nobody_loses_a_place_while_a_claim_waits(mine, late, kept):
    verbs.give_notice(now=late)
    send(mine, late)
    verbs.say_paid(
        enrolment=mine, way=Way.UPI, transaction_number="UPI 123456", amount=5_000, by=DOCTOR, now=late + HOUR
    )
    assert verbs.release_unpaid(now=late + kept) == 0


def test_what_was_paid_in_part_comes_back(mine, late, kept):
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=4_000, by=office(), now=NOW)
    moment = fresh(mine).pay_by_at
    verbs.give_notice(now=moment)
    send(mine, moment)
    assert verbs.release_unpaid(now=moment + kept) == 1
    assert (fresh(mine).refund, fresh(mine).payment_state) == (4_000, Money.REFUND_DUE)


def test_a_part_gives_time_and_another_notice(mine, late, kept):
    verbs.give_notice(now=late)
    send(mine, late)
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=4_000, by=office(), now=late + HOUR)
    assert verbs.release_unpaid(now=late + kept) == 0
    moment = fresh(mine).pay_by_at
    assert moment > late
    assert verbs.give_notice(now=moment) == 1
    assert verbs.release_unpaid(now=moment + kept) == 0


def test_a_notice_of_the_other_dates_does_not_count_for_these(mine, late, kept):
    other = rows.run(course=mine.run.course, pay_days=3)
    verbs.give_notice(now=late)
    send(mine, late)
    moved = verbs.transfer(enrolment=mine, run=other, by=office(), now=late + HOUR)
    moment = moved.pay_by_at
    assert verbs.release_unpaid(now=moment) == 0
    assert verbs.give_notice(now=moment) == 1
    assert verbs.release_unpaid(now=moment + kept) == 0


def test_whom_no_notice_reaches_the_office_tells(mine, late):
    verbs.give_notice(now=late)
    assert not untold(late).exists()
    # The message waits for an hour, which a mail server sometimes takes.
    assert list(untold(late + 2 * HOUR)) == [mine]
    verbs.tell_overdue(enrolment=mine, how="whatsapp", by=office(), now=late + 2 * HOUR)
    assert not untold(late + 3 * HOUR).exists()


def test_without_an_address_the_office_tells_at_once(run):
    silent = enrol(run, details=rows.details(7, email=""), by=office())
    verbs.give_notice(now=silent.pay_by_at)
    assert list(untold(silent.pay_by_at)) == [silent]


def test_the_time_runs_from_the_call(mine, late, kept):
    by = office()
    verbs.give_notice(now=late)
    call = late + 5 * HOUR
    for _each in range(2):
        verbs.tell_overdue(enrolment=mine, how="phone", by=by, now=call)
    assert Message.objects.of(mine).filter(channel="hand").count() == 1
    assert verbs.release_unpaid(now=call + kept - HOUR) == 0
    assert verbs.release_unpaid(now=call + kept) == 1


def test_a_second_notice_wants_a_second_call(mine, late, kept):
    by = office()
    verbs.give_notice(now=late)
    verbs.tell_overdue(enrolment=mine, how="phone", by=by, now=late)
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=4_000, by=by, now=late + HOUR)
    again = fresh(mine).pay_by_at
    verbs.give_notice(now=again)
    assert verbs.release_unpaid(now=again + kept) == 0
    assert list(untold(again + 2 * HOUR)) == [mine]
    verbs.tell_overdue(enrolment=mine, how="phone", by=by, now=again + 2 * HOUR)
    assert not untold(again + 3 * HOUR).exists()
    assert Message.objects.of(mine).filter(channel="hand").count() == 2


def test_nobody_is_told_of_what_is_paid(mine, late):
    verbs.give_notice(now=late)
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=10_000, by=office(), now=late)
    with pytest.raises(WrongStatus):
        verbs.tell_overdue(enrolment=mine, how="phone", by=office(), now=late)


def test_doctors_note_no_calls(mine, late):
    verbs.give_notice(now=late)
    with pytest.raises(PermissionDenied):
        verbs.tell_overdue(enrolment=mine, how="phone", by=DOCTOR, now=late)


def test_a_course_that_has_begun_hands_nothing_on(mine, late, kept):
    verbs.give_notice(now=late)
    send(mine, late)
    assert verbs.release_unpaid(now=rows.STARTS) == 0


def test_samples_are_left_alone(run, kept):
    sample = rows.enrolment(run, fee=10_000, payment_state=Money.DUE, pay_by_at=NOW, is_sample=True)
    assert verbs.give_notice(now=NOW + HOUR) == 0
    assert verbs.release_unpaid(now=NOW + 10 * kept) == 0
    assert statuses(sample) == ["confirmed"]


def test_the_sweep_offers_notices_and_hands_on(run, mine, late, kept):
    """What has no page to wait for comes by the command that cron calls."""
    [first] = queue(run, 1)
    with time_machine.travel(late, tick=False):
        call_command("sweep", stdout=(said := io.StringIO()))
    assert "Told that payment is overdue: 1." in said.getvalue()
    send(mine, late)
    with time_machine.travel(late + kept, tick=False):
        call_command("sweep", stdout=(said := io.StringIO()))
    assert "Unpaid places ended: 1." in said.getvalue()
    assert statuses(mine, first) == [Status.CANCELLED, Status.OFFERED]
    first.refresh_from_db()
    with time_machine.travel(first.offer_ends_at, tick=False):
        call_command("sweep", stdout=(said := io.StringIO()))
    assert "Courses with places handed on: 1." in said.getvalue()
    assert statuses(first) == [Status.CANCELLED]
