"""What `manage.py check` finds in the settings for SMS, and the texts that come as an example."""

import json
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import translation

from appointments.messages.kinds import variables
from appointments.models import Appointment
from ipsc import sms
from ipsc.models import Message
from ipsc.outbox.kinds import KINDS
from ipsc.sms.checks import check
from ipsc.sms.templates import parts
from tests.factories import TOMORROW, at

EXAMPLE = Path(site.BASE_DIR) / "docs" / "sms-templates.json"
TEXTS = json.loads(EXAMPLE.read_text(encoding="utf-8"))
SENT = [kind for kind in KINDS.values() if kind.name.startswith("appointments.") and kind.variables]


@pytest.fixture
def http(settings):
    settings.SMS_ADAPTER, settings.SMS_HTTP_URL = "http", "https://gateway.example/send"
    settings.SMS_HTTP_ACCEPTED = "ok"
    settings.SMS_TEMPLATES = str(EXAMPLE)
    return settings


def told() -> list[str]:
    return [f"{each.id} {each.msg}" for each in check()]


def write(settings, path: Path, kinds: object) -> None:
    path.write_text(kinds if isinstance(kinds, str) else json.dumps(kinds), encoding="utf-8")
    settings.SMS_TEMPLATES = str(path)


def test_the_example_has_every_kind_in_every_language():
    assert TEXTS.keys() == {kind.name for kind in SENT}
    assert all(each.keys() == {"en", "hi"} for each in TEXTS.values())


def test_the_example_is_in_order(http):
    assert told() == []


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("kind", SENT, ids=lambda kind: kind.name)
def test_each_text_of_the_example_is_filled_and_fits(http, kind, language):
    appointment = Appointment(reference="237667258", public_id="abcdefghjk", link_version=1)
    message = Message(kind=kind.name, language=language)
    with translation.override("en"):
        filled = sms.fill(sms.registered(kind.name, language), variables(message, appointment, at(TOMORROW, "10:30")))
    assert "{" not in filled
    longest = variables(message, appointment, at(TOMORROW, "10:30"))
    assert all(len(value) <= most for value, most in zip(longest, kind.variables, strict=True))
    assert parts(filled) <= 3
    assert ("/m?" in filled) == (len(kind.variables) in (1, 4))


def test_without_an_adapter_there_is_nothing_to_check(settings):
    settings.SMS_ADAPTER, settings.SMS_TEMPLATES = "", "/nowhere"
    assert told() == []


def test_it_names_what_is_wrong_with_the_gateway(http):
    http.SMS_ADAPTER = "pigeon"
    assert told() == ["ipsc.sms.E001 SMS_ADAPTER is 'pigeon'; set it to one of console, http."]
    http.SMS_ADAPTER, http.SMS_HTTP_URL, http.SMS_HTTP_ACCEPTED = "http", "gateway.example", ""
    assert [each.split()[0] for each in told()] == ["ipsc.sms.E002", "ipsc.sms.W003"]


@pytest.mark.parametrize("source", ["{", "[]", '{"appointments.booked": 1}', '{"a": {"en": {"id": 1}}}', "\0"])
def test_it_says_that_a_file_cannot_be_read(http, tmp_path, source):
    write(http, tmp_path / "texts.json", source)
    assert [each.split()[0] for each in told()] == ["ipsc.sms.E004"]


def test_it_says_that_there_is_no_text(http):
    http.SMS_TEMPLATES = ""
    assert told() == ["ipsc.sms.W005 SMS_TEMPLATES names no text: no SMS is sent at all."]


@pytest.mark.parametrize(
    ("name", "language", "text", "words"),
    [
        ("appointments.bokked", "en", "{1} {2} {3} {4}", "there is no such kind of SMS"),
        ("appointments.find", "en", "{1}", "there is no such kind of SMS"),
        ("appointments.booked", "fr", "{1} {2} {3} {4}", "does not speak this language"),
        ("appointments.booked", "en", "{1} {2}", "has 2 variables, and this kind fills 4"),
        ("appointments.booked", "hi", "विज़िट " * 30 + "{1} {2} {3} {4}", "parts; at most 3 are sent"),
    ],
)
def test_it_names_each_text_that_no_carrier_would_take(http, tmp_path, name, language, text, words):
    write(http, tmp_path / "texts.json", {name: {language: {"id": "1", "text": text}}})
    [found] = told()
    assert found.startswith(f"ipsc.sms.E006 SMS_TEMPLATES, {name} ({language}): ")
    assert words in found
