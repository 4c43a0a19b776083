"""Every change of an enrolment has its message; each says what is true, in the doctor's language (rules M1 and M2)."""

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from courses import enrolment as verbs
from courses import messages
from courses.links import token_of
from courses.messages.wording import TELLERS
from courses.models import CourseRun, Enrolment, Mode, Money, RunState
from ipsc.dates import in_words
from ipsc.models import Message, MessageState
from ipsc.outbox.kinds import KINDS
from ipsc.outbox.worker import Worker
from tests.courses import rows
from tests.courses.doctor import manage
from tests.courses.office import DOCTOR, enrol, office, queue, told
from tests.factories import NOW, clinic_time
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]


@pytest.fixture
def run():
    course = rows.course(title="Epidurals", title_hi="एपिड्यूरल")
    return rows.run(course=course, capacity=1, venue="First hall\nDelhi", joining_url="https://meet.example.org/abc")


def send(moment=NOW) -> list:
    """Let the worker send what is due, and return what it has sent."""
    before = len(mail.outbox)
    with time_machine.travel(moment, tick=False):
        Worker(threading.Event(), now=lambda: moment).drain()
    return mail.outbox[before:]


def only(letters):
    [letter] = letters
    return letter


def event_in(letter):
    """The event of a letter's calendar file, and the method of the file."""
    [(name, content, mimetype)] = letter.attachments
    assert name == "course.ics"
    calendar = Calendar.from_ical(content)
    assert f"method={calendar['method']}" in mimetype
    [event] = calendar.walk("VEVENT")
    return event, str(calendar["method"])


def test_there_are_words_for_every_kind():
    assert {f"courses.{name}" for name in TELLERS} == {
        name for name, kind in KINDS.items() if kind.templates == "courses.news"
    }


def test_enrolled_says_dates_fee_place_and_link(run):
    mine = enrol(run, 1)
    letter = only(send())
    assert letter.to == ["doctor1@example.org"]
    assert letter.subject == "IPSC: you are enrolled – Saturday 9 January 2027"
    for text in (letter.body, letter.alternatives[0][0]):
        for told_ in ("Epidurals", "First hall", "10,000", "Wednesday 2 December 2026", mine.spoken_reference):
            assert told_ in text
        assert token_of(mine) in text
    event, method = event_in(letter)
    assert (method, str(event["status"]), event["sequence"], str(event["uid"])) == ("REQUEST", "CONFIRMED", 0, mine.uid)
    assert event["dtstart"].dt == run.starts_at


@pytest.mark.parametrize(
    ("fields", "said", "unsaid"),
    [
        ({"phone": "+911145678901", "course_phone": "+911145678902"}, ["+91 11 4567 8902"], ["8901", "write to us"]),
        ({"phone": "+911145678901", "course_email": "courses@example.org"}, ["8901", "Or write to us:"], ["Nobody"]),
        ({"course_email": "courses@example.org"}, ["Questions? Write to us:", "reaches our"], ["Call us"]),
        ({}, ["Nobody reads answers to it."], ["Questions?"]),
    ],
)
@pytest.mark.parametrize("by_office", [False, True])
def test_it_says_whom_to_ask_about_a_course_and_answers_go_there(run, open_enrolment, fields, said, unsaid, by_office):
    for name, value in fields.items():
        setattr(open_enrolment, name, value)
    open_enrolment.save()
    enrol(run, 1)
    letter = only(send())
    if by_office:
        what = {"subject": "Bring this", "text": "Please.", "statuses": ["confirmed"], "attempt": uuid.uuid4()}
        messages.office.write_to(run=run, **what, by=office(), now=NOW)
        letter = only(send())
    assert letter.reply_to == [fields["course_email"]] if "course_email" in fields else not letter.reply_to
    for text in (letter.body, letter.alternatives[0][0]):
        assert "sent by our enrolment system" in text
        assert "booking system" not in text
        for each in said:
            assert each in text
        for each in unsaid:
            assert each not in text


