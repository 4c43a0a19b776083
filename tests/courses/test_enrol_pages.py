"""The way through the pages on which doctors enrol, and what happens off that way (rules B8 and C1 to C3)."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from courses import enrolment as verbs
from courses.models import CourseRun, Enrolment, EnrolmentDraft, RunState, Source, Status
from ipsc.models import ClinicSettings, Message
from tests.courses import rows
from tests.courses.doctor import ANSWERS, Doctor
from tests.courses.office import enrol, office, queue, taken
from tests.factories import NOW
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]


@pytest.fixture
def run():
    return rows.run(course=rows.course(title="Epidurals"))


def test_it_enrols_from_the_button_to_the_reference(run):
    doctor = Doctor(run)
    assert doctor.begin().status_code == 302
    page = doctor.client.get(doctor.details_url)
    assert "Epidurals" in words(page)
    assert doctor.answer(needs="Vegetarian").headers["Location"] == doctor.check_url
    page = doctor.client.get(doctor.check_url)
    said = words(page)
    assert "You are not enrolled yet." in said
    for told in (
        "Dr Doctor 1",
        "Delhi Medical Council",
        "DMC/R/00001",
        "Vegetarian",
        "₹ 10,000",
        "Wednesday 2 December",
    ):
        assert told in said
    assert not Enrolment.objects.exists()

    page = doctor.client.post(doctor.check_url, {"fee": "10000"}, follow=True)
    made = Enrolment.objects.get()
    said = words(page)
    assert made.spoken_reference in said
    assert "Please pay ₹ 10,000 by Wednesday 2 December 2026" in said
    assert "/courses/manage/" in page.text
    assert (made.status, made.source, made.needs) == (Status.CONFIRMED, Source.ONLINE, "Vegetarian")
    assert made.consent_version
    assert made.consent_at == NOW
    assert made.history.get().actor == "doctor"
    assert not EnrolmentDraft.objects.exists()


def test_whoever_is_enrolled_sees_one_fee_and_is_told_before_that_it_stays(run):
    CourseRun.objects.filter(pk=run.pk).update(early_fee=8_000, early_until_on=NOW.date() + timedelta(days=3))
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    assert "This price is yours, also if you pay after 28 Nov." in words(doctor.client.get(doctor.check_url))
    page = doctor.client.post(doctor.check_url, {"fee": "8000"}, follow=True)
    assert "₹ 8,000" in words(page)
    assert "₹ 10,000" not in words(page)


def test_it_speaks_of_no_later_day_where_the_price_holds_until_one_pays(run):
    CourseRun.objects.filter(pk=run.pk).update(early_fee=8_000, early_until_on=NOW.date() + timedelta(days=7))
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    assert "This price is yours" not in words(doctor.client.get(doctor.check_url))


def test_it_works_in_hindi(run):
    doctor = Doctor(run, prefix="/hi")
    doctor.begin()
    assert doctor.details_url.startswith("/hi/courses/")
    assert doctor.answer().headers["Location"] == doctor.check_url
    assert doctor.send().headers["Location"] == doctor.done_url
    assert Enrolment.objects.get().language == "hi"


def test_looking_enrols_nobody(run):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    for url in (doctor.enrol_url, doctor.details_url, doctor.check_url, doctor.done_url):
        for method in (doctor.client.get, doctor.client.head):
            method(url)
    assert not Enrolment.objects.exists()


def test_its_pages_are_kept_by_nobody(run):
    doctor = Doctor(run)
    for response in (doctor.begin(), doctor.client.get(doctor.details_url), doctor.answer(), doctor.send()):
        assert "no-store" in response.headers["Cache-Control"]
        assert "noindex" in response.headers["X-Robots-Tag"]


# Once


def test_sent_twice_back_and_reloaded_is_one_enrolment(run):
    doctor = Doctor(run)
    first = doctor.enrol()
    assert first.headers["Location"] == doctor.done_url == doctor.send().headers["Location"]
    for url in (doctor.details_url, doctor.check_url):
        assert doctor.client.get(url).headers["Location"] == doctor.done_url
    assert doctor.answer(name="Somebody else").headers["Location"] == doctor.done_url
    assert (Enrolment.objects.count(), taken(run)) == (1, 1)


def test_two_tabs_are_two_attempts_and_one_doctor_is_enrolled_once(run):
    one = Doctor(run)
    one.begin()
    other = Doctor(run)
    other.client = one.client
    other.begin()
    assert one.details_url != other.details_url
    for tab in (one, other):
        tab.answer()
    assert one.send().status_code == 302
    assert other.send().status_code == 409
    assert taken(run) == 1


@pytest.mark.parametrize(
    "again",
    [
        {"registration_number": "dmc r 00001", "email": "other@example.org"},
        {"registration_number": "D.M.C-R 00001"},
        {"registration_number": "DMC/R/००००१", "name": "Dr Other"},
    ],
)
def test_the_same_doctor_is_known_again_and_the_page_tells_nobody_who_that_is(run, again):
    first = enrol(run, 1)
    page = Doctor(run, 2).enrol(**again)
    said = words(page)
    assert page.status_code == 409
    assert "We could not enrol you with these details" in said
    assert first.spoken_reference not in page.text
    assert "Dr Doctor 1" not in said
    assert "doctor1@" not in page.text
    assert taken(run) == 1


def test_her_link_goes_to_the_address_that_she_gave_then_once_a_day(run, settings):
    settings.SENDS_EMAIL = True
    first = enrol(run, 1)
    for number in (2, 3):
        page = Doctor(run, number).enrol(registration_number="DMC/R/00001")
        assert "your link is on its way" in words(page)
    links = Message.objects.of(first).filter(kind="courses.link")
    assert [row.to for row in links] == ["doctor1@example.org"]
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        Doctor(run, 4).enrol(registration_number="DMC/R/00001")
    assert links.all().count() == 2


def test_it_promises_no_mail_where_none_is_sent(run, settings):
    settings.SENDS_EMAIL = False
    enrol(run, 1)
    said = words(Doctor(run, 2).enrol(registration_number="DMC/R/00001"))
    assert "is on its way" not in said
    assert "with the link that you were shown then" in said


def test_somebody_else_who_has_the_address_sees_nothing(run):
    doctor = Doctor(run)
    doctor.enrol()
    stranger = Client()
    for url in (doctor.check_url, doctor.done_url):
        page = stranger.get(url)
        assert page.status_code == 410
        assert "Dr Doctor" not in page.text


def test_what_was_typed_is_kept_for_two_hours(run):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer(place="Pune")
    assert "Pune" in doctor.client.get(doctor.details_url).text
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert doctor.client.get(doctor.check_url).status_code == 410
        assert doctor.send().status_code == 410
    assert not Enrolment.objects.exists()


# Runs that cannot be had

BEGUN = {"starts_at": NOW - timedelta(hours=1)}
OVER = {"starts_at": NOW - timedelta(days=2)}


@pytest.mark.parametrize(
    ("fields", "words_said"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, "Enrolment opens on"),
        ({"closes_at": NOW}, "Enrolment has closed"),
        ({"state": RunState.CANCELLED}, "Cancelled"),
        (BEGUN, "Under way"),
        (OVER, "Past"),
    ],
)
def test_it_says_why_nobody_can_enrol_and_what_else_there_is(fields, words_said):
    course = rows.course()
    run = rows.run(course=course, **fields)
    other = rows.run(course=course, starts_at=rows.clinic_time(2027, 3, 13, 9))
    page = Doctor(run).begin()
    assert page.status_code == 200
    assert words_said in words(page)
    assert "You cannot enrol in this course now" in words(page)
    assert f"/courses/runs/{other.public_id}/enrol/" in page.text


def test_it_names_the_dates_that_open_later_after_those_that_are_open():
    course = rows.course()
    run = rows.run(course=course, closes_at=NOW)
    later = rows.run(course=course, starts_at=rows.clinic_time(2027, 2, 13, 9), opens_at=NOW + timedelta(days=3))
    rows.run(course=course, starts_at=rows.clinic_time(2027, 4, 13, 9), state=RunState.CANCELLED)
    full = rows.run(course=course, starts_at=rows.clinic_time(2027, 3, 13, 9), capacity=1)
    enrol(full)
    page = Doctor(run).begin()
    said = words(page).partition("Other dates")[2]
    assert said.index("Full, with a waiting list") < said.index("Enrolment opens on Sat 28 Nov, 9:00 am")
    assert f"{course.get_absolute_url()}#{later.public_id}" in page.text
    assert f"/courses/runs/{later.public_id}/enrol/" not in page.text
    assert "April" not in said


def test_it_says_so_while_enrolment_is_switched_off(run):
    ClinicSettings.objects.update(enrolment_open=False)
    assert "Enrolment online is closed" in words(Doctor(run).begin())


@pytest.mark.parametrize("public_id", ["nonsense", "2" * 300, "%00", "..", "١٢٣"])
def test_a_run_that_is_not_there_is_not_found(client, public_id):
    rows.run(state=RunState.DRAFT)
    assert client.get(f"/courses/runs/{public_id}/enrol/").status_code == 404


def test_a_draft_is_not_found(client):
    assert Doctor(rows.run(state=RunState.DRAFT)).begin().status_code == 404


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"closes_at": NOW}, "Enrolment in this course has closed."),
        ({"opens_at": NOW + timedelta(hours=1)}, "Enrolment in this course has not opened yet."),
    ],
)
def test_what_changed_while_somebody_was_typing_is_said(run, change, refusal):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    CourseRun.objects.filter(pk=run.pk).update(**change)
    page = doctor.send()
    assert (page.status_code, refusal in words(page)) == (409, True)


def test_a_run_cancelled_while_somebody_was_typing_is_said(run):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    verbs.cancel_run(run=run, reason="Flood", by=office(), now=NOW)
    assert "This course has been cancelled." in words(doctor.send())


def test_a_forged_fee_asks_for_nobody(run):
    enrol(run, 1)
    pages = []
    for number in ("DMC/R/00001", "DMC/R/00002"):
        doctor = Doctor(run, 3)
        doctor.begin()
        doctor.answer(registration_number=number)
        pages.append(doctor.send(fee="x"))
    assert ["The fee has changed meanwhile." in words(page) for page in pages] == [True, True]
    assert Message.objects.filter(kind="courses.link").count() == 0


@pytest.mark.parametrize(("places", "said"), [(5, "The last place has just gone"), (0, "its waiting list is full")])
def test_a_run_without_room_tells_nobody_who_is_in_it(places, said):
    run = rows.run(capacity=1, queue_capacity=places)
    enrol(run, 1)
    pages = []
    for number in ("DMC/R/00001", "DMC/R/00002"):
        doctor = Doctor(run, 3)
        CourseRun.objects.filter(pk=run.pk).update(capacity=2)
        doctor.begin()
        doctor.answer(registration_number=number)
        # The last place goes while they are typing.
        CourseRun.objects.filter(pk=run.pk).update(capacity=1)
        pages.append(doctor.send())
    assert [said in words(page) for page in pages] == [True, True]
    assert Message.objects.filter(kind="courses.link").count() == 0


def test_another_fee_is_shown_before_anybody_owes_it(run):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    CourseRun.objects.filter(pk=run.pk).update(fee=12_000)
    page = doctor.send()
    assert page.status_code == 409
    assert "The fee has changed meanwhile" in words(page)
    assert "₹ 12,000" in words(page)
    assert not Enrolment.objects.exists()
    assert doctor.send(fee="12000").status_code == 302


@pytest.mark.parametrize("fee", ["", "0", "-1", "10000.0", "9" * 400, "\0", "१००००"])
def test_a_forged_fee_enrols_nobody(run, fee):
    doctor = Doctor(run)
    doctor.begin()
    doctor.answer()
    assert doctor.send(fee=fee).status_code == 409
    assert not Enrolment.objects.exists()


# The queue


def test_the_waiting_list_is_said_before_and_after():
    run = rows.run(capacity=1)
    enrol(run)
    queue(run, 2)
    doctor = Doctor(run, 9050)
    doctor.begin()
    said = words(doctor.client.get(doctor.details_url))
    assert "You join the waiting list" in said
    assert "2 people wait before you." in said
    doctor.answer()
    page = doctor.client.get(doctor.check_url)
    assert "Put me on the waiting list" in page.text
    page = doctor.client.post(doctor.check_url, {"fee": "10000", "queue": "yes"}, follow=True)
    assert "You are number 3 on the waiting list." in words(page)
    assert Enrolment.objects.filter(run=run).queue().count() == 3


def test_when_the_last_place_goes_meanwhile_the_list_is_one_press_away():
    run = rows.run(capacity=1)
    other = rows.run(course=run.course, starts_at=rows.clinic_time(2027, 3, 13, 9))
    doctor = Doctor(run, 9050)
    doctor.begin()
    doctor.answer()
    enrol(run)
    page = doctor.send()
    assert page.status_code == 409
    assert "The last place has just gone" in words(page)
    assert f"/courses/runs/{other.public_id}/enrol/" in page.text
    assert doctor.send(queue="yes").status_code == 302
    assert Enrolment.objects.filter(run=run).queue().count() == 1


def test_a_full_list_is_the_end():
    run = rows.run(capacity=1, queue_capacity=1)
    enrol(run)
    queue(run, 1)
    page = Doctor(run, 9050).begin()
    assert "Full" in words(page)
    doctor = Doctor(run, 51)
    doctor.details_url = f"{doctor.enrol_url}{uuid.uuid4()}/"
    assert doctor.answer().status_code == 200
    assert Enrolment.objects.count() == 2


# Bad input

# Each of these letters is fifteen letters when numbers and addresses are compared.
LONG = "\ufdfa" * 10


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Type your name."),
        ({"name": "12 34"}, "Type your name in letters."),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "Dr\0 One"}, "Null characters are not allowed."),
        ({"email": ""}, "Type your e-mail address."),
        ({"email": "one@example"}, "This is not an e-mail address."),
        ({"email": '"one\x0cbcc:two"@example.org'}, "This is not an e-mail address."),
        ({"email": "one@\u202eexample.org"}, "This is not an e-mail address."),
        ({"email": f"one@{LONG}.{LONG}.org"}, "This is not an e-mail address."),
        ({"phone": "12"}, "This is not a phone number that we can call."),
        ({"council": ""}, "Choose the council where you are registered."),
        ({"council": "mars"}, "Choose one of the councils in the list."),
        ({"registration_number": ""}, "Type your registration number with this council."),
        ({"registration_number": "none"}, "A registration number has digits."),
        ({"registration_number": "1" * 41}, "at most 40"),
        ({"registration_number": f"1{LONG}"}, "at most 40"),
        ({"council": "other", "registration_number": LONG * 4}, "at most 40"),
        ({"consent": ""}, "We can enrol you only if you agree"),
    ],
)
def test_it_says_what_is_wrong_next_to_it_and_keeps_the_rest(run, fields, said):
    doctor = Doctor(run)
    doctor.begin()
    page = doctor.answer(**{"place": "Kochi"} | fields)
    assert page.status_code == 200
    assert said in words(page)
    assert "<title>Error:" in page.text
    assert "Kochi" in page.text
    assert not EnrolmentDraft.objects.exists()


def test_with_another_council_no_number_is_needed(run):
    assert Doctor(run).enrol(council="other", registration_number="").status_code == 302
    assert Enrolment.objects.get().registration_number == ""


@pytest.mark.parametrize("name", ["डॉ. रमेश कुमार", "Dr Ana-María O’Ñeill", "𠮷野 医師", "Dr  Two  Spaces", "د. سارة"])
def test_a_name_in_any_script_is_kept_exactly(run, name):
    Doctor(run).enrol(name=name)
    assert Enrolment.objects.get().name == name


def test_megabytes_are_refused_in_words(run):
    doctor = Doctor(run)
    doctor.begin()
    assert doctor.answer(needs="x" * 2_000_000).status_code == 200


def test_without_the_cookie_of_the_form_it_says_what_to_do(run):
    doctor = Doctor(run)
    doctor.begin()
    doctor.client.cookies.clear()
    assert doctor.client.post(doctor.details_url, ANSWERS).status_code == 403


def test_many_forms_from_one_connection_are_stopped_and_lose_nothing(run, monkeypatch):
    monkeypatch.setattr("ipsc.attempts.DRAFTS_PER_ADDRESS", 2)
    pages = []
    for number in range(1, 4):
        doctor = Doctor(run, number)
        doctor.begin()
        pages.append(doctor.answer(place="Agra"))
    assert [page.status_code for page in pages] == [302, 302, 200]
    assert "Many forms have come from your connection" in words(pages[-1])
    assert "Agra" in pages[-1].text


def test_too_many_enrolments_from_one_connection_are_stopped(run, monkeypatch):
    monkeypatch.setattr("courses.enrolment.enrolling.ENROLMENTS_PER_ADDRESS", 1)
    assert Doctor(run, 1).enrol().status_code == 302
    page = Doctor(run, 2).enrol()
    assert (page.status_code, "You are not enrolled." in words(page)) == (429, True)


def test_who_asks_for_many_numbers_is_stopped(run, monkeypatch):
    monkeypatch.setattr("courses.enrolment.enrolling.ENROLMENTS_PER_ADDRESS", 2)
    enrol(run, 1)
    pages = [Doctor(run, 2).enrol(registration_number="DMC/R/00001") for _each in range(3)]
    assert [page.status_code for page in pages] == [409, 409, 429]


def test_it_costs_few_queries(run, django_assert_max_num_queries):
    doctor = Doctor(run)
    doctor.begin()
    with django_assert_max_num_queries(5):
        doctor.client.get(doctor.details_url)
