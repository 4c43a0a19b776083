"""The page on which doctors see how to pay, and say that they have: it believes nothing and loses nothing typed."""

import pytest

from courses import enrolment as verbs
from courses.models import Enrolment, Money, Payment, PaymentState, Way
from ipsc.history import DOCTOR, SITE, save_as
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.courses.doctor import manage
from tests.courses.office import enrol, office, queue
from tests.factories import NOW
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]

UTR = "UTR 4021 7788 9911"


@pytest.fixture
def clinic() -> ClinicSettings:
    """A clinic with all ways to pay."""
    clinic = ClinicSettings.load()
    values = {
        "upi_id": "courses@example",
        "upi_name": "IPSC courses",
        "bank_account_name": "IPSC",
        "bank_account_number": "001234567890",
        "bank_ifsc": "EXAM0001234",
        "bank_name": "Example Bank",
        "desk_payment": True,
    }
    for name, value in values.items():
        setattr(clinic, name, value)
    save_as(clinic, by=SITE)
    return clinic


@pytest.fixture
def mine(clinic) -> Enrolment:
    return enrol(rows.run())


def url(enrolment: Enrolment, page: str = "pay/") -> str:
    return manage(enrolment, page)


def claim(client, enrolment: Enrolment, **fields):
    sent = {"way": "upi", "amount": "10000", "transaction_number": UTR} | fields
    return client.post(url(enrolment), sent)


def test_it_shows_every_way_with_sum_and_reference(client, mine):
    page = client.get(url(mine))
    said = words(page)
    for told in ("courses@example", "001234567890", "EXAM0001234", "At our desk", "₹ 10,000", mine.spoken_reference):
        assert told in said
    assert f"tn={mine.reference}" in page.text
    assert "am=10000" in page.text


def test_it_offers_no_way_that_is_not_set_up(client, mine, clinic):
    for name in ("upi_id", "bank_account_number", "bank_account_name", "bank_ifsc", "bank_name"):
        setattr(clinic, name, "")
    clinic.desk_payment = False
    save_as(clinic, by=SITE)
    said = words(client.get(url(mine)))
    assert "There is no way to pay online yet." in said
    assert "Ways to pay" not in said
    assert client.get(url(mine, "pay/code.svg")).status_code == 404


@pytest.fixture
def desk_alone(clinic):
    """A clinic that takes money at its desk and nowhere else."""
    for name in ("upi_id", "bank_account_number", "bank_account_name", "bank_ifsc", "bank_name"):
        setattr(clinic, name, "")
    clinic.address = "Plot 1\nNew Delhi"
    save_as(clinic, by=SITE)


def test_where_the_desk_is_the_one_way_it_says_where_and_asks_for_no_number(client, mine, desk_alone):
    said = words(client.get(url(mine)))
    assert "you need not tell us here. Plot 1 New Delhi" in said
    assert "where there is room for a note" not in said
    assert "I have paid" not in said


def test_it_hears_of_a_way_that_was_switched_off_meanwhile(client, mine, desk_alone):
    wrong = claim(client, mine, transaction_number="12")
    assert wrong.status_code == 200
    assert 'value="upi"' in wrong.text
    assert claim(client, mine).status_code == 302
    assert Payment.objects.get().way == Way.UPI
    # Of what was not found, one may tell again.
    verbs.refuse_payment(payment=Payment.objects.get(), reason="No such number.", by=office(), now=NOW)
    page = client.get(url(mine))
    assert 'value="upi"' in page.text
    assert 'value="bank"' not in page.text


def test_it_names_the_ways_that_are_set_up(client, mine, clinic):
    clinic.bank_account_number = clinic.bank_account_name = clinic.bank_ifsc = ""
    save_as(clinic, by=SITE)
    page = client.get(url(mine))
    assert "By UPI" in words(page)
    assert "By bank transfer" not in words(page)


def test_it_says_the_sum_once_before_the_ways(client, mine):
    assert words(client.get(url(mine))).partition("Ways to pay")[0].count("₹ 10,000") == 1


def test_after_all_was_told_the_form_is_folded_up(client, mine):
    claim(client, mine, amount="4000")
    assert "I have paid another part" not in words(client.get(url(mine)))
    claim(client, mine, amount="6000", transaction_number="UTR 998877")
    page = client.get(url(mine))
    assert '<details class="folded"><summary>I have paid another part</summary>' in page.text
    # What is wrong is never folded up.
    assert "<details" not in claim(client, mine, amount="").text


def test_what_was_sent_back_is_said_and_no_payment_is_asked_for(client, mine):
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=10_000, by=office(), now=NOW)
    verbs.withdraw(enrolment=mine, by=office(), now=NOW)
    mine.refresh_from_db()
    verbs.send_refund(enrolment=mine, amount=10_000, way=Way.BANK, transaction_number="BACK 1", by=office(), now=NOW)
    for page in ("pay/", ""):
        said = words(client.get(url(mine, page)))
        assert "Sent back to you on Wednesday 25 November 2026: ₹ 10,000." in said
        assert "transaction number BACK 1" in said
        assert "nevertheless" not in said
        assert "Tell the course office" not in said