def test_the_ledger_keeps_no_link(run):
    mine = enrol(run, 1)
    send()
    assert token_of(mine) not in Message.objects.get(kind="courses.enrolled").body


def test_it_is_in_the_doctors_language(run):
    enrol(run, details=rows.details(1, language="hi"))
    letter = only(send())
    assert "एपिड्यूरल" in letter.body
    assert 'lang="hi"' in letter.alternatives[0][0]


def test_nothing_of_what_is_private_leaves(run):
    enrol(run, details=rows.details(1, needs="I have epilepsy", name="Dr <b>Bold</b>"))
    letter = only(send())
    everything = letter.body + letter.alternatives[0][0] + letter.subject + str(letter.attachments)
    for secret in ("epilepsy", "meet.example.org", "<b>Bold", "DMC/R"):
        assert secret not in everything
    assert "Dr" not in letter.subject


def test_waiting_says_the_place_as_it_is_when_it_is_sent(run):
    enrol(run)
    first, second = queue(run, 2)
    send(NOW)
    verbs.renew_link(enrolment=second, by=office(), now=NOW)
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert "You are number 1 on the waiting list." in letters[first.email].body
    assert "You are number 2 on the waiting list." in letters[second.email].body
    assert not letters[second.email].attachments


def test_an_offer_says_until_when_and_what_it_costs(run):
    holder = enrol(run)
    [first] = queue(run, 1)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    letter = next(each for each in send() if each.to == [first.email])
    assert "until Thursday 26 November 2026, 8:00 pm" in letter.subject
    assert "₹\u00a010,000" in letter.body
    # The word that somebody waits, which had not gone out, is not true any more.
    assert Message.objects.of(first).get(kind="courses.waiting").state == MessageState.WITHDRAWN


def test_an_offer_that_has_lapsed_is_not_made_any_more(run):
    holder = enrol(run)
    [first] = queue(run, 1)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    first.refresh_from_db()
    assert not [each for each in send(first.offer_ends_at) if each.to == [first.email]]


def test_moving_updates_the_entry_and_says_the_difference(run):
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9), fee=12_000)
    mine = enrol(run, 1)
    send()
    verbs.transfer(enrolment=mine, run=other, by=DOCTOR, now=NOW)
    letter = only(send())
    assert "Saturday 13 February 2027" in letter.subject
    assert "The place on Saturday 9 January 2027 is no longer yours." in letter.body
    event, method = event_in(letter)
    assert (method, event["sequence"], event["dtstart"].dt, str(event["uid"])) == (
        "REQUEST",
        1,
        other.starts_at,
        mine.uid,
    )


def test_withdrawing_takes_the_entry_away_and_says_what_comes_back(run):
    mine = enrol(run, 1)
    send()
    Enrolment.objects.filter(pk=mine.pk).update(paid=10_000, payment_state=Money.PAID, pay_by_at=None)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    letter = only(send())
    assert "₹\u00a010,000 comes back to you." in letter.body
    event, method = event_in(letter)
    assert (method, str(event["status"])) == ("CANCEL", "CANCELLED")


def test_a_changed_course_says_old_and_new(run):
    enrol(run, 1)
    send()
    values = {"starts_at": clinic_time(2027, 1, 10, 9), "ends_at": clinic_time(2027, 1, 10, 17), "venue": "Second hall"}
    verbs.revise_run(run=run, values=values, by=office(), now=NOW)
    letter = only(send())
    for told_ in ("It was to begin on Saturday 9 January 2027", "First hall", "Second hall", "Sunday 10 January 2027"):
        assert told_ in letter.body
    assert "all you paid comes back" in letter.body
    assert event_in(letter)[0]["sequence"] == 1


