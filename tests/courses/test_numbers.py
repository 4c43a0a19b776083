"""Numbers that forms carry."""

import pytest

from courses.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_it_reads_a_whole_number(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "x", "\0", "१२", "²", "1000000000"])
def test_anything_else_is_none_that_there_is(text):
    assert whole_number(text) == -1


def test_a_row_may_have_more_digits():
    assert whole_number("9" * 17, most_digits=17) == 10**17 - 1
    assert whole_number("9" * 18, most_digits=17) == -1
