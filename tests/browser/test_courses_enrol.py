"""Enrolling in a browser, as a doctor does it, and all pages of the link: nothing that axe finds, nothing too wide."""

import uuid
from datetime import timedelta

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from courses import enrolment as verbs
from courses.links import manage_url
from courses.models import Enrolment, Mode, Status, Way
from ipsc.dates import now
from ipsc.history import DOCTOR
from ipsc.models import ClinicSettings
from tests.browser.conftest import DESK, PHONE, faults_of, follow
from tests.courses import rows
from tests.courses.office import enrol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Dr " + "Averylongnamewithoutanyspace" * 4


@pytest.fixture
def course(transactional_db):
    """A course whose fee can be paid in every way."""
    ClinicSettings(
        pk=1,
        enrolment_open=True,
        phone="+911145678901",
        address="Plot 1\nNew Delhi",
        upi_id="centre@upi",
        upi_name="The centre",
        bank_account_name="The centre",
        bank_account_number="12345678901",
        bank_ifsc="ABCD0123456",
        bank_name="Bank",
    ).save()
    return rows.course(title="Foundations of pain medicine", title_hi="दर्द चिकित्सा की नींव")


@pytest.fixture
def runs(course):
    """Three runs about the real present, the first of them near; later ones cost more."""
    return [run_in(course, 40), run_in(course, 70, fee=12_000, mode=Mode.HYBRID), run_in(course, 100, fee=0)]


def run_in(course, days: int, **fields):
    """A run that is open and begins in so many days, with a programme."""
    at = now()
    run = rows.run(course=course, starts_at=at + timedelta(days=days), opens_at=at - timedelta(days=90), **fields)
    rows.item(run)
    rows.item(
        run,
        title="Tea",
        kind="break",
        starts_at=run.starts_at + timedelta(hours=1),
        ends_at=run.starts_at + timedelta(hours=2),
    )
    return run


def full(course, days: int, **fields):
    """A run of one place, which somebody has."""
    run = run_in(course, days, capacity=1, **fields)
    enrol(run, now=now())
    return run


def fill(page: Page) -> None:
    page.fill("#id_name", "Dr Doctor One")
    page.fill("#id_email", "doctor1@example.org")
    page.fill("#id_phone", "98000 00001")
    page.select_option("#id_council", "dl")
    page.fill("#id_registration_number", "DMC/R/00001")
    page.check("#id_consent")


def press(page: Page) -> None:
    follow(page, page.locator("main form button[type=submit]").first)


def walk(page: Page, prefix: str, run, seen) -> None:
    """From the button of the course to the page of the link; `seen` is called on each page with its name."""
    page.goto(f"{prefix}/courses/runs/{run.public_id}/enrol/")
    seen("form")
    press(page)
    expect(page.locator(".error-summary")).to_be_visible()
    seen("form with errors")
    fill(page)
    press(page)
    seen("check")
    press(page)
    expect(page.locator(".reference")).to_be_visible()
    seen("done")
    follow(page, page.locator("main a[href$='/']", has_text="/courses/manage/"))
    seen("manage")


def pages_of(enrolment: Enrolment, *pages: str) -> dict[str, str]:
    with translation.override("en"):
        link = manage_url(enrolment)
    return {f"{page or 'manage'}, {enrolment.status}": f"{link}{page}" for page in pages}


def pages_of_the_link(course, runs) -> dict[str, str]:
    """The pages of people at every state that one link cannot show."""
    at, waiting_for = now(), full(course, 60)
    mine = enrol(runs[0], now=at, details=rows.details(name=LONG))
    paid = enrol(runs[0], now=at)
    number = {"transaction_number": "UPI 1234 5678 9012", "amount": 4_000}
    verbs.say_paid(enrolment=paid, way=Way.UPI, by=DOCTOR, now=at, **number)
    waits = enrol(waiting_for, now=at, queue=True)
    offered = rows.enrolment(
        run_in(course, 80), status=Status.OFFERED, offered_at=at, offer_ends_at=at + timedelta(hours=24)
    )
    over = rows.enrolment(runs[0], status=Status.CANCELLED)
    free = enrol(runs[2], now=at)
    return (
        pages_of(mine, "", "details/", "move/", f"move/{runs[1].public_id}/", "withdraw/", "pay/")
        | {f"{name}, partly paid": path for name, path in pages_of(paid, "", "pay/", "withdraw/").items()}
        | pages_of(waits, "", "move/", "withdraw/", "pay/")
        | pages_of(offered, "", "place/")
        | pages_of(over, "", "pay/")
        | {f"{name}, free": path for name, path in pages_of(free, "", "pay/").items()}
    )


