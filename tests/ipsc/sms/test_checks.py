"""What `manage.py check` says of the SMS settings, and that the example would do."""

import json

import pytest
from django.conf import settings as site

from appointments.messages import kinds
from ipsc import sms
from ipsc.dates import short_day, time_of_day
from ipsc.outbox.kinds import KINDS
from ipsc.sms import checks, templates
from tests.factories import TOMORROW, at

EXAMPLE = site.BASE_DIR / "docs" / "sms-templates.example.json"
ENTRIES = [(kind, language) for kind, languages in json.loads(EXAMPLE.read_text()).items() for language in languages]
TOKEN = "AbCdEfGhIjKlMnOp123_bcdfghjkmn"  # as long as a carrier takes it


@pytest.fixture(autouse=True)
def example(settings):
    settings.SMS_ADAPTER, settings.SMS_TEMPLATES = "console", str(EXAMPLE)
    settings.SITE_URL = "https://clinic.example"


def said() -> str:
    return "\n".join(f"{message.id} {message.msg} {message.hint or ''}" for message in checks.check_sms())


@pytest.fixture
def registered(tmp_path, settings):
    """Changes one registration of the example."""

    def change(kind="appointments.booked", language="en", **fields):
        found = json.loads(EXAMPLE.read_text())
        found.setdefault(kind, {}).setdefault(language, {"id": "1", "text": "x"}).update(fields)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        path.write_text(json.dumps(found))
        settings.SMS_TEMPLATES = str(path)

    return change


def test_the_example_is_fit_for_use():
    assert said() == ""


def test_the_example_has_every_kind_in_every_language():
    named = {(name, code) for name, kind in KINDS.items() if kind.variables for code, _ in site.LANGUAGES}
    assert set(ENTRIES) == {entry for entry in named if entry[0].startswith(kinds.APP)}


@pytest.mark.parametrize(("kind", "language"), ENTRIES)
def test_each_text_of_the_example_fits_with_the_longest_variables(kind, language):
    longest = {
        "day": {"en": "Wed 30 Sep", "hi": "शुक्र 10 अप्रैल"}[language],
        "time": {"en": "12:30 pm", "hi": "दोपहर 12:30 बजे"}[language],
        "reference": "123 456 789",
        "token": TOKEN,
    }
    template = sms.registered(kind, language)
    text = sms.fill(template, [longest[name] for name in KINDS[kind].variables])
    assert templates.parts(text) <= templates.MOST_PARTS
    assert ("token" in KINDS[kind].variables) == (TOKEN in text)
    if language == "en":
        assert set(text) <= templates.BASIC | templates.EXTENDED


def test_days_and_times_are_as_long_as_carriers_take_them():
    assert len(short_day(TOMORROW)) <= templates.LONGEST_VARIABLE
    assert len(time_of_day(at(TOMORROW, "12:30"))) <= templates.LONGEST_VARIABLE
    assert len(TOKEN) == templates.LONGEST_VARIABLE


def test_without_sms_there_is_nothing_to_say(settings):
    settings.SMS_ADAPTER = settings.SMS_TEMPLATES = ""
    assert checks.check_sms() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "Booked {1} {2}"}, "has 2 variables; this kind has 4: {1} day, {2} time, {3} reference, {4} token."),
        ({"text": "{2} {1} {3} {4}"}, "Number the variables"),
        ({"text": "{1} {1} {2} {3}"}, "Number the variables"),
        ({"text": "{1} {2} {3} https://elsewhere.example/m?{4}"}, "stand in it as https://clinic.example/m?{4}"),
        ({"text": "{1} {2} {3} https://clinic.example/m?{4}" + "x" * 450}, "takes 4 parts; at most 3"),
        ({"text": "{1} {2} {3} https://clinic.example/m?{4}" + "क" * 180}, "takes 4 parts; at most 3"),
        ({"text": ""}, 'Give "id" and "text"'),
        ({"id": 7}, 'Give "id" and "text"'),
        ({"kind": "appointments.boked"}, "appointments.boked (en): there is no such kind of SMS"),
        ({"kind": "appointments.find"}, "appointments.find (en): there is no such kind of SMS"),
        ({"language": "de"}, "the site has no such language. It has en, hi."),
    ],
)
def test_a_bad_registration_is_told_in_plain_words(registered, fields, words):
    registered(**fields)
    assert words in said()


def test_a_link_in_hindi_leads_to_the_hindi_page(registered):
    registered(language="hi", text="{1} {2} {3} https://clinic.example/m?{4}")
    assert "as https://clinic.example/hi/m?{4}" in said()


@pytest.mark.parametrize("text", ["[]", "{", '{"appointments.booked": []}', '{"appointments.booked": {"en": "x"}}'])
def test_a_file_of_another_form_is_told_and_breaks_nothing(tmp_path, settings, text):
    (tmp_path / "sms.json").write_text(text)
    settings.SMS_TEMPLATES = str(tmp_path / "sms.json")
    assert "ipsc.W011" in said()
    assert sms.registered("appointments.booked", "en") is None


def test_a_file_that_is_not_there_is_told_and_breaks_nothing(settings):
    settings.SMS_TEMPLATES = "/nowhere/sms.json"
    assert "/nowhere/sms.json cannot be read" in said()
    assert sms.registered("appointments.booked", "en") is None


def test_one_bad_registration_leaves_the_others(registered):
    registered(text="{2}")
    assert sms.registered("appointments.booked", "en") is None
    assert sms.registered("appointments.booked", "hi")


def test_what_is_not_registered_is_told(tmp_path, settings):
    path = tmp_path / "sms.json"
    path.write_text("{}")
    settings.SMS_TEMPLATES = str(path)
    assert "nothing is registered for appointments.booked (en, hi)." in said()
    assert "appointments.find" not in said()


HTTP = {
    "SMS_ADAPTER": "http",
    "SMS_HTTP_URL": "https://gateway.example/send",
    "SMS_HTTP_FORMAT": "form",
    "SMS_HTTP_FIELDS": {"to": "{number}", "text": "{text}", "key": "secret"},
    "SMS_HTTP_HEADERS": {},
    "SMS_HTTP_ACCEPTED": "ok",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"SMS_ADAPTER": "htp"}, "ipsc.E001 SMS_ADAPTER is 'htp'. One of: console, http."),
        ({"SMS_HTTP_URL": ""}, "ipsc.E002"),
        ({"SMS_HTTP_URL": "http://gateway.example/"}, "ipsc.W002"),
        ({"SMS_HTTP_FORMAT": "xml"}, "ipsc.E003 SMS_HTTP_FORMAT is 'xml'."),
        ({"SMS_HTTP_FIELDS": []}, "ipsc.E004"),
        (
            {"SMS_HTTP_FIELDS": {"a": "{text}", "b": "{to}", "c": ["{msg}"]}},
            "ipsc.E005 SMS_HTTP_FIELDS: nothing is known",
        ),
        ({"SMS_HTTP_FIELDS": {"a": "{text}"}}, "ipsc.E006"),
        ({"SMS_HTTP_ACCEPTED": "("}, "ipsc.E007"),
        ({"SMS_HTTP_ACCEPTED": ""}, "ipsc.W003"),
        ({"SMS_TEMPLATES": ""}, "ipsc.W001"),
    ],
)
def test_a_gateway_that_cannot_work_is_told(settings, changes, words):
    for name, value in (HTTP | changes).items():
        setattr(settings, name, value)
    assert said().startswith(words)
    assert bool(said()) == bool(words)
