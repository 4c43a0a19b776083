"""What the course office takes away of a roster: a workbook, and the list on paper."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from courses.admin.printing import days_of
from courses.models import Status
from courses.sheets import BOM, as_csv, as_xlsx
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.factories import NOW
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db


def url(page, run) -> str:
    return reverse(f"admin:courses_enrolment_{page}", args=[run.pk])


def cells_of(data: bytes) -> list[list]:
    return [list(row) for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)]


def test_a_workbook_holds_what_the_csv_file_holds():
    people = [rows.enrolment(), rows.enrolment(status=Status.WAITING)]
    table = list(csv.reader(io.StringIO(as_csv(people).removeprefix(BOM))))
    workbook = [["" if cell is None else str(cell) for cell in row] for row in cells_of(as_xlsx(people))]
    assert workbook == [[cell.removeprefix("'") for cell in row] for row in table]


def test_a_workbook_keeps_names_exactly_and_numbers_as_text():
    row = rows.enrolment(name="डॉ. सुनीता  शर्मा", registration_number="007/1E5")
    heads, cells = cells_of(as_xlsx([row]))
    told = dict(zip(heads, cells, strict=True))
    assert told["Name on the certificate"] == "डॉ. सुनीता  शर्मा"
    assert told["Registration number"] == "007/1E5"
    assert told["Phone"] == row.phone.as_e164
    assert told["Fee"] == 0


@pytest.mark.parametrize("name", ["=1+1", "+91", "-Dr", "@SUM(A1)", "=HYPERLINK(A1)"])
def test_a_workbook_has_no_formula(name):
    book = load_workbook(io.BytesIO(as_xlsx([rows.enrolment(name=name)])))
    cell = book.worksheets[0].cell(2, 3)
    assert (cell.value, cell.data_type) == (name, "s")


def test_a_workbook_leaves_out_what_no_workbook_may_hold():
    (_heads, cells) = cells_of(as_xlsx([rows.enrolment(needs="a\x0bb")]))
    assert "ab" in cells


def test_it_gives_the_workbook_by_post_alone():
    person = rows.enrolment()
    client = client_of(COURSE_OFFICE)
    assert client.get(url("xlsx", person.run)).status_code == 405
    answer = client.post(url("xlsx", person.run))
    assert "no-store" in answer.headers["Cache-Control"]
    assert person.name in cells_of(answer.content)[1]


def test_the_list_on_paper_names_those_who_have_a_place():
    run = rows.run()
    there, offered = rows.enrolment(run), rows.enrolment(run, status=Status.OFFERED)
    waiting, gone = (rows.enrolment(run, status=status) for status in (Status.WAITING, Status.CANCELLED))
    text = words(client_of(COURSE_OFFICE).get(url("print", run)))
    assert there.name in text
    assert there.registration_number in text
    assert not [each.name for each in (offered, waiting, gone) if each.registration_number in text]


def test_the_list_on_paper_names_below_them_who_waits_in_order():
    run = rows.run()
    there = rows.enrolment(run, name="Dr There")
    offered = rows.enrolment(run, name="Dr Offered", status=Status.OFFERED)
    second = rows.enrolment(run, name="Dr Second", status=Status.WAITING, waiting_at=NOW + timedelta(hours=1))
    first = rows.enrolment(run, name="Dr First", status=Status.WAITING, waiting_at=NOW)
    gone = rows.enrolment(run, name="Dr Gone", status=Status.CANCELLED)
    answer = client_of(COURSE_OFFICE).get(url("print", run))
    text = words(answer)
    order = [text.index(each.name) for each in (there, offered, first, second)]
    assert order == sorted(order)
    assert "A place is offered to Dr Offered Waiting list Dr First Dr Second" in text
    assert gone.name not in text
    assert answer.text.count('<td class="sign">') == 1


def test_the_list_on_paper_tells_no_way_to_reach_anybody():
    run = rows.run()
    states = (Status.CONFIRMED, Status.OFFERED, Status.WAITING)
    people = [rows.enrolment(run, needs="A wheelchair", status=status) for status in states]
    text = client_of(COURSE_OFFICE).get(url("print", run)).text
    for person in people:
        phone = person.phone
        for kept in (person.email, phone.as_e164, phone.as_international, phone.as_national, "wheel"):
            assert kept not in text


@pytest.mark.parametrize(("days", "places"), [(0, 1), (1, 2), (3, 4), (4, 1)])
def test_people_sign_for_each_day_as_far_as_there_is_room(days, places):
    run = rows.run()
    run.ends_at += timedelta(days=days)
    assert len(days_of(run)) == places


def test_a_run_that_ends_at_midnight_has_no_second_day():
    run = rows.run()
    run.ends_at = rows.clinic_time(2027, 1, 10, 0)
    assert len(days_of(run)) == 1


def test_an_empty_run_can_be_printed_and_taken_away():
    run = rows.run()
    client = client_of(COURSE_OFFICE)
    assert "Nobody has a place" in words(client.get(url("print", run)))
    assert len(cells_of(client.post(url("xlsx", run)).content)) == 1


@pytest.mark.parametrize("page", ["print", "write", "import"])
def test_there_is_nothing_of_a_run_that_is_none(page):
    address = reverse(f"admin:courses_enrolment_{page}", args=[999_999])
    assert client_of(COURSE_OFFICE).get(address).status_code == 404
