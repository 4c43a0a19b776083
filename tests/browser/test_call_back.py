"""Asking for a call in a browser, with and without JavaScript, and reception's list of calls."""

import re

import pytest
from playwright.sync_api import expect

from appointments.models import CallBack
from tests import factories
from tests.browser.conftest import DESK, PHONE, faults_of, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "/appointments/call-me-back/"


def fill(page, about: str = "") -> None:
    page.fill("#id_name", "Caller One")
    page.fill("#id_phone", "98000 00001")
    page.fill("#id_about", about)
    page.check("#id_consent")


def press(page) -> None:
    follow(page, page.locator("main form button[type=submit]"))


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(clinic, open_page, prefix, viewport, scheme):
    page = open_page(viewport=viewport, scheme=scheme)
    faults = {}

    def look(name: str) -> None:
        if found := faults_of(page):
            faults[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"

    page.goto(prefix + FORM)
    look("form")
    press(page)
    look("errors")
    fill(page, "cannot pass urine")
    press(page)
    expect(page.locator(".red-flags").first).to_be_visible()
    look("card")
    press(page)
    expect(page).to_have_url(re.compile("/sent/"))
    look("sent")
    clinic.settings.call_back_open = False
    clinic.settings.save()
    page.goto(prefix + FORM)
    look("closed")
    assert faults == {}
    assert page.foreign == []


def test_it_asks_for_a_call_with_javascript_off(clinic, open_page):
    page = open_page(scripts=False)
    page.goto(f"/hi{FORM}?from=closed")
    fill(page, "कल से पेशाब नहीं हो रहा है")
    press(page)
    assert not CallBack.objects.exists(), "the card comes first"
    press(page)
    call = CallBack.objects.get()
    assert (call.name, call.language, call.came_from) == ("Caller One", "hi", "closed")
    assert call.red_flags


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_reception_works_through_the_calls(clinic, open_page, viewport, client, admin_user):
    factories.call_back(name="Caller One", red_flags="cannot pass urine")
    factories.call_back(name="Caller Two")
    page = open_page(viewport=viewport, scripts=False)
    client.force_login(admin_user)
    cookie = client.cookies["sessionid"].value
    page.goto("/")
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": page.url}])
    page.goto("/admin/appointments/callback/")
    page.get_by_role("button", name="Spoken to").first.click()
    expect(page.get_by_text("Caller Two")).to_be_visible()
    first = CallBack.objects.get(name="Caller One")
    assert first.state == "reached", "words of an emergency come first"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
