"""The Hindi catalogue: whole for what patients read, and compiled."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

from courses.models import Category, ItemKind, Level, Mode, Way

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "hi" / "LC_MESSAGES" / "django.po"
# What only staff see is English; the admin has no Hindi address.
FOR_STAFF = (
    "templates/admin/",
    "ipsc/admin",
    "ipsc/demonstration",
    "ipsc/clock",
    "ipsc/embedded",
    "ipsc/management",
    "ipsc/messages",
    "ipsc/outbox",
    "ipsc/pictures",
    "ipsc/redflags",
    "ipsc/safety",
    "ipsc/sampling",
    "ipsc/serving",
    "appointments/admin",
    "appointments/bench",
    "appointments/messages/kinds",
    "appointments/messages/reaching",
    "appointments/samples",
    "appointments/setup",
    "appointments/templatetags",
    "templates/messages/faq/",
    "courses/admin",
    "courses/bench",
    "courses/enrolment/bench",
    "courses/importing",
    "courses/messages/finding",
    "courses/messages/kinds",
    "courses/messages/office",
    "courses/planning",
    "courses/samples",
    "courses/schedule",
    "courses/sheets",
    "courses/staff_forms",
    "courses/templatetags/course_desk",
    "courses/waiting",
    "faq/admin",
    "faq/editing",
    "faq/reminding",
    "faq/transfer",
)
PUBLIC = ("templates/", "appointments/", "courses/", "ipsc/", "faq/")
MODELS = (
    "appointments/models",
    "ipsc/models",
    "ipsc/apps",
    "appointments/apps",
    "ipsc/history",
    "ipsc/references",
    "ipsc/samples",
    "courses/models",
    "courses/apps",
    "faq/models",
    "faq/apps",
    "faq/slugs",
)
# Models are for staff; of these, the public pages show the names of the choices.
SHOWN_CHOICES = (Category, ItemKind, Level, Mode, Way)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def public_entries() -> list[polib.POEntry]:
    entries = []
    for entry in polib.pofile(str(CATALOGUE)):
        places = [place for place, _line in entry.occurrences]
        if any(place.startswith(PUBLIC) and not place.startswith((*FOR_STAFF, *MODELS)) for place in places):
            entries.append(entry)
    return entries


def test_it_says_everything_that_patients_read_in_hindi():
    missing = [entry.msgid for entry in public_entries() if not entry.translated() or entry.fuzzy]
    assert missing == []


@pytest.mark.parametrize("choices", SHOWN_CHOICES)
def test_it_names_the_choices_of_courses_in_hindi(choices):
    with translation.override("hi"):
        told = {choice.value: str(choice.label) for choice in choices}
    assert {value: words for value, words in told.items() if words != "UPI" and re.search("[A-Za-z]", words)} == {}


def test_it_keeps_the_placeholders():
    for entry in polib.pofile(str(CATALOGUE)).translated_entries():
        for text in [entry.msgstr] if not entry.msgid_plural else entry.msgstr_plural.values():
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural)), (
                entry.msgid
            )
            if not entry.msgid_plural:
                assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid


def test_it_is_compiled_from_what_the_catalogue_says(tmp_path):
    source, compiled = polib.pofile(str(CATALOGUE)), polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    told = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, dict(entry.msgstr_plural)) for entry in source.translated_entries()
    }
    held = {(entry.msgctxt, entry.msgid): (entry.msgstr, dict(entry.msgstr_plural)) for entry in compiled}
    assert held == told


@pytest.mark.parametrize("pattern", ["*.html", "*.txt"])
def test_it_leaves_no_bare_english_in_public_templates(pattern):
    """Words outside tags, variables and translations are words that Hindi readers cannot read."""
    bare = {}
    for path in Path(settings.BASE_DIR, "templates").rglob(pattern):
        # The look is for those who work on the site, and there is none outside development.
        if "admin" in path.parts or path.name == "look.html":
            continue
        text = re.sub(
            r"{% blocktranslate.*?{% endblocktranslate %}|{% comment.*?{% endcomment %}|{#.*?#}",
            "",
            path.read_text(),
            flags=re.S,
        )
        text = re.sub(r"{% block body_class %}.*?{% endblock %}", "", text)
        text = re.sub(r"<(svg|style|script)\b.*?</\1>", "", text, flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", " ", text, flags=re.S)
        if words := re.findall(r"[A-Za-z]{3,}", text):
            bare[path.name] = words
    allowed = {"IPSC"}
    assert {name: words for name, words in bare.items() if set(words) - allowed} == {}
