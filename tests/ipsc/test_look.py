"""The page with every component, for those who work on the looks."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site

pytestmark = pytest.mark.django_db


def test_it_is_there_in_development_only(client, settings):
    settings.DEBUG = False
    assert client.get("/look/").status_code == 404
    settings.DEBUG = True
    assert client.get("/look/").status_code == 200


def test_it_shows_every_component_of_the_document(client, settings):
    """A class that docs/look.md names and this page lacks is one that nobody looks at."""
    settings.DEBUG = True
    text = client.get("/look/").text
    shown = {each for value in re.findall(r'class="([^"]*)"', text) for each in value.split()}
    named = set(re.findall(r"`[^`]*?\.([a-z][a-z-]+)[^`]*`", Path(site.BASE_DIR, "docs/look.md").read_text()))
    components = {each for each in named if each not in ELSEWHERE}
    assert components <= shown, components - shown


# Shown by pages of their own, or no component.
ELSEWHERE = {
    "css", "js", "html", "md", "column", "wide", "clinicians", "weeks", "parts", "lines", "call",
    "input-short", "date-day", "date-month", "date-year", "only-for-someone-else", "ribbon",
}  # fmt: skip
