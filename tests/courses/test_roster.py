"""The roster of a run, as the course office uses it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Enrolment, RunState, Status
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.staff import client_of

pytestmark = pytest.mark.django_db


def url(page, row) -> str:
    return reverse(f"admin:courses_enrolment_{page}", args=[row.pk])


def queries_of(run) -> int:
    client = client_of(COURSE_OFFICE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url("roster", run)).status_code == 200
    return len(asked)


def test_it_asks_as_often_for_fifty_people_as_for_five():
    few, many = rows.run(), rows.run(capacity=50)
    for run, count in ((few, 5), (many, 50)):
        for _each in range(count):
            rows.enrolment(run)
    client_of(COURSE_OFFICE).get(url("roster", few))
    assert queries_of(few) == queries_of(many)


def test_it_marks_nobody_before_the_first_day():
    person = rows.enrolment(rows.run(starts_at=rows.clinic_time(2199, 1, 9, 9)))
    answer = client_of(COURSE_OFFICE).post(url("tick", person), {"go": "attended"}, follow=True)
    assert "It is too early for that" in answer.text
    assert Enrolment.objects.get(pk=person.pk).status == Status.CONFIRMED


def test_it_notes_a_checked_registration_and_who_checked_it():
    person = rows.enrolment()
    client_of(COURSE_OFFICE).post(url("tick", person), {"go": "checked"})
    assert Enrolment.objects.get(pk=person.pk).registration_checked_by


@pytest.mark.parametrize("go", ["", "cancelled", "\0", "offered"])
def test_it_refuses_a_forged_button(go):
    person = rows.enrolment()
    answer = client_of(COURSE_OFFICE).post(url("tick", person), {"go": go}, follow=True)
    assert "not one of this page" in answer.text


def test_it_gives_the_file_by_post_alone():
    person = rows.enrolment()
    client = client_of(COURSE_OFFICE)
    assert client.get(url("csv", person.run)).status_code == 405
    assert person.registration_number in client.post(url("csv", person.run)).content.decode()


@pytest.mark.parametrize("page", ["new", "print", "write", "import", "xlsx", "csv"])
def test_it_leads_to_all_that_is_done_with_the_people_of_a_run(page):
    run = rows.run()
    assert f'"{url(page, run)}"' in client_of(COURSE_OFFICE).get(url("roster", run)).text


def test_the_first_page_and_the_list_of_runs_lead_to_the_roster():
    run, draft = rows.run(starts_at=rows.clinic_time(2199, 1, 9, 9)), rows.run(state=RunState.DRAFT)
    client = client_of(COURSE_OFFICE)
    first = client.get(reverse("admin:index")).text
    assert url("roster", run) in first
    assert url("print", run) in first
    assert url("roster", draft) not in first
    assert url("roster", run) in client.get(reverse("admin:courses_courserun_changelist")).text


def test_it_shows_the_phone_and_what_they_need():
    person = rows.enrolment(needs="A ramp, please.")
    page = client_of(COURSE_OFFICE).get(url("roster", person.run)).text
    assert person.phone.as_international in page
    assert "A ramp, please." in page


def test_a_tick_says_whether_it_is_made():
    person = rows.enrolment()
    client = client_of(COURSE_OFFICE)
    assert 'aria-pressed="true"' not in client.get(url("roster", person.run)).text
    answer = client.post(url("tick", person), {"go": "checked"}, follow=True)
    assert answer.text.count('aria-pressed="true"') == 1
