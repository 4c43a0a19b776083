"""The verbs about money: what is said, received, not found, taken, sent back; each once, and in agreement."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import enrolment as verbs
from courses.enrolment.claiming import OPEN_CLAIMS
from courses.models import Enrolment, Money, Payment, PaymentState, Status, Way
from courses.refusals import (
    EnrolmentRefused,
    MoreThanRefund,
    NoPlaceYet,
    NothingToPay,
    NoTransactionNumber,
    NotThisWay,
    PaymentAnswered,
    TooManyClaims,
    TransactionUsed,
    WrongAmount,
    WrongStatus,
)
from ipsc.history import DOCTOR, SITE
from ipsc.models import Message
from tests.courses import rows
from tests.courses.office import check_counters, enrol, office, queue, told
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_enrolment")]

UTR = "UPI 1234 5678 9012"


@pytest.fixture
def run():
    return rows.run()


@pytest.fixture
def mine(run):
    return enrol(run)


@pytest.fixture
def clerk():
    return office()


def say(enrolment, number=UTR, amount=10_000, way=Way.UPI, now=NOW):
    return verbs.say_paid(enrolment=enrolment, way=way, transaction_number=number, amount=amount, by=DOCTOR, now=now)


def take(enrolment, clerk, amount=10_000, number="", way=Way.DESK, **given):
    return verbs.take_payment(
        enrolment=enrolment, way=way, amount=amount, transaction_number=number, by=clerk, now=NOW, **given
    )


def send(enrolment, clerk, amount, **given):
    return verbs.send_refund(enrolment=enrolment, amount=amount, way=Way.DESK, by=clerk, now=NOW, **given)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def state(enrolment):
    one = fresh(enrolment)
    return one.fee, one.paid, one.payment_state


# Said


def test_the_same_number_with_another_sum_is_the_same_claim_put_right(mine):
    first = say(mine, amount=1_000)
    again = say(mine, amount=10_000, way=Way.BANK)
    assert (again.pk, Payment.objects.count()) == (first.pk, 1)
    assert (again.amount, again.way, state(mine)) == (10_000, Way.BANK, (10_000, 0, Money.CLAIMED))


def test_who_says_to_have_paid_has_paid_nothing_yet(mine):
    claim = say(mine)
    assert (claim.state, claim.transaction_number, claim.transaction_key) == (
        PaymentState.CLAIMED,
        UTR,
        "UPI123456789012",
    )
    assert state(mine) == (10_000, 0, Money.CLAIMED)
    assert claim.history.get().actor == "doctor"
    assert told(mine) == ["enrolled"]


@pytest.mark.parametrize("again", [UTR, "upi123456789012", "UPI-1234-5678-9012", "UPI १२३४ ५६७८ ९०१२"])
def test_the_same_number_again_is_the_same_claim(mine, again):
    claim = say(mine)
    assert say(mine, again) == claim
    assert Payment.objects.count() == 1


def test_a_number_that_was_received_already_is_told_again_in_vain(mine, clerk):
    claim = say(mine)
    verbs.receive_payment(payment=claim, by=clerk, now=NOW)
    assert say(mine).state == PaymentState.RECEIVED
    assert Payment.objects.count() == 1


def test_nobody_uses_the_number_of_somebody_else(run, mine):
    say(mine)
    with pytest.raises(TransactionUsed):
        say(enrol(run), UTR.lower())
    assert Payment.objects.count() == 1


def test_what_was_not_found_may_be_said_again(mine, clerk):
    first = say(mine)
    verbs.refuse_payment(payment=first, reason="Not there", by=clerk, now=NOW)
    second = say(mine)
    assert (second != first, state(mine)[2]) == (True, Money.CLAIMED)
    with pytest.raises(TransactionUsed):
        verbs.receive_payment(payment=first, by=clerk, now=NOW)


def test_so_many_claims_wait_and_no_more(mine):
    for number in range(OPEN_CLAIMS):
        say(mine, f"NUMBER{number}", amount=1000)
    with pytest.raises(TooManyClaims):
        say(mine, "ANOTHER")
    assert say(mine, "NUMBER0", amount=1000) == Payment.objects.earliest("pk")


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("", NoTransactionNumber),
        (" -/ ", NoTransactionNumber),
        ("ﷺ" * 20, NoTransactionNumber),
        ("1" * 61, NoTransactionNumber),
    ],
)
def test_it_refuses_what_is_no_number(mine, number, refusal):
    with pytest.raises(refusal):
        say(mine, number)


@pytest.mark.parametrize("amount", [0, -5, 10_000_001, 10**30])
def test_it_refuses_what_is_no_amount(mine, amount):
    with pytest.raises(WrongAmount):
        say(mine, amount=amount)


@pytest.mark.parametrize("way", [Way.DESK, Way.GATEWAY, "cowries"])
def test_it_refuses_a_way_that_is_the_offices(mine, way):
    with pytest.raises(NotThisWay):
        say(mine, way=way)


def test_who_waits_or_is_offered_a_place_has_nothing_to_pay():
    run = rows.run(capacity=1)
    holder = enrol(run)
    first, second = queue(run, 2)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    for one, status in ((first, Status.OFFERED), (second, Status.WAITING)):
        assert fresh(one).status == status
        with pytest.raises(NoPlaceYet):
            say(one)


def test_who_owes_nothing_cannot_say_so(mine, clerk):
    take(mine, clerk)
    with pytest.raises(NothingToPay):
        say(mine)
    with pytest.raises(NothingToPay):
        say(enrol(rows.run(fee=0)))


def test_who_left_a_queue_never_had_anything_to_pay():
    run = rows.run(capacity=1)
    enrol(run)
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=waiting, by=DOCTOR, now=NOW)
    with pytest.raises(NothingToPay):
        say(waiting)


def test_who_paid_after_the_place_had_gone_is_heard_and_gets_it_back(mine, clerk):
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    claim = say(mine)
    assert state(mine) == (0, 0, Money.CLAIMED)
    verbs.receive_payment(payment=claim, by=clerk, now=NOW)
    assert state(mine) == (0, 10_000, Money.REFUND_DUE)
    assert fresh(mine).status == Status.CANCELLED


def test_a_claim_from_a_page_that_is_older_is_heard(mine, clerk):
    verbs.renew_link(enrolment=mine, by=clerk, now=NOW)
    verbs.amend(enrolment=mine, details=rows.details(77), by=DOCTOR, now=NOW)
    assert say(mine).state == PaymentState.CLAIMED


# Received


def test_what_has_come_is_paid_and_told(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    assert (claim.state, claim.answered_by, claim.received_at) == (PaymentState.RECEIVED, "course-office", NOW)
    assert state(mine) == (10_000, 10_000, Money.PAID)
    assert fresh(mine).pay_by_at is None
    assert told(mine) == ["enrolled", "payment_received"]
    assert Message.objects.get(kind="courses.payment_received").facts["amount"] == 10_000


def test_two_clerks_receive_it_once(mine, clerk):
    claim = say(mine)
    for _each in range(2):
        verbs.receive_payment(payment=claim, amount=10_000, by=clerk, now=NOW)
    assert state(mine)[1] == 10_000
    assert told(mine).count("payment_received") == 1


def test_two_clerks_with_two_sums_do_not_both_count(mine, clerk):
    claim = say(mine)
    verbs.receive_payment(payment=claim, by=clerk, now=NOW)
    with pytest.raises(PaymentAnswered):
        verbs.receive_payment(payment=claim, amount=9_000, by=clerk, now=NOW)
    assert state(mine)[1] == 10_000


def test_a_part_leaves_the_rest_owed_and_gives_time(mine, clerk):
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW - timedelta(days=1), noticed_at=NOW)
    verbs.receive_payment(payment=say(mine), amount=4_000, by=clerk, now=NOW)
    one = fresh(mine)
    assert (one.owed, one.payment_state, one.noticed_at) == (6_000, Money.DUE, None)
    assert one.pay_by_at > NOW + timedelta(hours=48)


def test_too_much_comes_back_by_itself(mine, clerk):
    verbs.receive_payment(payment=say(mine), amount=12_500, by=clerk, now=NOW)
    assert state(mine) == (10_000, 12_500, Money.REFUND_DUE)
    assert fresh(mine).refund == 2_500


def test_what_was_not_found_may_come_after_all(mine, clerk):
    claim = verbs.refuse_payment(payment=say(mine), reason="Not there", by=clerk, now=NOW)
    claim = verbs.receive_payment(payment=claim, seen=PaymentState.REFUSED, by=clerk, now=NOW)
    assert (claim.state, claim.reason, claim.refused_at) == (PaymentState.RECEIVED, "", None)
    assert state(mine)[2] == Money.PAID


def test_a_page_from_before_it_was_not_found_receives_nothing(mine, clerk):
    claim = say(mine)
    verbs.refuse_payment(payment=claim, reason="Not there", by=clerk, now=NOW)
    with pytest.raises(PaymentAnswered):
        verbs.receive_payment(payment=claim, seen=PaymentState.CLAIMED, by=clerk, now=NOW)
    assert state(mine)[1] == 0


# Not found


def test_what_is_not_found_is_told_with_the_reason(mine, clerk):
    claim = say(mine)
    for _each in range(2):
        claim = verbs.refuse_payment(payment=claim, reason="No such number", by=clerk, now=NOW)
    assert (claim.state, claim.reason, claim.answered_by) == (PaymentState.REFUSED, "No such number", "course-office")
    assert state(mine) == (10_000, 0, Money.DUE)
    assert told(mine) == ["enrolled", "payment_refused"]
    assert Message.objects.get(kind="courses.payment_refused").facts["reason"] == "No such number"


def test_nobody_loses_a_place_on_the_day_of_such_news(mine, clerk):
    claim = say(mine)
    later = NOW + timedelta(days=20)
    Enrolment.objects.filter(pk=mine.pk).update(noticed_at=NOW)
    verbs.refuse_payment(payment=claim, reason="Not there", by=clerk, now=later)
    one = fresh(mine)
    assert one.noticed_at is None
    assert later + timedelta(hours=48) < one.pay_by_at <= one.run.starts_at


def test_what_was_received_is_not_refused(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    with pytest.raises(PaymentAnswered):
        verbs.refuse_payment(payment=claim, reason="Slip", by=clerk, now=NOW)
    assert state(mine)[2] == Money.PAID


def test_a_receipt_by_a_slip_of_the_hand_is_taken_back_once(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    for _each in range(2):
        claim = verbs.take_payment_back(payment=claim, reason="Wrong line", by=clerk, now=NOW)
    assert (claim.state, claim.reason) == (PaymentState.REFUSED, "Wrong line")
    assert state(mine) == (10_000, 0, Money.DUE)


def test_what_has_gone_back_is_not_taken_back(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    send(mine, clerk, 10_000)
    with pytest.raises(MoreThanRefund):
        verbs.take_payment_back(payment=claim, reason="Slip", by=clerk, now=NOW)


def test_nobody_owes_anything_for_a_place_that_is_gone(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    verbs.withdraw(enrolment=mine, by=clerk, now=NOW, refund=4_000)
    verbs.take_payment_back(payment=claim, reason="Bounced", by=clerk, now=NOW)
    assert state(mine) == (0, 0, Money.NONE)


# Taken


def test_money_at_the_desk_needs_no_number(mine, clerk):
    payment = take(mine, clerk, 10_000)
    assert (payment.state, payment.claimed_at) == (PaymentState.RECEIVED, None)
    assert state(mine)[2] == Money.PAID
    assert told(mine) == ["enrolled", "payment_received"]


def test_what_is_received_after_all_is_told_again(mine, clerk):
    claim = verbs.receive_payment(payment=say(mine), by=clerk, now=NOW)
    verbs.take_payment_back(payment=claim, reason="Wrong line", by=clerk, now=NOW + timedelta(minutes=1))
    verbs.receive_payment(payment=claim, by=clerk, now=NOW + timedelta(minutes=2))
    assert told(mine)[1:] == ["payment_received", "payment_refused", "payment_received"]


def test_a_second_press_at_the_desk_counts_nothing(mine, clerk):
    take(mine, clerk, 5_000, seen_paid=0)
    with pytest.raises(WrongStatus):
        take(mine, clerk, 5_000, seen_paid=0)
    assert state(mine)[1] == 5_000


def test_money_found_in_the_account_answers_its_claim(mine, clerk):
    claim = say(mine)
    payment = take(mine, clerk, number=UTR.lower(), way=Way.UPI)
    assert payment == claim
    assert take(mine, clerk, number=UTR, way=Way.UPI, seen_paid=0) == claim
    assert state(mine) == (10_000, 10_000, Money.PAID)
    with pytest.raises(TransactionUsed):
        take(mine, clerk, 9_000, number=UTR, way=Way.UPI)


def test_it_wants_a_number_for_what_did_not_come_at_the_desk(mine, clerk):
    with pytest.raises(NoTransactionNumber):
        take(mine, clerk, way=Way.BANK)


def test_the_number_of_somebody_else_is_not_taken(run, mine, clerk):
    say(mine)
    with pytest.raises(TransactionUsed):
        take(enrol(run), clerk, number=UTR, way=Way.UPI)


def test_a_gateway_is_the_site(mine):
    take(mine, SITE, number="GW-1", way=Way.GATEWAY)
    assert state(mine)[2] == Money.PAID


def test_doctors_receive_refuse_take_and_send_nothing(mine, clerk):
    claim = say(mine)
    for attempt in (
        lambda: verbs.receive_payment(payment=claim, by=DOCTOR, now=NOW),
        lambda: verbs.refuse_payment(payment=claim, reason="x", by=DOCTOR, now=NOW),
        lambda: verbs.take_payment_back(payment=claim, reason="x", by=SITE, now=NOW),
        lambda: take(mine, DOCTOR),
        lambda: send(mine, SITE, 1),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert state(mine) == (10_000, 0, Money.CLAIMED)


# Sent back


def test_what_is_sent_back_is_told_and_no_longer_owed(mine, clerk):
    take(mine, clerk)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    send(mine, clerk, 4_000)
    assert state(mine) == (0, 6_000, Money.REFUND_DUE)
    refund = send(mine, clerk, 6_000)
    assert (refund.sent_by, state(mine)) == ("course-office", (0, 0, Money.NONE))
    assert told(mine)[-2:] == ["refunded", "refunded"]


def test_not_more_goes_back_than_is_owed_and_not_twice(mine, clerk):
    take(mine, clerk, 12_000)
    with pytest.raises(MoreThanRefund):
        send(mine, clerk, 2_001)
    send(mine, clerk, 1_000, seen_paid=12_000)
    with pytest.raises(WrongStatus):
        send(mine, clerk, 1_000, seen_paid=12_000)
    assert state(mine) == (10_000, 11_000, Money.REFUND_DUE)


def test_a_refund_by_bank_has_a_number(mine, clerk):
    take(mine, clerk, 12_000)
    with pytest.raises(NoTransactionNumber):
        verbs.send_refund(enrolment=mine, amount=1, way=Way.BANK, by=clerk, now=NOW)


# Whatever happens

WHAT = st.sampled_from(["say", "receive", "refuse", "back", "take", "send", "leave", "return"])
STEPS = st.lists(st.tuples(WHAT, st.integers(0, 9), st.integers(1, 15_000)), max_size=14)


def agreed(one: Enrolment) -> str:
    """The state that follows from fee, paid and claims."""
    if one.paid > one.fee:
        return Money.REFUND_DUE
    if one.paid == one.fee and one.fee:
        return Money.PAID
    if one.payments.claimed().exists():
        return Money.CLAIMED
    return Money.DUE if one.fee else Money.NONE


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_state_of_the_payment_agrees_with_fee_paid_and_claims(clerk, steps):
    with transaction.atomic():
        run = rows.run()
        one = enrol(run)
        for what, pick, amount in steps:
            step(what, pick, amount, one, clerk)
            now_ = fresh(one)
            assert now_.payment_state == agreed(now_)
            received = sum(one.payments.filter(state=PaymentState.RECEIVED).values_list("amount", flat=True))
            assert now_.paid == received - sum(one.refunds.values_list("amount", flat=True))
            assert now_.owed == 0 or now_.status != Status.CANCELLED
        check_counters()
        transaction.set_rollback(True)


def step(what, pick, amount, one, clerk) -> None:
    payments = list(one.payments.all())
    payment = payments[pick % len(payments)] if payments else None
    acts = {
        "say": lambda: say(one, f"NUMBER{pick}", amount),
        "take": lambda: take(one, clerk, amount, f"NUMBER{pick}" if pick else "", Way.UPI if pick else Way.DESK),
        "send": lambda: send(one, clerk, amount),
        "leave": lambda: verbs.withdraw(enrolment=one, by=clerk, now=NOW, refund=amount),
        "return": lambda: verbs.reinstate(enrolment=one, by=clerk, now=NOW),
    }
    if payment:
        acts |= {
            "receive": lambda: verbs.receive_payment(payment=payment, amount=amount, by=clerk, now=NOW),
            "refuse": lambda: verbs.refuse_payment(payment=payment, reason="Not there", by=clerk, now=NOW),
            "back": lambda: verbs.take_payment_back(payment=payment, reason="Slip", by=clerk, now=NOW),
        }
    with contextlib.suppress(EnrolmentRefused):
        acts.get(what, lambda: None)()
