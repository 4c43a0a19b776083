"""Doctors whom no message reaches: who is listed, what they are told, and what is noted of it (rule M2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses import enrolment as verbs
from courses import messages
from courses.enrolment import Details
from courses.messages.by_hand import NEWS, text, whatsapp_url
from courses.messages.reaching import tell
from courses.messages.unreached import could_not_reach
from courses.models import Enrolment
from courses.refusals import WrongStatus
from ipsc.history import DOCTOR
from ipsc.models import ClinicSettings, Message, MessageState
from ipsc.outbox.by_hand import How
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.courses.office import enrol, office, queue
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    pass


def silent(number: int) -> Details:
    """The details of a doctor without an e-mail address, as the office takes them on the phone."""
    return rows.details(number, email="")


def listed(now=NOW) -> list[tuple[int, str]]:
    return [(each.enrolment.pk, each.kind.name.partition(".")[2]) for each in could_not_reach(now)]


def fail(enrolment: Enrolment) -> None:
    message = Message.objects.of(enrolment).exclude(kind="courses.reminder").latest("pk")
    message.state, message.ended_at, message.last_error = MessageState.FAILED, NOW, "No such mailbox."
    message.save()


def test_those_who_enrolled_by_themselves_know_it():
    enrol(rows.run(), details=silent(1), by=office())
    enrol(rows.run())
    assert listed() == []


def test_a_message_that_failed_lists_its_doctor():
    person = enrol(rows.run())
    fail(person)
    assert listed() == [(person.pk, "enrolled")]
    assert could_not_reach(NOW)[0].failed.last_error == "No such mailbox."


def test_a_later_message_makes_up_for_it():
    person = enrol(rows.run())
    fail(person)
    verbs.renew_link(enrolment=person, by=office(), now=NOW)
    assert listed() == [(person.pk, "enrolled")]
    link = Message.objects.of(person).get(kind="courses.link")
    link.state, link.ended_at, link.attempts, link.subject, link.body = MessageState.SENT, NOW, 1, "Link", "Text"
    link.save()
    assert listed() == []


def test_an_offer_lists_a_doctor_without_an_address_first():
    run = rows.run(capacity=1)
    soon = rows.run(starts_at=clinic_time(2026, 12, 1, 9), ends_at=clinic_time(2026, 12, 1, 17))
    other = enrol(soon, details=silent(7), by=office())
    verbs.revise_run(run=soon, values={"venue": "Another hall"}, by=office(), now=NOW)
    first = enrol(run)
    person = enrol(run, details=silent(9), queue=True, by=office())
    verbs.withdraw(enrolment=first, by=DOCTOR, now=NOW)
    assert listed() == [(person.pk, "offered"), (other.pk, "run_changed")]


def test_what_the_office_did_is_news_until_it_is_told():
    run, by = rows.run(capacity=1), office()
    person = enrol(run, details=silent(1), by=by)
    left = verbs.withdraw(enrolment=person, by=by, now=NOW)
    assert listed() == [(person.pk, "withdrawn")]
    tell(enrolment=left, kind=messages.WITHDRAWN, how=How.PHONE, by=by, now=NOW)
    assert listed() == []
    verbs.reinstate(enrolment=left, by=by, now=NOW)
    assert listed() == [(person.pk, "enrolled")]


def test_whoever_comes_back_by_the_link_knows():
    run, by = rows.run(capacity=1), office()
    first = enrol(run, by=by)
    person = enrol(run, details=silent(2), queue=True, by=by)
    verbs.withdraw(enrolment=first, by=by, now=NOW)
    assert listed() == [(person.pk, "offered")]
    verbs.accept_offer(enrolment=person, by=DOCTOR, now=NOW)
    assert listed() == []


def test_what_doctors_do_by_themselves_is_no_news_to_them():
    course = rows.course()
    first = rows.run(course=course)
    other = rows.run(course=course, starts_at=clinic_time(2027, 2, 13, 9), ends_at=clinic_time(2027, 2, 13, 17))
    person = enrol(first, details=silent(1), by=office())
    moved = verbs.transfer(enrolment=person, run=other, by=DOCTOR, now=NOW)
    assert listed() == []
    verbs.transfer(enrolment=moved, run=first, by=office(), now=NOW)
    assert listed() == [(person.pk, "moved")]


def test_an_offer_accepted_on_the_phone_needs_no_other_call():
    run, by = rows.run(capacity=1), office()
    first = enrol(run, by=by)
    person = enrol(run, details=silent(2), queue=True, by=by)
    verbs.withdraw(enrolment=first, by=by, now=NOW)
    verbs.accept_offer(enrolment=person, by=by, now=NOW)
    assert listed() == []


def test_a_course_that_is_over_concerns_nobody():
    person = enrol(rows.run())
    fail(person)
    assert listed(rows.ENDS - timedelta(minutes=1)) == [(person.pk, "enrolled")]
    assert listed(rows.ENDS) == []


def test_it_takes_two_queries_for_any_number(django_assert_num_queries):
    run, by = rows.run(capacity=9), office()
    for number in range(1, 6):
        enrol(run, details=silent(number), by=by)
    fail(enrol(run))
    verbs.cancel_run(run=run, reason="The hall is closed.", by=by, now=NOW)
    with django_assert_num_queries(2):
        assert len(could_not_reach(NOW)) == 6


@pytest.mark.parametrize("kind", list(NEWS))
def test_the_words_name_the_course_and_hold_no_link_and_no_name(kind):
    person = queue(rows.run(capacity=1), 1)[0]
    person.offer_ends_at = NOW
    said = text(person, kind, ClinicSettings.load())
    assert person.run.course.title in said
    assert person.name not in said
    assert "http" not in said
    assert "%(" not in said


def test_a_land_line_gets_no_whatsapp():
    person = enrol(rows.run())
    clinic = ClinicSettings.load()
    assert whatsapp_url(person, messages.ENROLLED, clinic).startswith("https://wa.me/91")
    person.phone = type(person.phone).from_string("+91 11 2345 6789")
    assert whatsapp_url(person, messages.ENROLLED, clinic) == ""


def test_told_twice_is_told_once():
    person, by = enrol(rows.run(), details=silent(1), by=office()), office()
    for _each in range(2):
        tell(enrolment=person, kind=messages.ENROLLED, how=How.PHONE, by=by, now=NOW)
    assert Message.objects.of(person).filter(channel="hand").count() == 1


def test_what_was_told_of_an_earlier_version_is_refused():
    person, by = enrol(rows.run(), details=silent(1), by=office()), office()
    verbs.amend(enrolment=person, details=silent(1), by=by, now=NOW)
    with pytest.raises(WrongStatus):
        tell(
            enrolment=person,
            kind=messages.ENROLLED,
            how=How.PHONE,
            by=by,
            now=NOW,
            sequence=person.sequence,
        )


class TestThePages:
    @pytest.fixture(autouse=True)
    def _clock(self, at_nine):
        pass

    @pytest.fixture
    def person(self) -> Enrolment:
        person = enrol(rows.run(), details=silent(1), by=office())
        return verbs.withdraw(enrolment=person, by=office(), now=NOW)

    def url(self, name: str, *args) -> str:
        return reverse(f"admin:courses_enrolment_{name}", args=args)

    def press(self, client, person: Enrolment, **changes):
        sent = {"kind": "courses.withdrawn", "how": "phone", "sequence": person.sequence} | changes
        return client.post(self.url("told", person.pk), sent)

    def test_the_list_says_who_why_and_how(self, person):
        shown = words(client_of(COURSE_OFFICE).get(self.url("unreached")))
        assert person.name in shown
        assert "There is no e-mail address" in shown
        assert "Told by WhatsApp" in shown

    def test_the_page_of_the_enrolment_says_it_too(self, person):
        assert "Told by phone" in words(client_of(COURSE_OFFICE).get(self.url("change", person.pk)))

    def test_the_first_page_counts_them(self, person):
        assert "1 doctor to be told by phone" in words(client_of(COURSE_OFFICE).get(reverse("admin:index")))

    def test_a_press_notes_it_and_leads_back(self, person):
        client = client_of(COURSE_OFFICE)
        assert self.press(client, person, listed="1").url == self.url("unreached")
        assert "Nobody: every doctor knows." in words(client.get(self.url("unreached")))
        assert self.press(client, person).url == self.url("change", person.pk)

    def test_a_slip_is_taken_back(self, person):
        client = client_of(COURSE_OFFICE)
        self.press(client, person)
        message = Message.objects.of(person).get(channel="hand")
        client.post(self.url("untold", person.pk), {"message": message.pk})
        assert listed() == [(person.pk, "withdrawn")]

    @pytest.mark.parametrize(
        "wrong", [{"kind": "appointments.booked"}, {"how": "post"}, {"sequence": "0"}, {"sequence": "x"}]
    )
    def test_a_forged_or_stale_press_notes_nothing(self, person, wrong):
        self.press(client_of(COURSE_OFFICE), person, **wrong)
        assert not Message.objects.of(person).filter(channel="hand").exists()

    @pytest.mark.parametrize("message", ["", "x", "9" * 30, "1"])
    def test_only_a_note_about_this_enrolment_is_taken_back(self, person, message):
        response = client_of(COURSE_OFFICE).post(self.url("untold", person.pk), {"message": message}, follow=True)
        assert "Only what was noted today can be taken back." in words(response)

    def test_the_ledger_finds_it_by_its_reference(self, person):
        self.press(client_of(COURSE_OFFICE), person)
        url = reverse("admin:ipsc_message_changelist")
        response = client_of(COURSE_OFFICE).get(url, {"q": person.spoken_reference})
        assert person.phone.as_e164 in response.content.decode()
