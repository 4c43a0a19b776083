"""Messages in a browser: what patients do by the link that they got, and what reception does about them."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from appointments import booking
from appointments.links import manage_url
from appointments.models import Appointment
from ipsc.dates import clinic_day, now
from ipsc.history import Actor
from ipsc.models import Message
from ipsc.roles import RECEPTION, sync_roles
from tests import factories
from tests.appointments.guest import book
from tests.browser.conftest import DESK, PHONE, faults_of, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def day_after(days: int, clock: str = "10:00"):
    return factories.at(clinic_day(now()) + factories.timedelta(days=days), clock)


@pytest.fixture
def reception(clinic) -> User:
    sync_roles()
    user = User.objects.create_user("reception", password="reception-123", is_staff=True)
    user.groups.add(Group.objects.get(name=RECEPTION))
    return user


@pytest.fixture
def desk(open_page, reception):
    def signed_in(**options) -> Page:
        page = open_page(**options)
        page.goto("/admin/")
        page.fill("#id_username", "reception")
        page.fill("#id_password", "reception-123")
        follow(page, page.locator("[type=submit]"))
        return page

    return signed_in


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_patient_confirms_moves_and_cancels_by_the_link(clinic, open_page, scripts):
    # At night the soonest time is so near that nobody could cancel it any more.
    clinic.service.change_notice = 0
    clinic.service.save()
    made = book(clinic, day_after(3), now=now() - factories.timedelta(hours=2))
    page = open_page(scripts=scripts)
    page.goto(manage_url(made))
    follow(page, page.get_by_role("link", name="I am coming"))
    follow(page, page.get_by_role("button", name="Yes, I am coming"))
    expect(page.get_by_text("You told us that you are coming.")).to_be_visible()
    follow(page, page.get_by_role("link", name="Move", exact=True))
    follow(page, page.locator(".soonest a").first)
    follow(page, page.get_by_role("button", name="Move my visit"))
    expect(page.get_by_text("Your visit has been moved.")).to_be_visible()
    moved = Appointment.objects.get()
    assert moved.starts_at != made.starts_at
    follow(page, page.get_by_role("link", name="Cancel", exact=True))
    page.get_by_label("Why can you not come?").fill("A wedding")
    follow(page, page.get_by_role("button", name="Cancel this visit"))
    ended = Appointment.objects.get()
    assert (ended.status, ended.end_reason) == ("cancelled", "A wedding")
    assert [
        row.kind.partition(".")[2] for row in Message.objects.exclude(kind="appointments.reminder").order_by("pk")
    ] == [
        "booked",
        "moved",
        "cancelled",
    ]


def test_reception_works_through_the_two_lists(clinic, desk, reception):
    cancelled = book(clinic, day_after(2), email="", now=now(), name="Patient One")
    booking.cancel(appointment=cancelled, by=Actor.staff(reception), now=now())
    book(clinic, day_after(1, "13:00"), email="", now=now(), name="Patient Two")
    page = desk(viewport=PHONE)
    follow(page, page.get_by_role("link", name="1 person not reached"))
    follow(page, page.get_by_role("button", name="Told by phone: Patient One"))
    expect(page.get_by_text("everybody knows how their visit stands")).to_be_visible()
    page.goto("/admin/")
    follow(page, page.get_by_role("link", name="1 reminder to phone"))
    follow(page, page.get_by_role("button", name="Told by WhatsApp: Patient Two"))
    expect(page.get_by_text("All have been called.")).to_be_visible()
    follow(page, page.get_by_role("button", name="Undo: Patient Two"))
    expect(page.get_by_role("button", name="Told by phone: Patient Two")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_of_messages_in_which_axe_finds_a_fault(clinic, desk, reception, viewport, scheme):
    made = book(clinic, day_after(1, "13:00"), email="", now=now(), name="LongName" * 12)
    ended = book(clinic, day_after(2), email="", now=now())
    booking.cancel(appointment=ended, by=Actor.staff(reception), now=now())
    failed = factories.message(
        about="appointments.appointment", about_id=made.pk, state="failed", last_error="550 " + "x" * 200, to="y" * 200
    )
    page, faults = desk(viewport=viewport, scheme=scheme), {}
    visit = f"/admin/appointments/appointment/{made.pk}"
    for path in (
        "/admin/",
        "/admin/appointments/appointment/unreached/",
        "/admin/appointments/appointment/unreached/?all",
        "/admin/appointments/appointment/next-day/",
        f"{visit}/change/",
        f"{visit}/cancel/",
        f"/admin/ipsc/message/{failed.pk}/change/",
        "/admin/ipsc/message/outbox/",
    ):
        page.goto(path)
        if found := faults_of(page):
            faults[path] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
    assert faults == {}
