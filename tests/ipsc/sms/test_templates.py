"""Registered texts: their variables, and how many parts they take."""

import pytest

from ipsc import sms
from ipsc.sms import templates
from ipsc.sms.templates import Template, Unfit, parse, parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        # Each of the extension takes two places.
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        # One letter of another script, and all of it is sent in that alphabet.
        ("क" * 70, 1),
        ("क" * 71, 2),
        ("a" * 69 + "क", 1),
        ("a" * 70 + "क", 2),
        ("क" * 134, 2),
        ("क" * 135, 3),
        ("’" + "a" * 70, 2),
        # Marks count: what looks like one letter may be four.
        ("क्षि" * 17 + "कि", 1),
        ("क्षि" * 17 + "किं", 2),
        # Beyond the basic plane a letter is two units of UTF-16.
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_carriers_count_them(text, count):
    assert parts(text) == count


def test_variables_stand_where_their_numbers_are():
    template = Template("1", "On {1} at {2}: https://clinic.example/m?{3}")
    assert sms.fill(template, ["Thu", "{1}", "x"]) == "On Thu at {1}: https://clinic.example/m?x"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ([], "has 2 variables, and 0 were given"),
        (["a", "b", "c"], "has 2 variables, and 3 were given"),
        (["a", ""], "Variable 2 is empty"),
        (["a", "  "], "Variable 2 is empty"),
        (["a\nb", "b"], "Variable 1 is empty or holds more than one line"),
        (["a", "b\r\nBcc: x"], "Variable 2 is empty or holds more than one line"),
        (["a" * 31, "b"], "Variable 1 has 31 characters; carriers take 30"),
    ],
)
def test_variables_that_no_carrier_takes_are_refused(variables, words):
    with pytest.raises(Unfit, match=words):
        sms.fill(Template("1", "{1} {2}"), variables)


def test_a_variable_of_thirty_characters_fits():
    assert sms.fill(Template("1", "{1}"), ["a" * 30]) == "a" * 30


def test_a_text_of_four_parts_is_refused():
    assert sms.fill(Template("1", "क" * 201), [])
    with pytest.raises(Unfit, match="takes 4 parts"):
        sms.fill(Template("1", "क" * 202), [])


@pytest.mark.parametrize("text", ["{2}", "{0}", "{1} {3}", "{1} {1}", "{2} {1}"])
def test_variables_are_numbered_in_order(text):
    found = parse({"tests.note": {"en": {"id": "1", "text": text}}})
    assert not found.templates
    assert "Number the variables" in found.problems[0]


def test_each_language_has_a_registration_of_its_own():
    found = parse({"tests.note": {"en": {"id": "1", "text": "Hello"}}})
    assert found.templates == {("tests.note", "en"): Template("1", "Hello")}


def test_a_fault_in_the_file_is_logged_once(settings, tmp_path, caplog):
    path = tmp_path / "sms.json"
    path.write_text("{")
    settings.SMS_TEMPLATES = str(path)
    assert [sms.registered("tests.note", "en"), sms.registered("tests.note", "hi")] == [None, None]
    assert len([record for record in caplog.records if record.name == "ipsc.sms"]) == 1
    assert templates.registry().problems
