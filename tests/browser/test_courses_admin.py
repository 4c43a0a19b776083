"""The course office in a browser: its pages by phone and at the desk, and the work of the day in few presses."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from courses import enrolment as verbs
from courses.models import CourseRun, Enrolment
from ipsc.dates import clinic_day, now
from ipsc.history import DOCTOR, Actor
from ipsc.models import ClinicSettings
from ipsc.roles import COURSE_OFFICE, sync_roles
from tests import factories
from tests.browser.conftest import DESK, PHONE, faults_of, follow
from tests.courses import rows
from tests.courses.office import enrol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db) -> User:
    sync_roles()
    clinic = ClinicSettings.load()
    clinic.enrolment_open, clinic.upi_id = True, "courses@example"
    factories.save_as(clinic, by=factories.SITE)
    user = User.objects.create_user("courses", password="courses-123", is_staff=True)
    user.groups.add(Group.objects.get(name=COURSE_OFFICE))
    return user


@pytest.fixture
def desk(open_page, office):
    def signed_in(**options) -> Page:
        page = open_page(**options)
        page.goto("/admin/")
        page.fill("#id_username", "courses")
        page.fill("#id_password", "courses-123")
        follow(page, page.locator("[type=submit]"))
        return page

    return signed_in


def moment(days: int, clock: str) -> datetime:
    return factories.at(clinic_day(now()) + timedelta(days=days), clock)


@pytest.fixture
def run(office) -> CourseRun:
    """A run with a queue, an offer, a claim, a failed payment and somebody without an address."""
    course = rows.course(title="Ultrasound for the pain physician")
    first = rows.run(
        course=course,
        starts_at=moment(30, "09:00"),
        ends_at=moment(30, "17:00"),
        opens_at=moment(-30, "09:00"),
        closes_at=moment(25, "09:00"),
        capacity=3,
    )
    rows.run(
        course=course,
        starts_at=moment(60, "09:00"),
        ends_at=moment(60, "17:00"),
        opens_at=moment(-30, "09:00"),
        closes_at=moment(55, "09:00"),
    )
    by = Actor.staff(office)
    people = [enrol(first, number, now=now(), by=by) for number in (1, 2)]
    long = rows.details(3, name="LongName" * 12, email="", place="Hospital " * 10)
    people.append(enrol(first, details=long, now=now(), by=by))
    queue = [enrol(first, number, queue=True, now=now()) for number in (4, 5)]
    verbs.say_paid(
        enrolment=people[0], way="upi", transaction_number="ABC 123/4", amount=people[0].owed, by=DOCTOR, now=now()
    )
    verbs.take_payment(
        enrolment=people[1], way="desk", transaction_number="", amount=500, seen_paid=0, by=by, now=now()
    )
    verbs.withdraw(enrolment=people[2], by=by, now=now())
    assert Enrolment.objects.get(pk=queue[0].pk).status == "offered"
    return first


PAGES = [
    "/admin/",
    "courses/course/",
    "courses/course/{course}/change/",
    "courses/course/add/",
    "courses/faculty/",
    "courses/faculty/add/",
    "courses/courserun/",
    "courses/courserun/{run}/change/",
    "courses/courserun/add/",
    "courses/courserun/schedule/",
    "courses/courserun/{run}/capacity/",
    "courses/courserun/{run}/cancel/",
    "courses/courserun/{run}/copy/",
    "courses/courserun/copy/",
    "courses/enrolment/",
    "courses/enrolment/{paid}/change/",
    "courses/enrolment/{waiting}/change/",
    "courses/enrolment/{ended}/change/",
    "courses/enrolment/{paid}/withdraw/",
    "courses/enrolment/{paid}/move/",
    "courses/enrolment/{paid}/correct/",
    "courses/enrolment/{paid}/renew_link/",
    "courses/enrolment/unreached/",
    "courses/enrolment/roster/{run}/",
    "courses/enrolment/roster/{run}/print/",
    "courses/enrolment/add/{run}/",
    "courses/enrolment/import/{run}/",
    "courses/enrolment/write/{run}/",
    "courses/payment/",
    "courses/payment/{claim}/change/",
    "courses/payment/{claim}/not_found/",
    "courses/payment/{received}/take_back/",
    "courses/payment/refunds/{paid}/",
    "courses/faculty/{faculty}/change/",
    "courses/payment/refunds/",
    "courses/payment/overdue/",
    "courses/payment/take/?q=doctor",
    "courses/payment/take/{paid}/",
    "ipsc/message/",
]


def addresses(run: CourseRun) -> list[str]:
    people = list(Enrolment.objects.filter(run=run).order_by("pk"))
    named = {
        "course": run.course_id,
        "run": run.pk,
        "claim": people[0].payments.get().pk,
        "paid": people[1].pk,
        "received": people[1].payments.get().pk,
        "faculty": rows.faculty().pk,
        "ended": people[2].pk,
        "waiting": people[4].pk,
    }
    return [page.format(**named) if page.startswith("/") else f"/admin/{page.format(**named)}" for page in PAGES]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_of_the_office_in_which_axe_finds_a_fault(run, desk, viewport, scheme):
    page, faults = desk(viewport=viewport, scheme=scheme), {}
    for address in addresses(run):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if found := faults_of(page):
            faults[address] = found
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults[f"{address} sideways"] = page.evaluate("document.documentElement.scrollWidth")
    assert not faults, "\n".join(f"{address}: {found}" for address, found in faults.items())


LIST = b"Name,E-mail,Phone,Council,Registration number\nDr New,new@example.org,9800000077,dl,77\n,,,,\n,x,1,zz,\n"


def look_at_dates(page: Page, run: CourseRun) -> None:
    page.goto(f"/admin/courses/courserun/schedule/?course={run.course_id}")
    follow(page, page.get_by_role("button", name="Show the dates"))


def look_at_a_letter(page: Page, run: CourseRun) -> None:
    page.goto(f"/admin/courses/enrolment/write/{run.pk}/")
    page.fill("[name=subject]", "The hall")
    page.fill("[name=text]", "Please use the side door.")
    follow(page, page.get_by_role("button", name="Look at the letter"))


def look_at_a_file(page: Page, run: CourseRun) -> None:
    page.goto(f"/admin/courses/enrolment/import/{run.pk}/")
    page.set_input_files("[name=content]", {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST})
    follow(page, page.get_by_role("button", name="Look at the file"))


def look_who_is_told(page: Page, run: CourseRun) -> None:
    page.goto(f"/admin/courses/courserun/{run.pk}/change/")
    page.fill("[name=venue]", "Second hall")
    follow(page, page.locator("[name=_save]"))


STEPS = {
    look_at_dates: "Look through the dates",
    look_at_a_letter: "",
    look_at_a_file: "What this file would do",
    look_who_is_told: "Tell those who are enrolled?",
}


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_shows_no_page_between_two_presses_in_which_axe_finds_a_fault(run, desk, viewport):
    page, faults = desk(viewport=viewport), {}
    for step, title in STEPS.items():
        step(page, run)
        expect(page.locator("h1").last).to_contain_text(title)
        if found := faults_of(page):
            faults[step.__name__] = found
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults[f"{step.__name__} sideways"] = page.evaluate("document.documentElement.scrollWidth")
    assert not faults


def test_the_bar_of_the_admin_shows_all_of_its_pages_on_a_phone(run, desk):
    page = desk(viewport=PHONE)
    page.goto("/admin/courses/course/")
    links = page.locator(".rooms a")
    assert links.count() > 4
    for place in range(links.count()):
        box = links.nth(place).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] >= 44


LISTS = {
    "/admin/courses/courserun/": "#result_list a",
    "/admin/courses/course/": "#result_list a",
    "/admin/courses/enrolment/": "#result_list a",
    "/admin/courses/payment/": "#result_list a",
    "/admin/ipsc/message/": "#result_list a",
    "/admin/courses/enrolment/roster/{run}/": ".roster a",
    "/admin/courses/payment/overdue/": ".money-rows a",
    "/admin/courses/enrolment/unreached/": ".to-tell a",
}


def test_the_links_of_lists_are_high_enough_for_a_thumb(run, desk):
    page, low = desk(viewport=PHONE), {}
    for address, links in LISTS.items():
        page.goto(address.format(run=run.pk))
        for link in page.locator(links).all():
            if link.is_visible() and link.bounding_box()["height"] < 44:
                low[address] = link.inner_text()
    assert not low


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_chip_sticks_out_of_its_card(run, desk, viewport):
    page = desk(viewport=viewport)
    for person in Enrolment.objects.filter(run=run):
        page.goto(f"/admin/courses/enrolment/{person.pk}/change/")
        out = page.evaluate(
            """[...document.querySelectorAll('.panel :is(.badge, .need)')].filter(chip => {
                const box = chip.getBoundingClientRect(), card = chip.closest('.panel').getBoundingClientRect();
                return box.width && (box.left < card.left || box.right > card.right);
            }).map(chip => chip.textContent)"""
        )
        assert not out


def test_the_office_checks_a_payment_in_two_presses(run, desk):
    page = desk(scripts=False)
    follow(page, page.get_by_role("link", name="1 payment to check"))
    follow(page, page.get_by_role("button", name="Received:"))
    expect(page.get_by_text("payment received.")).to_be_visible()


def test_the_office_tells_a_doctor_by_phone(run, desk):
    page = desk(viewport=PHONE)
    follow(page, page.get_by_role("link", name="1 doctor to be told by phone"))
    follow(page, page.get_by_role("button", name="Told by phone"))
    expect(page.get_by_text("Nobody: every doctor knows.")).to_be_visible()
