"""The page of one enrolment in the admin, its acts, and enrolling by phone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from courses import enrolment as verbs
from courses.links import enrolment_of, token_of
from courses.models import Enrolment, Money, Source, Status
from ipsc.history import save_as
from ipsc.models import Message, MessageState
from tests.courses import rows
from tests.courses.doctor import answers
from tests.courses.office import DOCTOR, enrol, queue, statuses, taken
from tests.courses.office import office as staff
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]


@pytest.fixture
def office(at_nine):
    return client_of("Course office")


@pytest.fixture
def run():
    return rows.run(course=rows.course(title="Epidurals"), capacity=2)


def url(page: str, row) -> str:
    return reverse(f"admin:courses_enrolment_{page}", args=[row.pk])


def press(office, page: str, enrolment, **fields):
    """Send a page as it is now."""
    row = Enrolment.objects.get(pk=enrolment.pk)
    return office.post(url(page, enrolment), {"sequence": row.sequence, "seen_paid": row.paid} | fields, follow=True)


def test_it_shows_all_there_is_about_somebody(office, run):
    mine = enrol(run, details=rows.details(1, needs="Vegetarian"))
    said = words(office.get(url("change", mine)))
    for told in ("Dr Doctor 1", "Delhi Medical Council", "Vegetarian", mine.spoken_reference, "₹ 10,000", "Enrolled"):
        assert told in said


def test_it_says_when_a_message_that_waits_is_due_and_folds_what_is_not_needed(office, run, settings):
    settings.SENDS_EMAIL = True
    mine = enrol(run, 1)
    page = words(office.get(url("change", mine)))
    assert "due Saturday 2 January, 9:00 am" in page
    assert "not needed any more" not in page
    press(office, "withdraw", mine, refund="0")
    text = office.get(url("change", mine)).text
    folded = text.partition('id="messages"')[2].partition("<details>")[2].partition("</details>")[0]
    assert "2 that are not needed any more" in folded
    assert folded.count("not needed any more</span>") == text.count("not needed any more</span>") == 2


def test_its_history_says_the_last_day_to_pay(office, run):
    mine = enrol(run, 1)
    until = clinic_time(2026, 12, 6, 0)
    made = Enrolment.objects.get(pk=mine.pk)
    made.pay_by_at = until
    save_as(made, by=staff(), why="more time")
    page = words(office.get(url("change", mine)))
    assert "→ 5 December 2026" in page
    assert "12:00 AM" not in page


def test_its_queries_do_not_grow_with_the_messages(office, run, django_assert_max_num_queries):
    mine = enrol(run, 1)
    for number in range(5):
        verbs.renew_link(enrolment=mine, by=staff(), now=NOW + timedelta(minutes=number))
    with django_assert_max_num_queries(16):
        office.get(url("change", mine))


def test_it_ends_an_enrolment_with_the_refund_of_the_terms(office, run):
    mine = rows.enrolment(run, fee=10_000, paid=10_000, payment_state=Money.PAID)
    page = office.get(url("withdraw", mine))
    assert "₹ 10,000 of it comes back today" in words(page)
    press(office, "withdraw", mine, refund="10000", reason="Illness", notify="on")
    left = Enrolment.objects.get(pk=mine.pk)
    assert (left.status, left.refund, left.end_reason, left.cancelled_by) == (
        Status.CANCELLED,
        10_000,
        "Illness",
        "course-office",
    )


@pytest.mark.parametrize("refund", ["10001", "-1", "", "ten", "9" * 30, "\0"])
def test_a_refund_that_is_none_is_said_and_ends_nothing(office, run, refund):
    mine = rows.enrolment(run, fee=10_000, paid=10_000, payment_state=Money.PAID)
    page = press(office, "withdraw", mine, refund=refund)
    assert page.status_code == 200
    assert "has-error" in page.text
    assert statuses(mine) == [Status.CONFIRMED]


def test_staff_may_choose_not_to_tell(office, run, settings):
    settings.SENDS_EMAIL = True
    mine = enrol(run, 1)
    press(office, "withdraw", mine, refund="0")
    assert Message.objects.of(mine).get(kind="courses.withdrawn").state == MessageState.WITHHELD


def test_a_stale_page_ends_nothing(office, run):
    mine = enrol(run, 1)
    page = office.post(url("withdraw", mine), {"sequence": "7", "refund": "0"}, follow=True)
    assert "has changed meanwhile" in page.text
    assert statuses(mine) == [Status.CONFIRMED]


def test_it_moves_somebody_past_the_deadline_of_the_public(run):
    mine = enrol(run, 1)
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    with time_machine.travel(run.withdraw_until_at, tick=False):
        office = client_of("Course office")
        assert "Saturday 13 February 2027" in words(office.get(url("move", mine)))
        press(office, "move", mine, run=other.pk, notify="on")
    assert Enrolment.objects.get(pk=mine.pk).run == other


def test_a_full_run_is_said_beside_the_choice(office, run):
    mine = enrol(run, 1)
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), capacity=1)
    enrol(other)
    page = press(office, "move", mine, run=other.pk)
    assert "All places of this course are taken." in words(page)
    assert taken(run) == 1


def test_it_tells_the_fee_of_a_move_as_it_would_be_charged(office, run):
    mine = enrol(run, 1)
    early = {"early_fee": 7_500, "early_until_on": clinic_time(2027, 1, 20, 9).date()}
    rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), **early)
    said = words(office.get(url("move", mine)))
    assert "5 free · ₹ 7,500" in said


def test_a_full_run_is_shown_and_no_choice(office, run):
    mine = enrol(run, 1)
    full = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), capacity=1)
    enrol(full)
    page = office.get(url("move", mine))
    assert "· full ·" in words(page)
    assert "disabled" in page.text.partition(f'value="{full.pk}"')[2].partition(">")[0]


def test_a_seat_of_somebody_who_waits_is_free_for_nobody_else(office, run):
    mine = enrol(run, 1)
    due = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), capacity=1)
    rows.enrolment(due, status=Status.WAITING)
    page = office.get(url("move", mine))
    assert "· full ·" in words(page)
    assert "disabled" in page.text.partition(f'value="{due.pk}"')[2].partition(">")[0]
    asked = words(office.get(url("new", due)))
    assert "No place is free. 1 person waits." in asked
    assert "1 place is free." in words(office.get(url("new", run)))


@pytest.mark.parametrize("page", ["withdraw", "move"])
def test_no_message_is_promised_to_whom_nobody_can_write(office, run, page, settings):
    settings.SENDS_EMAIL = True
    rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    reached, mine = enrol(run, 1), enrol(run, details=rows.details(2, email=""))
    assert "Tell the doctor by e-mail" in words(office.get(url(page, reached)))
    asked = office.get(url(page, mine))
    assert f"No e-mail goes to this doctor. Please phone {mine.phone.as_international}." in words(asked)
    assert "Doctors to be told by phone" in words(asked)
    assert 'name="notify"' not in asked.text
    settings.SENDS_EMAIL = False
    assert "No e-mail goes to this doctor." in words(office.get(url(page, reached)))


def test_whom_nobody_could_write_to_stands_among_those_to_phone(office, run, settings):
    settings.SENDS_EMAIL = True
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    gone, moved = (enrol(run, details=rows.details(number, email="")) for number in (1, 2))
    press(office, "withdraw", gone, refund="0")
    press(office, "move", moved, run=other.pk)
    listed = words(office.get(reverse("admin:courses_enrolment_unreached")))
    assert gone.name in listed
    assert moved.name in listed


@pytest.mark.parametrize("choice", ["", "0", "999999999999", "x", "\0"])
def test_it_moves_nobody_to_what_is_no_run(office, run, choice):
    mine = enrol(run, 1)
    rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    assert press(office, "move", mine, run=choice).status_code == 200
    assert Enrolment.objects.get(pk=mine.pk).run == run


def test_it_corrects_what_it_says_of_somebody_and_wants_no_address(office, run):
    mine = enrol(run, 1)
    press(office, "correct", mine, **answers(1, name="डॉ. रमेश", email=""))
    made = Enrolment.objects.get(pk=mine.pk)
    assert (made.name, made.email) == ("डॉ. रमेश", "")


@pytest.mark.parametrize("page", ["new", "correct"])
def test_staff_are_asked_about_the_doctor_and_not_about_themselves(office, run, page, settings):
    settings.SENDS_EMAIL = True
    mine = enrol(run, 1)
    address = url(page, run if page == "new" else mine)
    asked = words(office.get(address))
    assert "Name, as on the certificate" in asked
    assert "Empty: this doctor has to be phoned." in asked
    said = words(office.post(address, {"sequence": mine.sequence, "council": "dl", "language": "en"}))
    assert "The name is missing." in said
    assert "The registration number with this council is missing." in said
    for told in (asked, said):
        assert not re.search(r"\byours?\b|\bwe call\b", told, re.IGNORECASE)


def test_a_correction_into_somebody_else_is_said(office, run):
    mine = enrol(run, 1)
    enrol(run, 2)
    page = press(office, "correct", mine, **answers(1, registration_number="DMC/R/00002"))
    assert "is enrolled already" in words(page)


def test_an_offer_is_accepted_on_the_phone(office, run):
    holders = [enrol(run) for _each in range(2)]
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=holders[0], by=DOCTOR, now=NOW)
    press(office, "accept", waiting)
    assert statuses(waiting) == [Status.CONFIRMED]


def test_an_end_is_undone(office, run):
    mine = enrol(run, 1)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    press(office, "reinstate", mine)
    assert statuses(mine) == [Status.CONFIRMED]


def test_the_free_place_goes_to_the_first_after_the_close(run):
    holders = [enrol(run) for _each in range(2)]
    first, second = queue(run, 2)
    with time_machine.travel(run.closes_at, tick=False):
        office = client_of("Course office")
        verbs.withdraw(enrolment=holders[0], by=staff(), now=run.closes_at)
        page = press(office, "admit", second)
        assert "Somebody else has waited for longer." in page.text
        press(office, "admit", first)
    assert statuses(first, second) == [Status.CONFIRMED, Status.WAITING]


def test_a_new_link_ends_the_old_one(office, run):
    mine = enrol(run, 1)
    old = token_of(mine)
    assert old in office.get(url("change", mine)).text
    assert mine.email in words(office.get(url("renew_link", mine)))
    assert enrolment_of(old, NOW) == mine
    press(office, "renew_link", mine)
    assert enrolment_of(old, NOW) is None


# By phone


def test_somebody_who_calls_is_enrolled_on_one_page(office, run):
    page = office.post(url("new", run), answers(1, email="") | {"language": "hi", "notify": "on"}, follow=True)
    made = Enrolment.objects.get()
    assert made.spoken_reference in page.text
    assert (made.status, made.source, made.language, made.email) == (Status.CONFIRMED, Source.PHONE, "hi", "")
    assert made.history.get().actor == "course-office"


def test_without_an_indian_number_an_address_is_needed(office, run):
    typed = answers(1, email="", council="other", registration_number="") | {"language": "en"}
    page = office.post(url("new", run), typed)
    assert "an e-mail address is needed" in words(page)
    assert not Enrolment.objects.exists()


def test_it_says_that_no_place_is_free_and_keeps_what_was_typed(office, run):
    for _each in range(2):
        enrol(run)
    typed = answers(50, place="Patna") | {"language": "en"}
    page = office.post(url("new", run), typed)
    assert "Tick this, or give the run more places first." in words(page)
    assert "Patna" in page.text
    office.post(url("new", run), typed | {"queue": "on"})
    assert Enrolment.objects.filter(run=run).queue().count() == 1


def test_who_is_there_already_is_shown_to_staff(office, run):
    first = enrol(run, 1)
    page = office.post(url("new", run), answers(1) | {"language": "en"})
    assert url("change", first) in page.text
    assert taken(run) == 1


@pytest.mark.parametrize("fields", [{"language": "xx"}, {"phone": "\0"}, {"council": "\0"}, {"name": "x" * 300}])
def test_odd_input_is_no_error_of_the_site(office, run, fields):
    page = office.post(url("new", run), answers(1) | {"language": "en"} | fields)
    assert page.status_code == 200
    assert not Enrolment.objects.exists()


def test_money_at_the_desk_leads_back_to_its_doctor(office, run):
    mine = enrol(run, 1)
    take = reverse("admin:courses_payment_take", args=[mine.pk])
    assert take in office.get(url("change", mine)).text
    answer = office.post(take, {"way": "desk", "amount": "10000", "seen_paid": "0"}, follow=True)
    assert answer.redirect_chain[-1][0] == url("change", mine)
    assert "Paid ₹ 10,000" in words(answer)


def test_nobody_is_asked_for_money_before_a_place_is_theirs(office, run):
    for _each in range(2):
        enrol(run)
    [waiting] = queue(run, 1)
    assert reverse("admin:courses_payment_take", args=[waiting.pk]) not in office.get(url("change", waiting)).text


def test_what_is_to_go_back_is_one_press_away(office, run):
    mine = rows.enrolment(run, fee=10_000, paid=12_000, payment_state=Money.REFUND_DUE)
    assert reverse("admin:courses_payment_refund", args=[mine.pk]) in office.get(url("change", mine)).text


def test_the_list_leads_to_the_roster_and_tells_phones_as_people_do(office, run):
    mine = enrol(run, 1)
    page = office.get(reverse("admin:courses_enrolment_changelist"), {"q": mine.spoken_reference})
    assert url("roster", run) in page.text
    assert mine.phone.as_international in page.text
