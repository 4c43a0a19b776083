"""The pages of an enrolment by its link: they show by GET, act by POST, and say what is true (rules B6 and C4)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from courses import enrolment as verbs
from courses.models import CourseRun, Enrolment, Mode, Money, Status, Way
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.courses.doctor import answers, manage
from tests.courses.office import DOCTOR, enrol, office, queue, statuses, taken
from tests.factories import NOW, clinic_time
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]

PAGES = ("", "calendar.ics", "details/", "place/", "move/", "withdraw/", "pay/")


@pytest.fixture
def run():
    return rows.run(course=rows.course(title="Epidurals"), capacity=2)


@pytest.fixture
def other(run):
    return rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), fee=12_000)


@pytest.fixture
def mine(run):
    return enrol(run, 1)


def seen(enrolment, **fields):
    """What a page of the enrolment as it is now would send."""
    return {"seen": Enrolment.objects.get(pk=enrolment.pk).sequence} | fields


def offered(run):
    """Somebody to whom a place has been offered."""
    holders = [enrol(run) for _each in range(CourseRun.objects.get(pk=run.pk).capacity - taken(run))]
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=holders[0], by=DOCTOR, now=NOW)
    return Enrolment.objects.get(pk=waiting.pk)


def test_it_shows_how_things_stand(client, mine):
    page = client.get(manage(mine))
    said = words(page)
    for told in (
        "You are enrolled",
        mine.spoken_reference,
        "Epidurals",
        "Saturday 9 January 2027",
        "Please pay ₹ 10,000",
    ):
        assert told in said
    assert "You can move to other dates or withdraw here until Wednesday 6 January 2027" in said


@pytest.mark.parametrize("page", PAGES)
def test_looking_changes_nothing(client, run, page):
    one = offered(run)
    before = list(Enrolment.history.values_list("pk", flat=True))
    for method in (client.get, client.head):
        assert method(manage(one, page)).status_code in (200, 302)
    assert list(Enrolment.history.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_its_pages_are_kept_by_nobody_and_exist_in_both_languages(client, mine, page, prefix):
    response = client.get(manage(mine, page, prefix))
    assert response.status_code in (200, 302)
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


@pytest.mark.parametrize("page", PAGES)
def test_a_link_that_is_none_opens_nothing(client, mine, page):
    for token in ("x", "A" * 16 + "1_bbbbbbbbbb", manage(mine).split("/")[3][:-1] + "0"):
        response = client.get(f"/courses/manage/{token}/{page}")
        assert response.status_code == 404
        assert "does not open an enrolment" in words(response)


def test_it_costs_at_most_six_queries(client, run, mine, other, django_assert_max_num_queries):
    rows.item(run)
    with django_assert_max_num_queries(6):
        client.get(manage(mine))


# Waiting, and offers


def test_it_says_the_place_in_the_queue(client, run):
    for _each in range(2):
        enrol(run)
    first, second = queue(run, 2)
    assert "You are number 2 on the waiting list." in words(client.get(manage(second)))
    verbs.withdraw(enrolment=first, by=DOCTOR, now=NOW)
    assert "You are number 1 on the waiting list." in words(client.get(manage(second)))


def test_an_offer_is_accepted_by_post(client, run):
    one = offered(run)
    assert "Do you take the place?" in words(client.get(manage(one)))
    page = client.get(manage(one, "place/"))
    assert "₹ 10,000" in words(page)
    client.post(manage(one, "place/"), seen(one, answer="accept", fee=10_000))
    assert statuses(one) == [Status.CONFIRMED]


def test_an_offer_is_declined_by_post(client, run):
    one = offered(run)
    client.post(manage(one, "place/"), seen(one, answer="decline"))
    assert statuses(one) == [Status.CANCELLED]
    assert "You have declined the place" in words(client.get(manage(one)))


@pytest.mark.parametrize("answer", ["", "maybe", "\0", "accept decline"])
def test_what_is_no_answer_does_nothing(client, run, answer):
    one = offered(run)
    page = client.post(manage(one, "place/"), seen(one, answer=answer))
    assert (page.status_code, statuses(one)) == (409, [Status.OFFERED])
    assert "Press one of the two buttons" in words(page)


def test_no_answer_to_an_offer_that_has_lapsed_shows_it_as_over(client, run):
    one = offered(run)
    with time_machine.travel(one.offer_ends_at, tick=False):
        page = client.post(manage(one, "place/"), seen(one, answer=""))
    assert "Do you take the place?" not in words(page)


def test_an_offer_to_somebody_else_is_not_theirs_to_take(client, run):
    one = offered(run)
    waiting = enrol(run, queue=True)
    client.post(manage(waiting, "place/"), seen(one, answer="accept", fee=10_000))
    assert statuses(one, waiting) == [Status.OFFERED, Status.WAITING]


def test_accepting_twice_is_accepting_once(client, run):
    one = offered(run)
    form = seen(one, answer="accept", fee=10_000)
    for _each in range(2):
        assert client.post(manage(one, "place/"), form).status_code == 302
    assert Enrolment.objects.get(pk=one.pk).sequence == one.sequence + 1


def test_another_fee_of_an_offer_is_shown_before_anybody_owes_it(client, run):
    one = offered(run)
    form = seen(one, answer="accept", fee=10_000)
    verbs.revise_run(run=run, values={"fee": 15_000}, by=office(), now=NOW)
    page = client.post(manage(one, "place/"), form)
    assert (page.status_code, statuses(one)) == (409, [Status.OFFERED])
    assert "The fee has changed meanwhile." in words(page)
    assert "₹ 15,000" in words(page)
    assert client.post(manage(one, "place/"), form | {"fee": "15000"}).status_code == 302
    assert Enrolment.objects.get(pk=one.pk).fee == 15_000


def test_an_offer_whose_time_is_over_is_refused_and_shown_as_ended(client, run):
    one = offered(run)
    form = seen(one, answer="accept", fee=10_000)
    with time_machine.travel(one.offer_ends_at, tick=False):
        # Nobody has looked yet: the row still says offered, and the page does not.
        assert "The time to accept the place that was offered to you is over" in words(client.get(manage(one)))
        assert "Take it" not in words(client.get(manage(one)))
        page = client.post(manage(one, "place/"), form)
    assert page.status_code == 409
    assert "The time to accept this place is over." in words(page)
    assert statuses(one) == [Status.CANCELLED]


def test_a_stale_page_accepts_nothing(client, run):
    one = offered(run)
    page = client.post(manage(one, "place/"), {"seen": "0", "answer": "accept"})
    assert (page.status_code, statuses(one)) == (409, [Status.OFFERED])
    assert client.post(manage(one, "place/"), {"answer": "accept"}).status_code == 409


# Corrections


def test_details_are_corrected_until_the_course_begins(client, run, mine):
    page = client.get(manage(mine, "details/"))
    assert "Dr Doctor 1" in page.text
    client.post(manage(mine, "details/"), seen(mine, **answers(1, name="डॉ. रमेश")))
    assert Enrolment.objects.get(pk=mine.pk).name == "डॉ. रमेश"
    with time_machine.travel(run.starts_at, tick=False):
        assert client.post(manage(mine, "details/"), seen(mine, **answers(1, name="Late"))).status_code == 302
    assert Enrolment.objects.get(pk=mine.pk).name == "डॉ. रमेश"


def test_a_wrong_correction_is_said_and_loses_nothing(client, run, mine):
    enrol(run, 2)
    page = client.post(
        manage(mine, "details/"), seen(mine, **answers(1, registration_number="DMC/R/00002", place="Surat"))
    )
    assert page.status_code == 200
    assert "is enrolled already" in words(page)
    assert "Surat" in page.text
    assert Enrolment.objects.get(pk=mine.pk).registration_number == "DMC/R/00001"


# Moving


def test_other_dates_show_what_they_cost(client, mine, other):
    page = client.get(manage(mine, "move/"))
    assert "₹ 2,000 more than now" in words(page)
    page = client.get(manage(mine, f"move/{other.public_id}/"))
    assert "Saturday 13 February 2027" in words(page)
    client.post(manage(mine, f"move/{other.public_id}/"), seen(mine, fee=12_000))
    moved = Enrolment.objects.get(pk=mine.pk)
    assert (moved.run, moved.fee, taken(other)) == (other, 12_000, 1)


def test_full_dates_are_shown_without_a_way_in(client, mine, other):
    CourseRun.objects.filter(pk=other.pk).update(capacity=1)
    enrol(other)
    page = client.get(manage(mine, "move/"))
    assert "Full, with a waiting list" in words(page)
    assert other.public_id not in page.text
    page = client.post(manage(mine, f"move/{other.public_id}/"), seen(mine, fee=12_000))
    assert (page.status_code, statuses(mine)) == (409, [Status.CONFIRMED])
    assert "All places of this course are taken." in words(page)


def test_a_fee_that_was_not_shown_moves_nobody(client, mine, other):
    page = client.post(manage(mine, f"move/{other.public_id}/"), seen(mine, fee=1))
    assert page.status_code == 409
    assert "The fee has changed meanwhile" in words(page)
    assert Enrolment.objects.get(pk=mine.pk).run_id == mine.run_id


def test_sent_twice_it_moves_once(client, mine, other):
    form = seen(mine, fee=12_000)
    for _each in range(2):
        assert client.post(manage(mine, f"move/{other.public_id}/"), form).status_code == 302
    assert (taken(mine.run), taken(other)) == (0, 1)


def test_another_course_or_no_run_is_no_way(client, mine):
    for public_id in (rows.run().public_id, "nonsense", mine.run.public_id):
        page = client.post(manage(mine, f"move/{public_id}/"), seen(mine, fee=10_000))
        assert page.status_code in (302, 409)
    assert Enrolment.objects.get(pk=mine.pk).run_id == mine.run_id


# Withdrawing


def test_it_says_what_comes_back_and_then_withdraws(client, run):
    mine = rows.enrolment(run, fee=10_000, paid=10_000, payment_state=Money.PAID)
    page = client.get(manage(mine, "withdraw/"))
    assert "All of the ₹ 10,000 that you have paid comes back." in words(page)
    client.post(manage(mine, "withdraw/"), seen(mine, refund=10_000, reason="On duty"))
    left = Enrolment.objects.get(pk=mine.pk)
    assert (left.status, left.end_reason, left.refund) == (Status.CANCELLED, "On duty", 10_000)
    assert "₹ 10,000 will come back to you." in words(client.get(manage(mine)))


def test_what_has_become_less_meanwhile_is_shown_first(client, run):
    mine = rows.enrolment(run, fee=10_000, paid=10_000, payment_state=Money.PAID)
    form = seen(mine, refund=10_000, reason="On duty")
    with time_machine.travel(clinic_time(2026, 12, 27), tick=False):
        page = client.post(manage(mine, "withdraw/"), form)
    assert page.status_code == 409
    assert "nothing of the ₹ 10,000" in words(page)
    assert "On duty" in page.text
    assert statuses(mine) == [Status.CONFIRMED]


@pytest.mark.parametrize("refund", ["", "-1", "many", "9" * 30, "\0"])
def test_a_forged_refund_withdraws_nothing(client, run, mine, refund):
    page = client.post(manage(mine, "withdraw/"), seen(mine, refund=refund))
    assert (page.status_code, statuses(mine)) == (409, [Status.CONFIRMED])
    assert "What comes back is not what your page showed." in words(page)


@pytest.mark.parametrize(
    ("day", "said"),
    [((2026, 12, 1), "When we have, ₹ 9,000 of it comes back."), ((2027, 1, 4), "By the terms, nothing of it comes")],
)
def test_a_payment_that_waits_for_a_check_is_not_called_nothing(client, run, mine, day, said):
    with time_machine.travel(clinic_time(*day), tick=False):
        verbs.say_paid(
            enrolment=mine,
            way=Way.UPI,
            transaction_number="412345678901",
            amount=9_000,
            by=DOCTOR,
            now=clinic_time(*day),
        )
        page = words(client.get(manage(mine, "withdraw/")))
    assert "You told us that you paid ₹ 9,000. We have not found it yet." in page
    assert said in page
    assert "You have paid nothing" not in page


def test_after_the_deadline_it_says_to_call(client, run, mine):
    with time_machine.travel(run.withdraw_until_at, tick=False):
        assert "It is too late to move or withdraw online." in words(client.get(manage(mine)))
        page = client.post(manage(mine, "withdraw/"), seen(mine, refund=0))
    assert (page.status_code, statuses(mine)) == (409, [Status.CONFIRMED])


def test_leaving_the_queue_is_leaving_it(client, run):
    for _each in range(2):
        enrol(run)
    [waiting] = queue(run, 1)
    assert "leave the waiting list" in words(client.get(manage(waiting, "withdraw/")))
    client.post(manage(waiting, "withdraw/"), seen(waiting, refund=0))
    assert "You have left the waiting list." in words(client.get(manage(waiting)))


# Joining online


@pytest.mark.parametrize(
    ("before", "shown"),
    [(timedelta(hours=24, seconds=1), False), (timedelta(hours=24), True), (-timedelta(hours=8), False)],
)
def test_the_link_to_join_is_there_when_it_is_time(client, before, shown):
    run = rows.run(mode=Mode.ONLINE, joining_url="https://meet.example.org/abc")
    mine = enrol(run)
    with time_machine.travel(run.starts_at - before, tick=False):
        assert ("meet.example.org" in client.get(manage(mine)).text) is shown


@pytest.mark.parametrize("to", [Status.ATTENDED, Status.ABSENT])
def test_the_tick_of_the_first_day_takes_the_link_to_join_from_nobody(client, to):
    run = rows.run(mode=Mode.ONLINE, joining_url="https://meet.example.org/abc")
    mine = enrol(run)
    moment = run.starts_at + timedelta(hours=1)
    verbs.mark(enrolment=mine, to=to, by=office(), now=moment)
    with time_machine.travel(moment, tick=False):
        assert "meet.example.org" in client.get(manage(mine)).text


def test_nobody_else_sees_the_link_to_join(client):
    run = rows.run(mode=Mode.ONLINE, joining_url="https://meet.example.org/abc", capacity=1)
    enrol(run)
    [waiting] = queue(run, 1)
    with time_machine.travel(run.starts_at, tick=False):
        assert "meet.example.org" not in client.get(manage(waiting)).text
    for url in (run.course.get_absolute_url(), "/courses/calendar.ics", manage(waiting, "calendar.ics")):
        assert "meet.example.org" not in Client().get(url).text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ((2026, 12, 1), "and it comes back."),
        ((2026, 12, 28), "and what the terms give comes back."),
        ((2027, 1, 4), None),
    ],
)
def test_who_may_have_paid_nevertheless_is_promised_what_the_terms_give(client, day, said):
    run = rows.run(refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    mine = enrol(run)
    ClinicSettings.objects.update(upi_id="centre@bank")
    with time_machine.travel(clinic_time(*day), tick=False):
        left = verbs.withdraw(enrolment=mine, by=DOCTOR, now=clinic_time(*day))
        for page in (words(client.get(manage(left))), words(client.get(manage(left, "pay/")))):
            assert ("If you have paid nevertheless" in page) is (said is not None)
            assert said is None or "the terms" not in said or said in page


def test_who_has_only_waited_was_never_enrolled(client, run):
    one = offered(run)
    assert "You are no longer on the waiting list" not in words(client.get(manage(one)))
    verbs.decline_offer(enrolment=one, by=DOCTOR, now=NOW)
    said = words(client.get(manage(one)))
    assert "You are no longer on the waiting list" in said
    assert "You are not enrolled any more" not in said


@pytest.mark.parametrize(
    ("when", "said"), [("closes_at", "Enrolment has closed"), ("starts_at", "The course has begun.")]
)
def test_after_the_close_nobody_who_waits_is_promised_an_offer(client, run, when, said):
    for _each in range(2):
        enrol(run)
    [waiting] = queue(run, 1)
    with time_machine.travel(getattr(run, when), tick=False):
        page = words(client.get(manage(waiting)))
    assert "No place has become free for you" in page
    assert said in page
    assert "When a place becomes free" not in page


def test_a_change_by_the_centre_is_said_with_the_way_out(client, run, mine):
    verbs.revise_run(run=run, values={"venue": "Second hall"}, by=office(), now=NOW)
    said = words(client.get(manage(mine)))
    assert "We have changed this course since you enrolled." in said
    assert "Second hall" in said


def test_a_cancelled_course_is_said(client, run, mine):
    verbs.cancel_run(run=run, reason="Flood", by=office(), now=NOW)
    assert "The course has been cancelled. We are sorry. Flood" in words(client.get(manage(mine)))


def test_of_what_has_ended_it_says_neither_place_nor_name(client, run, mine):
    CourseRun.objects.filter(pk=run.pk).update(venue="Second hall")
    assert "Place Second hall" in words(client.get(manage(mine)))
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    said = words(client.get(manage(mine)))
    assert "Second hall" not in said
    assert "Name on the certificate" not in said


def test_an_offer_stands_right_under_the_reference(client, run):
    one = offered(run)
    assert f"{one.spoken_reference} Do you take the place?" in words(client.get(manage(one)))


def test_the_programme_is_folded_up_until_the_day_before(client, run, mine):
    rows.item(run)
    assert '<details class="folded">' in client.get(manage(mine)).text
    with time_machine.travel(run.starts_at - timedelta(hours=24), tick=False):
        assert '<details class="folded" open>' in client.get(manage(mine)).text


# What it says of the money


def paid(enrolment, amount=10_000):
    verbs.take_payment(enrolment=enrolment, way=Way.DESK, amount=amount, by=office(), now=NOW)


def claim(enrolment, number="123456", amount=10_000):
    return verbs.say_paid(
        enrolment=enrolment, way=Way.UPI, transaction_number=number, amount=amount, by=DOCTOR, now=NOW
    )


def test_it_says_that_a_payment_was_not_found_and_why(client, mine):
    verbs.refuse_payment(payment=claim(mine), reason="No such number", by=office(), now=NOW)
    said = words(client.get(manage(mine)))
    assert "We looked for ₹ 10,000 on" in said
    assert "and did not find it. No such number Check the number" in said
    assert "How to pay" in said


def test_it_asks_for_what_is_still_to_pay_while_a_part_is_looked_for(client, mine):
    claim(mine, amount=4_000)
    said = words(client.get(manage(mine)))
    assert "You told us that you have paid." in said
    assert "Please pay ₹ 6,000 by" in said


def test_it_asks_nobody_to_pay_by_a_day_that_is_over(client, mine):
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW - timedelta(days=2), noticed_at=NOW)
    said = words(client.get(manage(mine)))
    assert "This was to be paid by" in said
    assert "After that, your place may go to somebody else." in said
    assert "Please pay ₹ 10,000 by" not in said


def test_after_the_course_it_speaks_of_the_money_and_of_no_place(client, run, mine):
    with time_machine.travel(run.ends_at + timedelta(hours=1), tick=False):
        said = words(client.get(manage(mine)))
    assert "Please pay ₹ 10,000." in said
    assert "stays yours" not in said


def test_who_gets_all_back_is_neither_told_of_a_fee_nor_asked_for_payments(client, mine):
    paid(mine)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    said = words(client.get(manage(mine)))
    assert "Received so far ₹ 10,000" in said
    assert "₹ 10,000 will come back to you." in said
    assert "₹ 0" not in said
    assert "Tell the course office" not in words(client.get(manage(mine, "pay/")))


def test_who_gets_a_part_back_may_tell_of_the_rest(client, mine, open_enrolment):
    open_enrolment.upi_id = "courses@example"
    open_enrolment.save()
    paid(mine, 4_000)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    assert "Tell the course office" in words(client.get(manage(mine, "pay/")))


# What it does not promise


def test_a_link_to_join_that_is_not_there_is_not_promised(client, course_online):
    run, one = course_online
    assert "The link to join stands here from" in words(client.get(manage(one)))
    for moment in (run.starts_at - timedelta(hours=1), run.starts_at + timedelta(hours=1)):
        with time_machine.travel(moment, tick=False):
            said = words(client.get(manage(one)))
        assert "The link to join is not here yet." in said
        assert "stands here from" not in said


@pytest.fixture
def course_online():
    run = rows.run(mode=Mode.ONLINE, venue="", joining_url="")
    return run, enrol(run)


def test_the_time_of_an_offer_over_it_claims_no_next_person_and_promises_no_message(client, run):
    one = offered(run)
    with time_machine.travel(one.offer_ends_at, tick=False):
        said = words(client.get(manage(one)))
    assert "so it is not kept any more" in said
    assert "next person" not in said
    assert "we write to" not in said


def test_dates_that_are_over_are_not_offered_for_a_move(client, run, mine, other):
    verbs.cancel_run(run=other, reason="The hall is flooded.", by=office(), now=NOW)
    assert "13 February" not in words(client.get(manage(mine, "move/")))


@pytest.mark.parametrize(("fee", "said"), [(12_000, "Still to pay ₹ 2,000"), (7_000, "Comes back ₹ 3,000")])
def test_who_has_paid_is_told_what_a_move_costs_or_brings_back(client, run, mine, fee, said):
    paid(mine)
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 3, 13, 9), fee=fee)
    assert said in words(client.get(manage(mine, f"move/{other.public_id}/")))


@pytest.mark.parametrize("page", ["/courses/", "/courses/2027/01/", "/courses/epidurals/"])
def test_who_has_lost_the_link_finds_the_way_from_the_catalogue(client, page):
    rows.run(course=rows.course(title="Epidurals", slug="epidurals"))
    assert 'href="/courses/find/"' in client.get(page).text
