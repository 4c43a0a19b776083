"""From an empty database to an open clinic, as a manager goes with a browser; then a patient books on a phone."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from appointments.setup import public_holidays
from ipsc.dates import clinic_day, now
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER, sync_roles
from tests import factories
from tests.browser.conftest import DESK, PHONE, faults_of, follow
from tests.browser.test_booking import WORDS, fill_who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a phrase for tests alone"
SETUP = "/admin/appointments/appointment/setup/"


@pytest.fixture
def manager(transactional_db) -> User:
    """The one account that the developer leaves behind; the database is empty otherwise."""
    sync_roles()
    user = User.objects.create_user("manager", password=PASSWORD, is_staff=True)
    user.groups.set([Group.objects.get(name=MANAGER)])
    return user


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "manager")
    page.fill("#id_password", PASSWORD)
    page.locator("form [type=submit]").click()


def to_step(page: Page, step: str) -> None:
    """From wherever the manager is, by the links on the page: home, the card, the button of the step."""
    home = page.get_by_label("Breadcrumbs").get_by_role("link", name="Home")
    if home.count():
        home.click()
    page.get_by_role("link", name="Go on with it").click()
    page.locator(f"#{step} .buttons a").click()


def save(page: Page) -> None:
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success").first).to_be_visible()


def enter_details(page: Page) -> None:
    to_step(page, "details")
    page.fill("#id_phone", "011 2345 6789")
    page.fill("#id_address", "1 Test Road\nDelhi")
    page.fill("#id_address_hi", "1 टेस्ट रोड\nदिल्ली")
    save(page)


def enter_doctor(page: Page) -> None:
    to_step(page, "doctors")
    page.fill("#id_name", "Consultant, spine")
    page.fill("#id_name_hi", "सलाहकार, रीढ़")
    page.fill("#id_qualification", "MBBS, MD")
    page.fill("#id_council", "Delhi Medical Council")
    page.fill("#id_registration_number", "DMC/R/00001")
    save(page)


def set_hours(page: Page) -> None:
    to_step(page, "hours")
    page.get_by_role("link", name="Set the week of Consultant, spine").click()
    page.get_by_label("Monday, 1., from").fill("8")
    page.get_by_label("Monday, 1., until").fill("23.30")
    page.get_by_role("button", name="Copy Monday to Tuesday–Friday").click()
    expect(page.get_by_label("Friday, 1., until")).to_have_value("23.30")
    for day in ("Saturday", "Sunday"):
        page.get_by_label(f"{day}, 1., from").fill("८:००")
        page.get_by_label(f"{day}, 1., until").fill("11:30 pm")
    page.get_by_role("button", name="Save the week").click()
    expect(page.get_by_text("Monday–Sunday")).to_be_visible()


def enter_service(page: Page) -> None:
    to_step(page, "services")
    page.fill("#id_name", "First consultation")
    page.fill("#id_name_hi", "पहला परामर्श")
    page.fill("#id_slug", "first-consultation")
    page.fill("#id_description", "A doctor listens to you and examines you.")
    page.fill("#id_description_hi", "डॉक्टर आपकी बात सुनते हैं और आपकी जाँच करते हैं।")
    page.fill("#id_fee", "800")
    save(page)
    # Who offers it is said on the page of the doctor, to which the step leads.
    page.get_by_label("Breadcrumbs").get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Go on with it").click()
    page.locator("#services").get_by_role("link", name="offers no service").click()
    page.get_by_label("First consultation").check()
    save(page)


def accept_holidays(page: Page) -> None:
    to_step(page, "holidays")
    page.locator("[name=day]").last.check()
    page.get_by_role("button", name="Save the holidays").click()
    expect(page.get_by_text("1 holiday entered.")).to_be_visible()


def confirm_safety_text(page: Page) -> None:
    to_step(page, "safety")
    page.get_by_label("Doctor who confirms it").fill("Doctor One, Council of X, 12345")
    page.get_by_label("This doctor has read the text").check()
    page.get_by_role("button", name="Record the confirmation").click()
    expect(page.get_by_text("The safety text is confirmed.")).to_be_visible()


def send_test_message(page: Page) -> None:
    to_step(page, "messages")
    page.get_by_label("Your own e-mail address").fill("manager@clinic.example")
    page.get_by_role("button", name="Send the test").click()
    expect(page.get_by_text("The mail server has taken the test message.")).to_be_visible()


def open_booking(page: Page) -> None:
    to_step(page, "open")
    expect(page.get_by_text("Next free:")).to_be_visible()
    page.get_by_role("button", name="Open online booking").click()
    expect(page.get_by_text("Online booking is open. Patients can book now.")).to_be_visible()
    expect(page.get_by_text("The clinic is set up and open.")).to_be_visible()


def test_a_manager_opens_an_empty_clinic_alone_and_a_patient_books_in_hindi(manager, open_page, settings):
    settings.SHOWS_SAMPLES = False
    page = open_page(viewport=DESK, scripts=False)
    sign_in(page)
    expect(page.get_by_text("0 of 8 done.")).to_be_visible()
    for step in (
        enter_details,
        enter_doctor,
        set_hours,
        enter_service,
        accept_holidays,
        confirm_safety_text,
        send_test_message,
    ):
        step(page)
    open_booking(page)
    assert page.foreign == []
    patient = open_page(viewport=PHONE, scripts=False)
    words = WORDS["/hi"]
    patient.goto("/hi/")
    patient.locator("main a[href='/hi/appointments/book/']").first.click()
    patient.get_by_role("link", name=words["no_signs"]).click()
    patient.get_by_role("link", name="पहला परामर्श").click()
    patient.locator(".soonest a").first.click()
    fill_who(patient)
    patient.get_by_role("button", name=words["continue"]).click()
    patient.get_by_role("button", name=words["book"]).click()
    expect(patient.locator(".reference")).to_be_visible()
    visit = Appointment.objects.get()
    assert (visit.language, visit.service.name, visit.clinician.name) == (
        "hi",
        "First consultation",
        "Consultant, spine",
    )


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_of_the_set_up_in_which_axe_finds_a_fault(clinic, manager, open_page, viewport, scheme):
    """With something missing in each step, visits on a holiday, special hours, samples, and a name without end."""
    page = open_page(viewport=viewport, scheme=scheme)
    sign_in(page)
    week = f"{SETUP}week/{clinic.clinician.pk}/"
    factories.hours(clinic.clinician, "17:00", "20:00", weekdays=[0], online_cap=4)
    factories.clinician(name="N" * 120, is_sample=True)
    factories.service(name="Physiotherapy")
    today = clinic_day(now())
    holiday = public_holidays.offered(today, public_holidays.last_day(today))[-1].day
    factories.appointment(
        service=clinic.service, clinician=clinic.clinician, starts_at=factories.at(holiday, "10:00"), created_at=now()
    )
    faults = {}

    def look(name: str) -> None:
        if found := faults_of(page):
            faults[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"

    addresses = ["", "hours/", "holidays/", "open/", "preview/", "preview/home/?language=hi", "preview/contact/"]
    for path in ("/admin/", week, *(SETUP + each for each in addresses)):
        page.goto(path)
        look(path)
    page.goto(week)
    page.get_by_label("Monday, 2., from").fill("12")
    page.get_by_label("Monday, 2., until").fill("11")
    page.get_by_label("Tuesday, 2., from").fill("soon")
    follow(page, page.get_by_role("button", name="Save the week"))
    expect(page.get_by_text("This ends before it begins.")).to_be_visible()
    look("the week with errors")
    page.goto(f"{SETUP}holidays/")
    page.locator("[name=day]").last.check()
    follow(page, page.get_by_role("button", name="Save the holidays"))
    look("a holiday with visits")
    ClinicSettings.objects.update(online_booking_open=False, phone="+911123456789", **confirmed())
    page.goto(f"{SETUP}open/")
    look("ready to open")
    assert faults == {}
    assert page.foreign == []


def confirmed() -> dict:
    return {
        "red_flags_confirmed_version": 1,
        "red_flags_confirmed_by": "Consultant, spine",
        "red_flags_confirmed_on": clinic_day(now()),
    }
