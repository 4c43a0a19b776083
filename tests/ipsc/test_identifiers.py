"""References that survive being read out on the phone, and ids that say nothing."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from appointments.models import Appointment
from ipsc.identifiers import ALPHABET, in_groups, is_reference, luhn_digit, new_reference, opaque_id

bodies = st.from_regex(r"\A[1-9][0-9]{7}\Z")
references = bodies.map(lambda body: body + luhn_digit(body))


@pytest.mark.parametrize(
    ("digits", "digit"), [("7992739871", "3"), ("1789372997", "4"), ("0", "0"), ("1", "8"), ("5", "9")]
)
def test_it_computes_the_check_digit_of_the_standard(digits, digit):
    """ISO/IEC 7812-1, annex B, by examples that are in print."""
    assert luhn_digit(digits) == digit


def test_it_draws_references_that_are_good():
    drawn = {new_reference() for _each in range(500)}
    assert len(drawn) > 490
    assert all(is_reference(each) and re.fullmatch(r"[1-9]\d{8}", each, re.ASCII) for each in drawn)


def test_it_draws_the_first_and_the_last_reference_there_is(monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda limit: 0)
    assert new_reference()[:-1] == "10000000"
    monkeypatch.setattr("secrets.randbelow", lambda limit: limit - 1)
    assert new_reference()[:-1] == "99999999"


@given(reference=references, place=st.integers(0, 8), digit=st.integers(1, 9))
def test_it_finds_each_single_wrong_digit(reference, place, digit):
    wrong = str((int(reference[place]) + digit) % 10)
    assert is_reference(reference)
    assert not is_reference(reference[:place] + wrong + reference[place + 1 :])


@given(reference=references, place=st.integers(0, 7))
def test_it_finds_swapped_neighbours_but_for_0_and_9(reference, place):
    first, second = reference[place], reference[place + 1]
    swapped = reference[:place] + second + first + reference[place + 2 :]
    assert is_reference(swapped) == (first == second or {first, second} == {"0", "9"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "12345678",
        "1234567890",
        "12345678x",
        "१२३४५६७८९",
        "１２３４５６７８９",
        "123 45678",
        " 12345674",
        "²23456789",
        "\0" * 9,
    ],
)
def test_it_knows_what_is_no_reference(text):
    assert not is_reference(text)


def violated(reference: str) -> set[str]:
    """Which of the two constraints on references the database itself would uphold."""
    found = set()
    for constraint in Appointment._meta.constraints:
        if constraint.name in ("appointment_reference_digits", "appointment_reference_check_digit"):
            with connection.schema_editor(collect_sql=True) as editor:
                condition = constraint._get_check_sql(Appointment, editor)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {condition} FROM (SELECT %s::varchar AS reference) AS one".replace("%%", "%"), [reference]
                )
                if not cursor.fetchone()[0]:
                    found.add(constraint.name)
    return found


@pytest.mark.django_db
@given(text=st.one_of(references, st.from_regex(r"\A[0-9]{9}\Z"), st.text("0123456789", max_size=9)))
def test_it_agrees_with_the_database(text):
    good = is_reference(text) and not text.startswith("0")
    assert bool(violated(text)) != good


@given(reference=references)
def test_it_says_references_in_groups(reference):
    said = in_groups(reference)
    assert [len(group) for group in said.split(" ")] == [3, 3, 3]
    assert said.replace(" ", "") == reference


def test_it_draws_ids_that_say_nothing():
    drawn = {opaque_id() for _each in range(500)}
    assert len(drawn) == 500
    assert all(len(each) == 10 and set(each) <= set(ALPHABET) for each in drawn)
    assert not set(ALPHABET) & set("aeiou01l")
