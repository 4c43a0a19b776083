"""Booking as a patient does it, with a browser."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from appointments.links import manage_url
from appointments.models import Appointment, Status
from ipsc.dates import now
from tests import factories
from tests.browser.conftest import DESK, PHONE, faults_of, follow
from tests.people import Clinic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "": {"no_signs": "No, none of these", "continue": "Continue", "book": "Book this visit"},
    "/hi": {"no_signs": "नहीं, इनमें से कुछ नहीं", "continue": "आगे बढ़ें", "book": "यह विज़िट बुक करें"},
}


def fill_who(page: Page) -> None:
    page.check("#id_for_whom_0")
    page.fill("#id_name", "Patient One")
    page.fill("#id_age_years", "62")
    page.fill("#id_phone", "98000 00001")
    page.check("#id_consent")


def pages_off_the_way(page: Page, clinic: Clinic) -> dict[str, str]:
    """The pages that a patient sees only when something is not as it was."""
    times = f"/appointments/book/{clinic.service.public_id}/times/"
    on_holiday = factories.clinician(services=[clinic.service], name="Consultant without hours")
    on_request = factories.appointment(status=Status.REQUESTED, starts_at=now() + timedelta(days=3))
    cancelled = factories.appointment(status=Status.CANCELLED, starts_at=now() + timedelta(days=3))
    far = factories.appointment(starts_at=now() + timedelta(days=5), service=clinic.service, clinician=clinic.clinician)
    soon = factories.appointment(starts_at=now() + timedelta(minutes=30))
    with translation.override("en"):
        links = {"manage, a request": manage_url(on_request), "manage, cancelled": manage_url(cancelled)}
        links |= {f"{page} of a booking": f"{manage_url(far)}{page}/" for page in ("coming", "move", "cancel")}
        links |= {"too late": f"{manage_url(soon)}cancel/"}
    return links | {
        "privacy": "/privacy/",
        "find": "/appointments/find/",
        "find, sent": "/appointments/find/sent/",
        "a forged link": "/appointments/manage/forged/",
        "no such page": "/no-such-page/",
        "an attempt that is over": f"/appointments/book/a/{uuid.UUID(int=4)}/check/",
        "times after a lost race": f"{times}?lost=taken",
        "no times": f"{times}?clinician={on_holiday.public_id}",
        "a service that is gone": "/appointments/book/visit/?gone=1",
    }


def go_to_check(page: Page, prefix: str, clinic: Clinic) -> None:
    page.goto(f"{prefix}/appointments/book/{clinic.service.public_id}/times/")
    follow(page, page.locator(".soonest a").first)
    fill_who(page)
    follow(page, page.get_by_role("button", name=WORDS[prefix]["continue"]))


def walk(page: Page, prefix: str, seen) -> None:
    """Go from the home page to the booked page; `seen` is called on each page with its name."""
    words = WORDS[prefix]
    page.goto(f"{prefix}/")
    seen("home")
    page.goto(f"{prefix}/appointments/book/now/")
    seen("emergency")
    page.goto(f"{prefix}/appointments/book/")
    seen("urgent")
    follow(page, page.get_by_role("link", name=words["no_signs"]))
    seen("service")
    follow(page, page.locator(".choice-list a").first)
    seen("times")
    assert not page.context.cookies(), "no cookie before the first form"
    follow(page, page.locator(".soonest a").first)
    seen("who")
    follow(page, page.get_by_role("button", name=words["continue"]))
    expect(page.locator(".error-summary")).to_be_visible()
    seen("who with errors")
    fill_who(page)
    follow(page, page.get_by_role("button", name=words["continue"]))
    seen("check")
    follow(page, page.get_by_role("button", name=words["book"]))
    expect(page.locator(".reference")).to_be_visible()
    seen("manage")


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(clinic, open_page, monkeypatch, prefix, viewport, scheme):
    page = open_page(viewport=viewport, scheme=scheme)
    faults = {}

    def look(name: str) -> None:
        if found := faults_of(page):
            faults[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"

    walk(page, prefix, look)
    for name, path in pages_off_the_way(page, clinic).items():
        page.goto(prefix + path)
        look(name)
    go_to_check(page, prefix, clinic)
    with monkeypatch.context() as patched:
        patched.setattr("ipsc.ratelimit.spend", lambda what, *args, **options: what == "draft address")
        follow(page, page.get_by_role("button", name=WORDS[prefix]["book"]))
    look("too many bookings")
    go_to_check(page, prefix, clinic)
    page.context.clear_cookies()
    follow(page, page.get_by_role("button", name=WORDS[prefix]["book"]))
    look("a form without its cookie")
    clinic.settings.online_booking_open = False
    clinic.settings.save()
    page.goto(f"{prefix}/appointments/book/")
    look("closed")
    assert faults == {}
    assert page.foreign == [], "nothing is asked of a third party"


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_books_with_javascript_off(clinic, open_page, prefix):
    page = open_page(scripts=False)
    walk(page, prefix, lambda name: None)
    booked = Appointment.objects.get()
    assert booked.spoken_reference in page.locator(".reference").inner_text()
    assert booked.language == (prefix.strip("/") or "en")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".reference")).to_be_visible()


def test_it_moves_the_focus_to_the_error_summary_and_on_to_the_field(clinic, open_page):
    page = open_page()
    page.goto(f"/appointments/book/{clinic.service.public_id}/times/")
    page.locator(".soonest a").first.click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_name")).to_be_focused()


def test_it_changes_the_time_and_keeps_the_answers(clinic, open_page):
    page = open_page()
    page.goto(f"/appointments/book/{clinic.service.public_id}/times/")
    page.locator(".soonest a").first.click()
    fill_who(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Change time").click()
    page.locator(".times button").last.click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_text("Patient One")).to_be_visible()
