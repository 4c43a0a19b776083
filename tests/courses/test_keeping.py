"""Corrections, attendance and the register."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from courses import enrolment as verbs
from courses.councils import Council
from courses.links import enrolment_of, token_of
from courses.models import Enrolment, Status
from courses.refusals import AlreadyEnrolled, TooEarly, TooLate, TooManyChanges, WrongStatus
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


def amend(enrolment, number=1, now=NOW, by=DOCTOR, sequence=None, **fields):
    details = rows.details(number, **fields)
    return verbs.amend(enrolment=enrolment, details=details, by=by, now=now, sequence=sequence)


def test_a_correction_keeps_status_fee_and_consent():
    made = enrol(rows.run(), 1)
    amended = amend(made, name="डॉ. रमेश  Kumar", consent_version="", consent_at=None)
    assert amended.name == "डॉ. रमेश  Kumar"
    assert "ramesh" in amended.search_name or "/rms/" in amended.search_name
    assert (amended.status, amended.fee) == (Status.CONFIRMED, 10_000)
    assert amended.consent_version
    assert amended.sequence == 1


def test_a_corrected_number_has_to_be_checked_anew():
    made = enrol(rows.run(), 1)
    verbs.check_registration(enrolment=made, checked=True, by=office(), now=NOW)
    assert amend(made, name="Dr Another Spelling").registration_checked_at == NOW
    assert amend(made, registration_number="DMC 99").registration_checked_at is None


def test_it_refuses_the_number_of_somebody_else_in_the_run():
    run = rows.run()
    enrol(run, 1)
    other = enrol(run, 2)
    with pytest.raises(AlreadyEnrolled):
        amend(other, 1)


def test_who_tries_many_numbers_is_stopped_and_the_office_is_not():
    run = rows.run()
    enrol(run, 1)
    other = enrol(run, 2)
    for _each in range(20):
        with pytest.raises(AlreadyEnrolled):
            amend(other, 1)
    with pytest.raises(TooManyChanges):
        amend(other, 1)
    with pytest.raises(AlreadyEnrolled):
        amend(other, 1, by=office())
    assert amend(other, 2, now=NOW + timedelta(days=1), name="Dr Right").name == "Dr Right"


def test_doctors_correct_until_the_course_begins():
    run = rows.run()
    made = enrol(run, 1)
    with pytest.raises(TooLate):
        amend(made, now=run.starts_at)
    assert amend(made, now=run.starts_at, by=office(), name="Dr Right").name == "Dr Right"


def test_what_has_ended_or_is_stale_is_not_corrected():
    made = enrol(rows.run(), 1)
    with pytest.raises(WrongStatus):
        amend(made, sequence=5)
    verbs.withdraw(enrolment=made, by=DOCTOR, now=NOW)
    with pytest.raises(WrongStatus):
        amend(made)


def test_whoever_has_no_indian_number_needs_none():
    made = enrol(rows.run(), 1)
    amended = amend(made, council=Council.OTHER, registration_number="")
    assert (amended.registration_key, amended.email_key) == ("", "doctor1@example.org")


# On the day


def test_attendance_is_marked_from_the_first_day_on_and_may_be_taken_back():
    run = rows.run()
    made = enrol(run)
    with pytest.raises(TooEarly):
        verbs.mark(enrolment=made, to=Status.ATTENDED, by=office(), now=clinic_time(2027, 1, 8, 23, 59))
    morning = clinic_time(2027, 1, 9, 7)
    for status in (Status.ATTENDED, Status.ABSENT, Status.CONFIRMED, Status.ABSENT):
        assert verbs.mark(enrolment=made, to=status, by=office(), now=morning).status == status
        assert taken(run) == 1
    made.refresh_from_db()
    assert made.confirmed_at == NOW
    check_counters()


def test_who_waits_or_has_left_was_not_there():
    run = rows.run(capacity=1)
    left = verbs.withdraw(enrolment=enrol(run), by=DOCTOR, now=NOW)
    with pytest.raises(WrongStatus):
        verbs.mark(enrolment=left, to=Status.ATTENDED, by=office(), now=run.starts_at)
    with pytest.raises(PermissionDenied):
        verbs.mark(enrolment=left, to=Status.ATTENDED, by=DOCTOR, now=run.starts_at)


def test_the_register_is_looked_up_by_somebody_with_a_name():
    made = enrol(rows.run())
    checked = verbs.check_registration(enrolment=made, checked=True, by=office(), now=NOW)
    assert (checked.registration_checked_at, checked.registration_checked_by) == (NOW, "course-office")
    assert verbs.check_registration(enrolment=made, checked=False, by=office(), now=NOW).registration_checked_by == ""
    with pytest.raises(PermissionDenied):
        verbs.check_registration(enrolment=made, checked=True, by=DOCTOR, now=NOW)


# The link


def test_a_new_link_ends_the_old_one():
    made = enrol(rows.run())
    old = token_of(made)
    assert enrolment_of(old, NOW) == made
    renewed = verbs.renew_link(enrolment=made, by=office(), now=NOW)
    assert enrolment_of(old, NOW) is None
    assert enrolment_of(token_of(renewed), NOW) == made
    assert told(made) == ["enrolled", "link"]


def test_a_link_opens_for_a_year_after_the_course():
    run = rows.run()
    made = rows.enrolment(run)
    last = run.ends_at + timedelta(days=365)
    assert enrolment_of(token_of(made), last - timedelta(seconds=1)) == made
    assert enrolment_of(token_of(made), last) is None


@pytest.mark.parametrize("token", ["", "x", "\0", "1_" + "2" * 10, "A" * 16 + "1_bbbbbbbbbb", "9" * 400])
def test_a_forged_link_opens_nothing(token):
    rows.enrolment(rows.run())
    assert enrolment_of(token, NOW) is None
    assert Enrolment.objects.count() == 1