def test_a_changed_course_keeps_telling_of_the_offer_and_when_it_ends_now(run):
    holder = enrol(run)
    [first] = queue(run, 1)
    send()
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    # The offer has not gone out yet, and is shorter now.
    values = {"venue": "Second hall", "closes_at": clinic_time(2026, 11, 26, 15)}
    verbs.revise_run(run=run, values=values, by=office(), now=NOW)
    [letter] = [each for each in send() if each.to == [first.email]]
    for told_ in ("It was to be at: First hall Delhi.", f"kept for you until {in_words(values['closes_at'])}"):
        assert told_ in letter.body
    assert "Take it, or leave it to the next" in letter.body


def test_a_venue_of_its_own_after_the_centre_is_told_with_what_was_before(run):
    CourseRun.objects.filter(pk=run.pk).update(venue="")
    run.refresh_from_db()
    enrol(run, 1)
    send()
    verbs.revise_run(run=run, values={"venue": "Second hall", "venue_hi": "दूसरा हॉल"}, by=office(), now=NOW)
    assert "It was to be at our centre." in only(send()).body


def test_what_has_not_gone_out_yet_goes_out_though_a_later_change_is_not_told(run):
    holder = enrol(run)
    [first] = queue(run, 1)
    send()
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    verbs.revise_run(run=run, values={"venue": "Second hall"}, by=office(), now=NOW, notify=False)
    [letter] = [each for each in send() if each.to == [first.email]]
    assert "A place is offered to you" in letter.body
    assert "Second hall" in letter.body
    assert "had to change" not in letter.body
    # Who knows it is not told again.
    verbs.revise_run(run=run, values={"venue": "Third hall"}, by=office(), now=NOW, notify=False)
    assert send() == []


def test_a_slip_that_is_undone_in_silence_is_told_by_no_letter(run):
    """How the enrolment stands now is told instead of what was on its way."""
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    mine = enrol(run, 1)
    send()
    moved = verbs.transfer(enrolment=mine, run=other, by=office(), now=NOW)
    verbs.transfer(enrolment=moved, run=run, by=office(), now=NOW, notify=False)
    letter = only(send())
    assert "You are enrolled" in letter.body
    assert "Saturday 9 January 2027" in letter.body
    assert "no longer yours" not in letter.body


def test_who_waits_and_is_moved_to_a_place_in_silence_hears_of_it_once(run):
    enrol(run)
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    [waiting] = queue(run, 1)
    verbs.transfer(enrolment=waiting, run=other, by=office(), now=NOW, notify=False)
    [letter] = [each for each in send() if each.to == [waiting.email]]
    assert "You are enrolled" in letter.body


def test_another_language_is_told_with_the_old_and_the_new(run):
    enrol(run, details=rows.details(1, language="hi"))
    enrol(rows.run(course=run.course), 2)
    send()
    verbs.revise_run(run=run, values={"language": "Hindi"}, by=office(), now=NOW)
    body = only(send()).body
    assert "अंग्रेज़ी" in body
    assert "हिन्दी" in body


def test_who_joins_after_the_close_is_promised_no_offer(run):
    enrol(run)
    late = run.closes_at + timedelta(hours=2)
    waiting = enrol(run, queue=True, by=office(), now=late)
    [letter] = [each for each in send(late) if each.to == [waiting.email] and "waiting list" in each.subject]
    assert "No place has become free for you" in letter.body
    assert "we offer it" not in letter.body


def test_another_mode_is_told_in_words(run):
    enrol(run, 1)
    send()
    verbs.revise_run(run=run, values={"mode": Mode.ONLINE}, by=office(), now=NOW)
    letter = only(send())
    assert "It was to be: on-site." in letter.body
    assert "the link to join stands on your page" in letter.body