def test_the_desk_is_no_way_to_an_online_course(client, clinic):
    mine = enrol(rows.run(mode="online"))
    assert "At our desk" not in words(client.get(url(mine)))


def test_the_code_is_a_picture_that_no_cache_keeps(client, mine):
    answer = client.get(url(mine, "pay/code.svg"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_claim_is_noted_and_believed_by_nobody(client, mine):
    answer = claim(client, mine)
    assert answer.status_code == 302
    said = words(client.get(answer.url))
    assert "Thank you, we have noted it." in said
    assert "We are looking for your payment" in said
    row = Enrolment.objects.get()
    assert (row.paid, row.payment_state) == (0, Money.CLAIMED)


def test_a_double_click_is_one_claim(client, mine):
    claim(client, mine)
    claim(client, mine, transaction_number=UTR.replace(" ", "").lower())
    assert Payment.objects.count() == 1


def test_a_number_that_stands_elsewhere_is_said_beside_it(client, mine):
    claim(client, enrol(mine.run))
    answer = claim(client, mine)
    assert answer.status_code == 200
    assert UTR in answer.text
    assert Payment.objects.count() == 1
    assert "transaction_number" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"way": ""}, "way"),
        ({"way": "desk"}, "way"),
        ({"way": "gateway"}, "way"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "9" * 29}, "amount"),
        ({"amount": "1e4"}, "amount"),
        ({"amount": "10000.50"}, "amount"),
        ({"amount": "5000,00"}, "amount"),
        ({"amount": "10,5"}, "amount"),
        ({"amount": "1,50,00"}, "amount"),
        ({"transaction_number": ""}, "transaction_number"),
        ({"transaction_number": "12"}, "transaction_number"),
        ({"transaction_number": "- / -"}, "transaction_number"),
        ({"transaction_number": "A" * 61}, "transaction_number"),
        ({"transaction_number": "AB\x00" + "1" * 10}, "transaction_number"),
    ],
)
def test_bad_input_is_said_and_kept(client, mine, wrong, field):
    answer = claim(client, mine, **wrong)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "Error:" in answer.text
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["₹ 10,000", "10000.00", "Rs. 10,000/-", "१००००", "10 000"])
def test_amounts_are_read_as_people_write_them(client, mine, amount):
    claim(client, mine, amount=amount)
    assert Payment.objects.get().amount == 10_000


def test_whoever_waits_has_nothing_to_pay(client, clinic):
    run = rows.run(capacity=1)
    enrol(run)
    [waiting] = queue(run, 1)
    said = words(client.get(url(waiting)))
    assert "Nothing is to be paid before a place is yours." in said
    assert "courses@example" not in said
    answer = claim(client, waiting)
    assert answer.status_code == 409
    assert not Payment.objects.exists()


def test_who_paid_after_the_place_had_gone_can_still_say_so(client, mine):
    verbs.withdraw(enrolment=mine, by=office(), now=NOW)
    assert "If you have paid nevertheless, tell us" in words(client.get(url(mine)))
    assert claim(client, mine).status_code == 302
    verbs.receive_payment(payment=Payment.objects.get(), by=office(), now=NOW)
    assert "₹ 10,000 will come back to you." in words(client.get(url(mine)))


def test_what_was_not_found_says_why_and_what_to_do(client, mine):
    claim(client, mine)
    verbs.refuse_payment(payment=Payment.objects.get(), reason="No such number by Friday.", by=office(), now=NOW)
    said = words(client.get(url(mine)))
    assert "No such number by Friday." in said
    assert "tell us again, or call us" in said
    claim(client, mine)
    assert Payment.objects.filter(state=PaymentState.CLAIMED).count() == 1


def test_a_paid_place_asks_for_nothing(client, mine):
    verbs.take_payment(enrolment=mine, way=Way.DESK, amount=10_000, by=office(), now=NOW)
    said = words(client.get(url(mine)))
    assert "Your place is paid" in said
    assert "Ways to pay" not in said
    assert "I have paid" not in said


def test_an_overdue_page_says_until_when_the_place_is_kept(client, clinic):
    mine = enrol(rows.run(pay_days=1), now=NOW)
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW)
    verbs.give_notice(now=NOW)
    said = words(client.get(url(mine)))
    assert "This was to be paid by" in said
    assert "After that, your place may go to somebody else." in said


def test_somebody_elses_claim_is_not_shown(client, mine):
    other = enrol(mine.run)
    verbs.say_paid(enrolment=other, way="upi", transaction_number="OTHER 998877", amount=10_000, by=DOCTOR, now=NOW)
    said = Payment.objects.get()
    answer = client.get(f"{url(mine)}?said={said.public_id}")
    assert "OTHER 998877" not in answer.text
    assert "Thank you, we have noted it." not in answer.text


def test_it_takes_the_same_queries_for_many_payments(client, mine, django_assert_max_num_queries):
    for number in range(5):
        verbs.say_paid(
            enrolment=mine, way="upi", transaction_number=f"NUMBER{number}00", amount=100, by=DOCTOR, now=NOW
        )
    client.get(url(mine))
    with django_assert_max_num_queries(7):
        client.get(url(mine))
