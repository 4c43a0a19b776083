"""The front door in a browser: nothing that axe finds, nothing that moves, nothing too heavy, nothing cut off."""

import pytest

from tests import public_pages
from tests.browser.conftest import DESK, PHONE, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 256}  # 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10)
LONG = "Averylongnamewithoutanyspace" * 4
SHIFTS = """() => new Promise(done => {
  let moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { moved += each.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(moved), 100));
})"""


@pytest.fixture
def full(clinic):
    """Every fact entered, so that each page shows all that it can."""
    row = clinic.settings
    row.phone, row.second_phone, row.whatsapp = "+911145678901", "+911145678902", "+919800000003"
    row.email, row.address, row.address_hi = "desk@clinic.example", "Plot 1\nDelhi", "प्लॉट 1\nदिल्ली"
    row.map_url, row.directions, row.access = "https://maps.example/x", "Gate 2", "A ramp at the gate"
    row.parking, row.languages = "In the yard", "English, Hindi"
    row.save()
    clinic.clinician.qualification, clinic.clinician.council = "MD", "Council of X"
    clinic.clinician.registration_number, clinic.clinician.languages = "12345", "English, Hindi"
    clinic.clinician.about = "Trained in X."
    clinic.clinician.save()
    clinic.service.medical_name, clinic.service.fee, clinic.service.details = (
        "medical term",
        150000,
        "First.\n\nSecond.",
    )
    clinic.service.save()
    return clinic


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(full, open_page, language, viewport, scheme):
    page = open_page(viewport=viewport, scheme=scheme)
    faults = {}
    for address in public_pages.addresses(language):
        page.goto(address)
        if found := faults_of(page):
            faults[address] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} scrolls sideways"
        assert not page.context.cookies(), f"{address} sets a cookie"
    assert faults == {}
    assert page.foreign == [], "nothing is asked of a third party"


@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_stands_still_while_it_loads(full, open_page, language):
    page = open_page()
    for address in public_pages.addresses(language):
        page.goto(address)
        assert page.evaluate(SHIFTS) == 0, address


def test_it_takes_six_requests_at_most_to_show_the_home_page(full, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert len(asked) <= 6, asked


@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_fits_at_four_hundred_per_cent_and_with_very_long_names(full, open_page, language):
    full.clinician.name = full.clinician.name_hi = LONG
    full.clinician.save()
    full.service.name = full.service.name_hi = full.service.medical_name = LONG
    full.service.save()
    full.settings.name, full.settings.address = LONG[:60], LONG
    full.settings.full_name = full.settings.full_name_hi = LONG
    full.settings.save()
    page = open_page(viewport=NARROW)
    for address in public_pages.addresses(language):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} scrolls sideways"


def test_it_shows_the_borders_of_cards_in_forced_colours(full, open_page):
    page = open_page()
    page.emulate_media(forced_colors="active")
    page.goto("/")
    for name in (".book-card", ".red-flags", ".btn-primary", ".choice"):
        width = page.locator(name).first.evaluate("each => getComputedStyle(each).borderTopWidth")
        assert float(width.removesuffix("px")) >= 1, name