def test_a_cancelled_course_says_why_and_which_other_dates_there_are(run):
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    full = rows.run(course=run.course, starts_at=clinic_time(2027, 3, 13, 9), capacity=1)
    enrol(full)
    enrol(run, 1)
    send()
    verbs.cancel_run(run=run, reason="The hall is flooded.", by=office(), now=NOW)
    letter = only(send())
    assert "The hall is flooded." in letter.body
    assert f"/courses/runs/{other.public_id}/enrol/" in letter.body
    assert full.public_id not in letter.body
    assert event_in(letter)[1] == "CANCEL"


def test_staff_who_choose_not_to_tell_are_recorded(run):
    mine = enrol(run, 1)
    verbs.withdraw(enrolment=mine, by=office(), now=NOW, notify=False)
    assert Message.objects.of(mine).get(kind="courses.withdrawn").state == MessageState.WITHHELD


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("kind", sorted(TELLERS))
def test_each_kind_can_be_made_whatever_the_enrolment_is_like(run, kind, language):
    """The words are made in both languages, with few facts and with many."""
    mine = enrol(run, details=rows.details(1, language=language))
    few = {"starts_at": run.starts_at}
    many = few | {"amount": 5_000, "way": "upi", "reason": "No such number", "last_day": NOW.isoformat()}
    for version, each in enumerate([many, few], start=1):
        messages.announce(mine, KINDS[f"courses.{kind}"], by=DOCTOR, now=NOW, part=str(version), **each)
    send()
    failed = Message.objects.filter(state=MessageState.FAILED) | Message.objects.exclude(last_error="")
    assert not failed.exclude(state=MessageState.WITHDRAWN).exists()


def test_what_was_not_found_is_told_with_what_to_do(run):
    mine = enrol(run, 1)
    payment = verbs.say_paid(enrolment=mine, way="upi", transaction_number="123456", amount=5, by=DOCTOR, now=NOW)
    verbs.refuse_payment(payment=payment, reason="It is not in the account.", by=office(), now=NOW)
    [letter] = [each for each in send() if "not found" in each.subject]
    assert "It is not in the account." in letter.body
    assert "Check the number in your app or with your bank" in letter.body


def test_nobody_is_asked_to_pay_by_a_day_that_is_over(run):
    mine = enrol(run, 1)
    Enrolment.objects.filter(pk=mine.pk).update(pay_by_at=NOW - timedelta(days=1))
    [letter] = send()
    assert "Please pay ₹\xa010,000 now." in letter.body


def test_the_new_dates_stand_below_the_words_that_announce_them(run):
    other = rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    mine = enrol(run, 1)
    send()
    verbs.transfer(enrolment=mine, run=other, by=DOCTOR, now=NOW)
    [letter] = send()
    after = letter.body.partition("These are your new dates:")[2].split()
    assert after[0] == "Epidurals"


@pytest.mark.parametrize(("mode", "said"), [(Mode.HYBRID, 1), (Mode.ONSITE, 0)])
def test_who_may_come_online_is_told_where_the_link_will_be(run, mode, said):
    CourseRun.objects.filter(pk=run.pk).update(mode=mode)
    mine = enrol(run, 1)
    [waiting] = queue(run, 1)
    letters = {each.to[0]: each for each in send()}
    words_of = "the link to join stands on your page"
    assert letters[mine.email].body.count(words_of) == said
    assert letters[mine.email].alternatives[0][0].count(words_of) == said
    assert words_of not in letters[waiting.email].body


# Reminders


def test_it_reminds_seven_days_before_and_one(run):
    mine = enrol(run, 1)
    due = list(Message.objects.of(mine).filter(kind="courses.reminder").values_list("due_at", flat=True))
    assert sorted(due) == [run.starts_at - timedelta(days=7), run.starts_at - timedelta(days=1)]
    send()
    letter = only(send(run.starts_at - timedelta(days=7)))
    assert "reminder" in letter.subject
    assert "First hall" in letter.body


def test_a_reminder_says_place_and_programme(run):
    rows.item(run, title="Needles and X-rays")
    enrol(run, 1)
    send()
    letter = only(send(clinic_time(2027, 1, 2, 10)))
    for text in (letter.body, letter.alternatives[0][0]):
        for told_ in ("First hall", "Programme", "9:00 am", "Needles and X-rays"):
            assert told_ in text


