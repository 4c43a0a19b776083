"""The catalogue in a browser: nothing that axe finds, a link to a run that opens it, and paper."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from courses.models import Mode
from ipsc.dates import now
from ipsc.models import ClinicSettings
from tests.browser.conftest import DESK, PHONE, faults_of, follow
from tests.courses import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Averylongnamewithoutanyspace" * 4


@pytest.fixture
def runs(transactional_db):
    """A course with runs in every state, the first of them open; all lie about the real present."""
    ClinicSettings(pk=1, enrolment_open=True, phone="+911145678901", address="Plot 1\nNew Delhi").save()
    course = rows.course(
        title="Foundations of pain medicine",
        title_hi="दर्द चिकित्सा की नींव",
        description="First.\n\nSecond.",
        outcomes="One\nTwo",
        syllabus="One\nTwo",
        endorsed=True,
    )
    course.authors.set([rows.faculty(about="Trained in X.")])
    at, day = now(), timedelta(days=1)
    opened = {"course": course, "opens_at": at - 90 * day}
    found = [rows.run(starts_at=at + 40 * day, fee_includes="Lunch", map_url="https://maps.example/x", **opened)]
    found.append(rows.run(starts_at=at + 41 * day, ends_at=at + 43 * day, capacity=9, mode=Mode.HYBRID, **opened))
    full = rows.run(starts_at=at + 42 * day, capacity=1, **opened)
    rows.enrolment(full)
    closed = rows.run(starts_at=at + 43 * day, capacity=1, queue_capacity=0, **opened)
    rows.enrolment(closed)
    rows.run(course=course, starts_at=at + 44 * day, opens_at=at + day)
    rows.run(starts_at=at + 45 * day, state="cancelled", **opened)
    rows.run(starts_at=at + 12 * timedelta(hours=1), closes_at=at, **opened)
    rows.run(starts_at=at - timedelta(hours=1), **opened)
    rows.run(starts_at=at - 20 * day, **opened)
    for run in found:
        rows.item(run, speaker=course.authors.get())
        begins = run.starts_at + timedelta(hours=1)
        rows.item(run, title="Tea", kind="break", starts_at=begins, ends_at=begins + timedelta(minutes=15))
    return [*found, full, closed]


def addresses(runs) -> list[str]:
    month = runs[0].month
    in_month = f"/courses/{month.year}/{month.month:02}/"
    course = runs[0].course.get_absolute_url()
    empty = f"/courses/{month.year + 3}/01/"
    return ["/courses/", "/courses/?category=cancer&places=free", in_month, f"{in_month}?mode=hybrid", empty, course]


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(runs, open_page, prefix, viewport, scheme):
    page = open_page(viewport=viewport, scheme=scheme)
    faults = {}
    for address in addresses(runs):
        page.goto(f"{prefix}{address}")
        for fold in page.locator("summary").all():
            fold.click()
        if found := faults_of(page):
            faults[address] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} scrolls sideways"
        assert not page.context.cookies(), f"{address} sets a cookie"
    assert faults == {}
    assert page.foreign == []


def test_a_card_leads_to_its_run_and_opens_it(runs, open_page):
    page = open_page(scripts=False)
    month = runs[1].month
    page.goto(f"/courses/{month.year}/{month.month:02}/?mode=hybrid")
    follow(page, page.locator(".run-title a").first)
    expect(page.locator(f"[id='{runs[1].public_id}']")).to_be_visible()
    expect(page.locator(f"[id='{runs[0].public_id}']")).to_be_hidden()


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_on_a_phone_it_is_easy_to_touch_and_the_same_in_every_state(runs, open_page, prefix):
    page = open_page(viewport=PHONE)
    for address in addresses(runs):
        page.goto(f"{prefix}{address}")
        for link in page.locator(".run-title a, .run-month a, .plain-list a, .run-act .btn").all():
            assert (link.bounding_box() or {})["height"] >= 48, f"{address}: {link.text_content()}"
        for act in page.locator(".run .run-act").all():
            state, button = (act.locator(each).bounding_box() or {} for each in (".run-state", ".btn"))
            assert button["y"] >= state["y"] + state["height"]
            assert button["width"] == (act.bounding_box() or {})["width"]
        # The last day stands in one line.
        for until in page.locator(".run-until").all():
            assert (until.bounding_box() or {})["height"] < 30


def test_it_narrows_down_and_back_without_scripts(runs, open_page):
    page = open_page(scripts=False)
    page.goto("/courses/")
    page.locator(".filters summary").click()
    follow(page, page.get_by_role("link", name="on-site and online", exact=True))
    assert page.url.endswith("/courses/?mode=hybrid")
    follow(page, page.locator(".pill-away").first)
    assert page.url.endswith("/courses/")


def test_paper_shows_the_programme_and_nothing_to_press(runs, open_page):
    page = open_page(viewport=DESK)
    page.goto(runs[0].course.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator(f"[id='{runs[0].public_id}']")).to_be_visible()
    expect(page.locator(".run-act .btn").first).to_be_hidden()


def test_very_long_words_break(runs, open_page):
    course = runs[0].course
    course.title = course.title_hi = course.summary = LONG
    course.save()
    page = open_page(viewport={"width": 320, "height": 600})
    for address in addresses(runs):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} scrolls sideways"
