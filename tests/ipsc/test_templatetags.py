"""Texts that staff enter: their language, their lines, and nothing that a browser would run."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from ipsc.fields import DayMonthYearField
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import first_input_id, lines


def render(source: str, language: str = "en", **context) -> str:
    with override(language):
        return Template("{% load ipsc %}" + source).render(Context(context))


def address(language: str, **texts) -> str:
    return render('{% staff_text clinic "address" %}', language, clinic=ClinicSettings(**texts))


@pytest.mark.parametrize(
    ("language", "texts", "shown"),
    [
        ("en", {"address": "Delhi", "address_hi": "दिल्ली"}, "Delhi"),
        ("hi", {"address": "Delhi", "address_hi": "दिल्ली"}, "दिल्ली"),
        ("hi", {"address": "Delhi"}, '<span lang="en">Delhi</span>'),
        ("en", {"address_hi": "दिल्ली"}, '<span lang="hi">दिल्ली</span>'),
        ("en", {}, ""),
        ("hi", {}, ""),
    ],
)
def test_it_shows_a_text_in_the_pages_language_and_marks_what_falls_back(language, texts, shown):
    assert address(language, **texts) == shown


def test_it_marks_the_text_of_a_field_that_has_no_hindi_version():
    assert render('{% staff_text clinic "name" %}', "hi", clinic=ClinicSettings()) == '<span lang="en">IPSC</span>'


@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_escapes_what_staff_enter(language):
    shown = address(language, address="<script>alert(1)</script> & co")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in shown
    assert "<script" not in shown


def test_it_keeps_the_lines_of_an_address():
    assert address("en", address="Plot 1\r\nDelhi") == "Plot 1<br>Delhi"


def test_it_lists_the_items_of_a_text_each_marked_where_it_falls_back():
    clinic = ClinicSettings(red_flags="Fever & fall\n\n  Weak leg  \n", red_flags_hi="")
    source = '{% staff_lines clinic "red_flags" as signs %}{% for sign in signs %}[{{ sign }}]{% endfor %}'
    assert render(source, "en", clinic=clinic) == "[Fever &amp; fall][Weak leg]"
    assert (
        render(source, "hi", clinic=clinic)
        == '[<span lang="en">Fever &amp; fall</span>][<span lang="en">Weak leg</span>]'
    )


@pytest.mark.parametrize(
    ("language", "texts", "shown"),
    [
        ("en", {"directions": "Gate 2\r\n\r\nSecond floor\r\nleft"}, "<p>Gate 2</p><p>Second floor<br>left</p>"),
        ("hi", {"directions": "Gate 2"}, '<p lang="en">Gate 2</p>'),
        ("hi", {"directions": "Gate 2", "directions_hi": "गेट 2"}, "<p>गेट 2</p>"),
        ("en", {"directions": "a\n \n\n\nb"}, "<p>a</p><p>b</p>"),
        ("en", {"directions": "<b>x</b>"}, "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("en", {"directions": " \n \n"}, ""),
        ("en", {}, ""),
    ],
)
def test_it_makes_paragraphs_of_a_longer_text(language, texts, shown):
    assert render('{% staff_paragraphs clinic "directions" %}', language, clinic=ClinicSettings(**texts)) == shown


@pytest.mark.parametrize(
    ("language", "texts", "shown"),
    [
        ("en", {"address": "दिल्ली"}, '<span lang="hi">दिल्ली</span>'),
        ("hi", {"address_hi": "Delhi"}, '<span lang="en">Delhi</span>'),
        ("hi", {"address_hi": "दिल्ली 110001"}, "दिल्ली 110001"),
        ("en", {"address": "110001"}, "110001"),
    ],
)
def test_it_believes_the_script_where_a_text_stands_in_the_field_of_the_other_language(language, texts, shown):
    assert address(language, **texts) == shown


@pytest.mark.parametrize(
    ("text", "expected"), [("a\r\n \n b ", ["a", "b"]), ("", []), (None, []), (" \n\t\n", []), ("one", ["one"])]
)
def test_it_splits_a_text_into_lines_with_something_on_them(text, expected):
    assert lines(text) == expected


class Questions(forms.Form):
    name = forms.CharField()
    whose = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    born_on = DayMonthYearField()


@pytest.mark.parametrize("name", ["name", "whose", "born_on"])
def test_it_names_an_input_that_is_on_the_page(name):
    form = Questions()
    assert f'id="{first_input_id(form[name])}"' in str(form[name])
