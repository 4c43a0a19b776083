"""Facts for machines: whatever staff type, the element holds it, ends where it should, and gives it back."""

import json
import math

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from ipsc import jsonld
from ipsc.templatetags.machines import json_ld
from tests.public_pages import blocks_of

START, END = '<script type="application/ld+json">', "</script>"
BAD = "</script><script>alert(1)</script><!-- <script --> ]]> & \" ' \u2028\u2029\x00 \\u003C"

texts = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip).filter(bool)
leaves = texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: not name.startswith("@"))
facts = st.dictionaries(
    names,
    st.recursive(
        leaves, lambda each: st.lists(each, min_size=1) | st.dictionaries(names, each, min_size=1), max_leaves=10
    ),
    min_size=1,
)


def inside(element: str) -> str:
    assert element.startswith(START)
    assert element.endswith(END)
    return element[len(START) : -len(END)]


@given(facts)
def test_it_gives_back_whatever_it_was_given(data):
    text = inside(jsonld.element(data))
    assert json.loads(text) == data
    assert not set(text) & set("<>&\u2028\u2029")


@given(st.text())
def test_it_ends_nowhere_but_at_its_end(text):
    element = jsonld.element({"name": f"x{text}"})
    assert element.count("</") == 1
    element.encode()
    assert "<" not in inside(element)


def test_a_parser_of_pages_reads_back_what_would_end_the_element():
    page = f"<html><head>{jsonld.element({'name': BAD, BAD: 'x'})}</head></html>"
    assert blocks_of(page) == [{"name": BAD, BAD: "x"}]


@pytest.mark.parametrize("empty", [None, "", "  \n", [], {}, [None, ""], {"x": None}, gettext_lazy(""), [{"x": []}]])
def test_it_leaves_out_what_says_nothing(empty):
    assert jsonld.told({"name": "IPSC", "empty": empty, "list": ["x", empty]}) == {"name": "IPSC", "list": ["x"]}


@pytest.mark.parametrize("value", [0, 0.0, False])
def test_it_keeps_nought_and_no(value):
    assert json.loads(inside(jsonld.element({"value": value}))) == {"value": value}


def test_it_leaves_out_a_thing_of_which_only_the_type_is_known():
    assert jsonld.told({"name": "x", "identifier": {"@type": "PropertyValue", "value": ""}}) == {"name": "x"}


def test_it_keeps_what_only_points_at_something_told_elsewhere():
    clinic = {"@type": "MedicalClinic", "@id": "https://clinic.example/#clinic"}
    assert jsonld.told({"name": "x", "provider": clinic})["provider"] == clinic


def test_it_is_empty_where_there_is_nothing_to_tell():
    assert jsonld.element({}) == jsonld.element({"@context": "https://schema.org", "name": ""}) == ""


def test_it_takes_lazy_and_safe_texts_for_what_they_say():
    element = jsonld.element({"name": gettext_lazy("Doctors"), "more": mark_safe("<b>&amp;</b>")})
    assert json.loads(inside(element)) == {"name": "Doctors", "more": "<b>&amp;</b>"}


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_it_refuses_a_number_that_json_does_not_have(number):
    with pytest.raises(ValueError, match="JSON"):
        jsonld.element({"value": number})


def test_half_a_character_does_not_break_the_page():
    assert json.loads(inside(jsonld.element({"name": "x\ud800y"}))) == {"name": "x?y"}


def test_the_tag_makes_an_element_for_each_and_none_for_nothing():
    assert json_ld(None) == json_ld([]) == json_ld("") == ""
    assert blocks_of(json_ld([{"name": "a"}, None, {"name": "b"}])) == [{"name": "a"}, {"name": "b"}]
