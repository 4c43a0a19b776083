"""What the course office takes away, and why nobody is offered a place."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from courses.models import RunState
from courses.sheets import BOM, as_csv, harmless
from courses.waiting import why_nobody_is_offered
from tests.courses import rows
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_it_keeps_names_exactly_and_numbers_as_text():
    row = rows.enrolment(name="डॉ. सुनीता  शर्मा", registration_number="007/1E5")
    text = as_csv([row])
    assert text.startswith(BOM)
    cells = next(csv.DictReader(StringIO(text.removeprefix(BOM))))
    assert cells["Name on the certificate"] == "डॉ. सुनीता  शर्मा"
    assert cells["Registration number"] == "007/1E5"
    assert cells["Phone"] == f"'{row.phone.as_e164}"


@pytest.mark.parametrize("cell", ["=1+1", "+91", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_it_lets_no_cell_be_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("fields", "waiting", "offer", "words", "may_offer"),
    [
        ({}, 0, None, "Nobody waits.", False),
        ({"state": RunState.DRAFT}, 1, None, "The run is a draft.", False),
        ({"state": RunState.CANCELLED}, 1, None, "The run is cancelled.", False),
        ({"starts_at": NOW}, 1, None, "The course has begun.", False),
        ({"closes_at": NOW}, 1, None, "Enrolment closed", False),
        ({}, 1, None, "A place is free.", True),
        ({"seats_taken": 5}, 1, None, "No place is free.", False),
        ({"seats_taken": 5}, 1, timedelta(hours=1), "No place is free; one is offered", False),
        ({"seats_taken": 5}, 1, timedelta(0), "The time of an offer is over", True),
    ],
)
def test_it_explains_why_nobody_is_offered_a_place(fields, waiting, offer, words, may_offer):
    run = rows.run()
    for name, value in fields.items():
        setattr(run, name, value)
    ends_at = NOW + offer if offer is not None else None
    why = why_nobody_is_offered(run, waiting=waiting, offer_ends_at=ends_at, now=NOW)
    assert why.words.startswith(words)
    assert why.may_offer is may_offer