def test_a_reminder_of_two_days_says_which_part_is_on_which(run):
    CourseRun.objects.filter(pk=run.pk).update(ends_at=clinic_time(2027, 1, 10, 17))
    run.refresh_from_db()
    rows.item(run, title="Needles")
    rows.item(run, title="X-rays", starts_at=clinic_time(2027, 1, 10, 9), ends_at=clinic_time(2027, 1, 10, 10))
    enrol(run, 1)
    send()
    said = only(send(clinic_time(2027, 1, 2, 10))).body
    parts = ["Saturday 9 January 2027:", "Needles", "Sunday 10 January 2027:", "X-rays"]
    assert sorted(parts, key=said.index) == parts


def test_other_letters_have_no_programme(run):
    rows.item(run, title="Needles and X-rays")
    enrol(run, 1)
    assert "Needles" not in only(send()).body


def test_who_leaves_is_reminded_of_nothing(run):
    mine = enrol(run, 1)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    assert not Message.objects.of(mine).filter(kind="courses.reminder").pending().exists()


def test_who_waits_is_not_reminded(run):
    enrol(run)
    [waiting] = queue(run, 1)
    assert not Message.objects.of(waiting).filter(kind="courses.reminder").exists()


def test_other_dates_bring_other_reminders(run):
    mine = enrol(run, 1)
    start = clinic_time(2027, 2, 13, 9)
    verbs.revise_run(run=run, values={"starts_at": start, "ends_at": start + timedelta(hours=8)}, by=office(), now=NOW)
    due = Message.objects.of(mine).filter(kind="courses.reminder").pending().values_list("due_at", flat=True)
    assert sorted(due) == [start - timedelta(days=7), start - timedelta(days=1)]


@pytest.mark.parametrize("turn", ["received", "not found", "overdue"])
def test_who_is_told_about_money_is_reminded_all_the_same(run, turn):
    mine = enrol(run, 1)
    if turn == "overdue":
        messages.announce(mine, messages.PAYMENT_DUE, by=DOCTOR, now=NOW)
    else:
        payment = verbs.say_paid(
            enrolment=mine, way="upi", transaction_number="123456", amount=10_000, by=DOCTOR, now=NOW
        )
        if turn == "received":
            verbs.receive_payment(payment=payment, by=office(), now=NOW)
        else:
            verbs.refuse_payment(payment=payment, reason="It is not in the account.", by=office(), now=NOW)
    due = Message.objects.of(mine).filter(kind="courses.reminder").pending().values_list("due_at", flat=True)
    assert sorted(due) == [run.starts_at - timedelta(days=7), run.starts_at - timedelta(days=1)]


# What the pages promise


def test_the_page_says_what_comes_and_to_where(client, run):
    mine = enrol(run, 1)
    said = words(client.get(manage(mine)))
    assert "We are sending you an e-mail to d…@example.org now." in said
    assert "We remind you by e-mail on Saturday 2 January and Friday 8 January." in said
    send()
    assert "We have sent you an e-mail to d…@example.org." in words(client.get(manage(mine)))


def test_without_a_mail_server_it_promises_nothing(client, run, settings):
    settings.SENDS_EMAIL = False
    mine = enrol(run, 1)
    assert not Message.objects.exists()
    said = words(client.get(manage(mine)))
    assert "No message will come. This site sends no e-mail. If something changes, we call you" in said


def test_samples_are_told_nothing():
    run = rows.run(is_sample=True)
    mine = rows.enrolment(run, is_sample=True)
    messages.announce(mine, messages.ENROLLED, by=DOCTOR, now=NOW)
    assert told(mine) == []
    assert CourseRun.objects.get(pk=run.pk).state == RunState.PUBLISHED