def go_astray(page: Page, prefix: str, course, runs, seen) -> None:
    """What a doctor meets who presses something that cannot be; `seen` as in `walk`."""
    page.goto(f"{prefix}/courses/runs/{runs[0].public_id}/enrol/")
    fill(page)
    press(page)
    press(page)
    expect(page.locator("h1")).not_to_have_text("")
    seen("enrolled already")
    last = run_in(course, 63, capacity=1)
    page.goto(f"{prefix}/courses/runs/{last.public_id}/enrol/")
    fill(page)
    press(page)
    enrol(last, now=now())
    press(page)
    seen("the last place has gone")
    mine = enrol(runs[0], now=now(), details=rows.details(name="Dr 王"))
    link = f"{prefix}{pages_of(mine, '')[f'manage, {mine.status}']}"
    page.goto(f"{link}withdraw/")
    Enrolment.objects.filter(pk=mine.pk).update(sequence=5)
    press(page)
    expect(page.locator(".error-summary")).to_be_visible()
    seen("refused")
    page.goto(f"{link}letter.pdf")
    seen("no letter")
    page.goto(f"{prefix}/courses/2027/13/")
    seen("no such month")


def pages_off_the_way(course) -> dict[str, str]:
    """The pages that a doctor sees only when something is not as it should be."""
    waiting_for, closed = full(course, 61), full(course, 62, queue_capacity=0)
    return {
        "form for the waiting list": f"/courses/runs/{waiting_for.public_id}/enrol/",
        "nothing left": f"/courses/runs/{closed.public_id}/enrol/",
        "find": "/courses/find/",
        "find, sent": "/courses/find/sent/",
        "a forged link": "/courses/manage/forged/",
        "an attempt that is over": f"/courses/runs/{waiting_for.public_id}/enrol/{uuid.UUID(int=4)}/check/",
    }


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(course, runs, open_page, settings, prefix, viewport, scheme):
    settings.SENDS_EMAIL = True
    page = open_page(viewport=viewport, scheme=scheme)
    faults = {}

    def look(name: str) -> None:
        if found := faults_of(page):
            faults[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"

    walk(page, prefix, runs[0], look)
    go_astray(page, prefix, course, runs, look)
    for name, path in (pages_of_the_link(course, runs) | pages_off_the_way(course)).items():
        page.goto(prefix + path)
        look(name)
        if name in ("find", "pay/, confirmed"):
            press(page)
            expect(page.locator(".error-summary")).to_be_visible()
            look(f"{name} with errors")
    assert faults == {}
    assert page.foreign == [], "nothing is asked of a third party"


def test_on_a_phone_the_button_of_the_payment_app_comes_before_the_code(runs, open_page):
    mine = enrol(runs[0], now=now())
    page = open_page(viewport=PHONE)
    page.goto(f"{manage_url(mine)}pay/")
    button = page.get_by_role("link", name="Open my UPI app").bounding_box() or {}
    code = page.locator(".pay-code").bounding_box() or {}
    assert button["y"] + button["height"] < code["y"]


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_enrols_with_javascript_off(runs, open_page, prefix):
    page = open_page(scripts=False)
    walk(page, prefix, runs[0], lambda name: None)
    made = Enrolment.objects.get()
    assert (made.status, made.language) == (Status.CONFIRMED, prefix.strip("/") or "en")
    expect(page.locator(".reference")).to_contain_text(made.spoken_reference)
