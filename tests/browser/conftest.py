"""A real browser: Debian's Chromium, driven by Playwright. Where none is found, these tests are not collected."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests import factories
from tests.people import Clinic, make_clinic

# Playwright keeps an event loop in this thread, which makes Django refuse the database otherwise.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No sandbox, because CI runs as root; the rest keeps the browser from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def faults_of(page: Page) -> list[tuple[str, str]]:
    """What axe finds in a page, each with the first place of it. It waits until the page is there as a whole."""
    page.wait_for_load_state()
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in Axe().run(page).response["violations"]]


def follow(page: Page, pressed: Locator) -> None:
    """Press a link or a button, and wait for the page to which it leads."""
    with page.expect_navigation():
        pressed.click()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """A function that gives a page of a new visitor; `foreign` collects requests that leave the site."""
    contexts: list[BrowserContext] = []

    def opened(*, viewport=PHONE, scheme="light", scripts=True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.foreign = []
        page.on("request", lambda request: request.url.startswith(live_server.url) or page.foreign.append(request.url))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def clinic(transactional_db) -> Clinic:
    """Open every day from now on, with a colleague, so that each page has something to show."""
    clinic = make_clinic()
    clinic.service.bring = "Your scans and reports\nA list of your medicines"
    clinic.service.prepare = "Wear loose clothes"
    clinic.service.save()
    colleague = factories.clinician(services=[clinic.service], name="Consultant, interventional pain")
    factories.hours(colleague, "09:00", "20:00")
    return clinic
