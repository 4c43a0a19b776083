"""The letter for the leave application: true, and in letters that can be read."""

from decimal import Decimal

import pytest
from django.test import Client

from courses import enrolment as verbs
from courses.letters import missing
from courses.models import Enrolment, Status
from tests.courses import rows
from tests.courses.doctor import manage
from tests.courses.office import DOCTOR, enrol, office, queue
from tests.factories import NOW
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]


@pytest.fixture
def run():
    return rows.run(course=rows.course(title="Epidurals"), capacity=2, venue="First hall, Delhi")


def letter(enrolment, client=None):
    return (client or Client()).get(manage(enrolment, "letter.pdf"))


def test_whoever_is_enrolled_gets_it(run):
    response = letter(enrol(run, 1))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert "no-store" in response.headers["Cache-Control"]
    assert len(response.content) > 8_000  # with the font


def test_it_is_the_same_on_the_same_day(run):
    mine = enrol(run, 1)
    assert letter(mine).content == letter(mine).content


@pytest.mark.parametrize(
    "name", ["डॉ. रमेश कुमार श्रीवास्तव", "Dr Ana-María O’Ñeill", "Dr <b>Bold</b> & Sons", "Dr Łukasz Żółć"]
)
def test_it_can_show_latin_and_devanagari_names(run, name):
    assert missing(name) == ""
    assert letter(enrol(run, details=rows.details(1, name=name))).status_code == 200


def test_what_it_cannot_show_is_said_and_no_box_is_printed(run):
    response = letter(enrol(run, details=rows.details(1, name="𠮷野 医師")))
    assert response.status_code == 409
    assert "It lacks these: 𠮷野医師" in words(response)


def test_who_waits_or_has_left_gets_none(run):
    for _each in range(2):
        enrol(run)
    [waiting] = queue(run, 1)
    left = verbs.withdraw(enrolment=waiting, by=DOCTOR, now=NOW)
    for each in (waiting, left):
        assert letter(each).status_code == 302


def test_who_was_there_is_said_to_have_been_there(run):
    mine = rows.enrolment(run, status=Status.ATTENDED)
    assert letter(mine).status_code == 200
    assert Enrolment.objects.get(pk=mine.pk).status == Status.ATTENDED


def test_credit_stands_there_only_when_it_was_granted(run):
    before = letter(enrol(run, 1)).content
    verbs.revise_run(run=run, values={"fee_includes": "Lunch"}, by=office(), now=NOW)
    assert letter(Enrolment.objects.get()).content == before
    granted = {"credit_hours": Decimal("8.5"), "credit_council": "Council", "credit_reference": "1/2"}
    verbs.revise_run(run=run, values=granted, by=office(), now=NOW)
    assert letter(Enrolment.objects.get()).content != before
