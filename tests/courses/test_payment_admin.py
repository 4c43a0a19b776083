"""The course office's till: what waits, what is found, what goes back; each press once, and nothing without a right."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from courses import enrolment as verbs
from courses.models import Enrolment, Money, Payment, PaymentState, Refund, Status, Way
from ipsc.history import DOCTOR
from ipsc.models import Message
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.courses.office import enrol, told
from tests.courses.office import office as clerk
from tests.factories import NOW
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]


@pytest.fixture
def office():
    return client_of(COURSE_OFFICE)


@pytest.fixture
def run():
    return rows.run()


def url(page: str, *args) -> str:
    return reverse(f"admin:courses_payment_{page}", args=args)


def claim(enrolment: Enrolment, number: str = "UTR 40217788", amount: int = 10_000) -> Payment:
    return verbs.say_paid(
        enrolment=enrolment, way=Way.UPI, transaction_number=number, amount=amount, by=DOCTOR, now=NOW
    )


def take(office, enrolment: Enrolment, **fields):
    sent = {"way": "desk", "amount": "10000", "transaction_number": "", "seen_paid": "0"} | fields
    return office.post(url("take", enrolment.pk), sent)


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def test_the_list_shows_what_waits_for_a_check(office, run):
    first, second = enrol(run), enrol(run)
    claim(first)
    verbs.receive_payment(payment=claim(second, "UTR 99990000"), by=clerk(), now=NOW)
    said = words(office.get(url("changelist")))
    assert first.name in said
    assert "UTR 40217788" in said
    assert second.name not in said
    assert second.name in words(office.get(url("changelist"), {"state": "received"}))
    assert first.name in words(office.get(url("changelist"), {"state": "all"}))


def test_an_empty_list_says_so(office):
    assert "No payment waits for a check." in words(office.get(url("changelist")))


@pytest.mark.parametrize("text", ["utr-4021 7788", "40217788", "Doctor", "{reference}"])
def test_it_finds_a_payment_in_any_state(office, run, text):
    mine = enrol(run)
    verbs.receive_payment(payment=claim(mine), by=clerk(), now=NOW)
    page = office.get(url("changelist"), {"q": text.format(reference=mine.spoken_reference)})
    assert "UTR 40217788" in words(page)


@pytest.mark.parametrize("query", ["?q=%00", "?q=" + "x" * 500, "?state=nonsense", "?p=99", "?q=12&state=all"])
def test_odd_addresses_are_no_errors(office, run, query):
    claim(enrol(run))
    assert office.get(url("changelist") + query, follow=True).status_code == 200


def test_its_queries_do_not_grow(office, run, django_assert_max_num_queries):
    for number in range(5):
        claim(enrol(run), f"UTR 4021000{number}")
    office.get(url("changelist"))
    with django_assert_max_num_queries(11):
        office.get(url("changelist"))


def test_the_same_sum_told_twice_is_marked(office, run):
    mine = enrol(run)
    claim(mine)
    assert "the same sum told twice" not in words(office.get(url("changelist")))
    claim(mine, "UTR 99990000")
    assert "the same sum told twice" in words(office.get(url("changelist")))


def test_one_press_receives_it(office, run):
    mine = enrol(run)
    payment = claim(mine)
    for _each in range(2):
        page = office.post(url("received", payment.pk), {"amount": "10000"}, follow=True)
    assert fresh(mine).payment_state == Money.PAID
    assert told(mine).count("payment_received") == 1
    assert page.status_code in (200, 409)


def test_another_sum_that_came_is_what_counts(office, run):
    mine = enrol(run)
    office.post(url("received", claim(mine).pk), {"amount": "9,000"})
    assert (fresh(mine).paid, fresh(mine).owed) == (9_000, 1_000)


@pytest.mark.parametrize("amount", ["", "0", "-1", "ten", "9" * 20, "1\x00"])
def test_a_sum_that_is_none_is_said_and_counts_nothing(office, run, amount):
    mine = enrol(run)
    page = office.post(url("received", claim(mine).pk), {"amount": amount})
    assert page.status_code == 409
    assert "amount" in page.context["form"].errors
    assert fresh(mine).paid == 0


def test_a_page_from_before_somebody_answered_is_refused(office, run):
    mine = enrol(run)
    payment = claim(mine)
    verbs.refuse_payment(payment=payment, reason="Nothing came.", by=clerk(), now=NOW)
    page = office.post(url("received", payment.pk), {"amount": "10000", "state": "claimed"})
    assert page.status_code == 409
    assert fresh(mine).paid == 0


def test_what_is_not_found_needs_a_reason_that_the_doctor_reads(office, run):
    mine = enrol(run)
    payment = claim(mine)
    assert "Say why: the doctor reads it." in words(office.post(url("not_found", payment.pk), {"reason": " "}))
    assert Payment.objects.get().state == PaymentState.CLAIMED
    office.post(url("not_found", payment.pk), {"reason": "Nothing by Friday."})
    assert Payment.objects.get().state == PaymentState.REFUSED
    assert Message.objects.of(mine).get(kind="courses.payment_refused").facts["reason"] == "Nothing by Friday."


def test_a_receipt_is_taken_back(office, run):
    mine = enrol(run)
    payment = claim(mine)
    verbs.receive_payment(payment=payment, by=clerk(), now=NOW)
    assert "Take the receipt back?" in words(office.get(url("take_back", payment.pk)))
    office.post(url("take_back", payment.pk), {"reason": "It was somebody else’s."})
    assert (fresh(mine).paid, fresh(mine).payment_state) == (0, Money.DUE)


def test_nobody_takes_money_for_a_place_that_is_not_theirs_yet(office, run):
    waiting = rows.enrolment(run, status=Status.WAITING)
    assert "Nothing is to be paid before a place is yours." in words(take(office, waiting))
    waiting.refresh_from_db()
    assert waiting.paid == 0
    # What has come by itself is noted, and goes back.
    take(office, waiting, way="bank", transaction_number="412345678901")
    waiting.refresh_from_db()
    assert waiting.refund > 0


def test_money_at_the_desk_takes_a_search_and_a_press(office, run):
    mine = enrol(run)
    found = office.get(url("find"), {"q": mine.spoken_reference})
    assert url("take", mine.pk) in found.text
    assert take(office, mine).status_code == 302
    assert fresh(mine).payment_state == Money.PAID


def test_a_second_press_at_the_till_counts_nothing(office, run):
    mine = enrol(run)
    take(office, mine)
    assert take(office, mine).status_code == 409
    assert (Payment.objects.count(), fresh(mine).paid) == (1, 10_000)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"way": "upi"}, "transaction_number"),
        ({"way": "gateway"}, "way"),
        ({"amount": "0"}, "amount"),
        ({"seen_paid": "x"}, "seen_paid"),
        ({"transaction_number": "A" * 61}, "transaction_number"),
    ],
)
def test_what_is_typed_wrongly_at_the_till_is_said(office, run, wrong, field):
    mine = enrol(run)
    page = take(office, mine, **wrong)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert fresh(mine).paid == 0


def test_a_number_of_somebody_else_is_said_beside_it(office, run):
    claim(enrol(run))
    page = take(office, enrol(run), way="upi", transaction_number="utr40217788")
    assert "transaction_number" in page.context["form"].errors


def test_a_refund_is_shown_sent_and_gone(office, run):
    mine = enrol(run)
    take(office, mine)
    verbs.withdraw(enrolment=mine, by=clerk(), now=NOW)
    assert mine.name in words(office.get(url("refunds")))
    assert "10000" in office.get(url("refund", mine.pk)).text
    sent = {"way": "bank", "amount": "10000", "transaction_number": "BACK 123456", "seen_paid": "10000"}
    for _each in range(2):
        office.post(url("refund", mine.pk), sent)
    assert (Refund.objects.count(), fresh(mine).paid) == (1, 0)
    assert "Nobody gets money back at the moment." in words(office.get(url("refunds")))


@pytest.mark.parametrize(
    ("ways", "proposed"), [(["upi", "bank"], "bank"), (["bank", "desk"], "desk"), (["gateway"], "desk"), ([], "desk")]
)
def test_a_refund_proposes_the_way_in_which_the_money_came(office, run, ways, proposed):
    mine = rows.enrolment(run, fee=0, paid=10_000, payment_state="refund_due")
    received = {"state": "received", "answered_by": "office"}
    for number, way in enumerate(ways):
        rows.payment(mine, way=way, received_at=NOW + timedelta(minutes=number), **received)
    rows.payment(mine, way="upi", state="refused", refused_at=NOW, answered_by="office", reason="Not there.")
    page = office.get(url("refund", mine.pk)).text
    assert re.findall(r'<option value="(\w+)" selected', page) == [proposed]
    assert '<option value="desk" selected' in office.get(url("take", mine.pk)).text


def test_it_says_in_how_long_the_overdue_are_told(office, run):
    mine = enrol(run)
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW)
    assert "The notice goes out within a quarter of an hour." in words(office.get(url("overdue")))


def test_more_than_is_owed_does_not_go_back(office, run):
    mine = enrol(run)
    take(office, mine)
    verbs.withdraw(enrolment=mine, by=clerk(), now=NOW, refund=4_000)
    page = office.post(url("refund", mine.pk), {"way": "desk", "amount": "4001", "seen_paid": "10000"})
    assert "amount" in page.context["form"].errors
    assert not Refund.objects.exists()


def test_the_overdue_are_told_by_phone_and_then_stand_as_told(office, run):
    mine = enrol(run, details=rows.details(7, email=""), by=clerk())
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW)
    verbs.give_notice(now=NOW)
    assert "Not told yet: please phone." in words(office.get(url("overdue")))
    office.post(url("told", mine.pk), {"how": "phone"})
    assert "Not told yet" not in words(office.get(url("overdue")))
    assert Message.objects.of(mine).get(channel="hand").receipt == "phone"


def test_who_has_paid_meanwhile_is_not_noted_as_told(office, run):
    mine = enrol(run)
    take(office, mine)
    assert office.post(url("told", mine.pk), {"how": "phone"}).status_code == 409


def test_the_first_page_counts_what_waits(office, run):
    claim(enrol(run))
    said = words(office.get(reverse("admin:index")))
    assert "1 payment to check" in said
    assert "0 refunds to send" in said
