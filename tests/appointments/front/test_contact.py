"""The contact page: where, when, and how to get in; nothing that nobody entered (rule F3)."""

import re
from datetime import timedelta

import pytest

from tests import factories
from tests.factories import TODAY, TOMORROW, at

pytestmark = pytest.mark.django_db


def change(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def hours(text: str) -> list[tuple[str, str]]:
    """The rows of the table of hours, as words."""
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', text, re.DOTALL)
    return [tuple(" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row) for row in rows]


def test_it_is_whole_before_anybody_has_entered_anything(client):
    page = client.get("/contact/")
    assert page.status_code == 200
    assert "<address" not in page.text
    assert "wa.me" not in page.text
    assert "mailto:" not in page.text
    assert not hours(page.text)


def test_it_shows_all_that_staff_have_entered(client, clinic):
    change(
        clinic.settings,
        address="Plot 1\nDelhi",
        map_url="https://maps.example/x",
        directions="Gate 2\n\nSecond floor",
        access="A ramp at the gate",
        parking="In the yard",
        phone="+911145678901",
        second_phone="+911145678902",
        whatsapp="+919800000003",
        email="desk@clinic.example",
        languages="English, Hindi",
    )
    text = client.get("/contact/").text
    for shown in (
        "Plot 1<br>Delhi",
        'href="https://maps.example/x"',
        "<p>Gate 2</p><p>Second floor</p>",
        "A ramp at the gate",
        "In the yard",
        'href="tel:+911145678901"',
        'href="tel:+911145678902"',
        'href="https://wa.me/919800000003"',
        'href="mailto:desk@clinic.example"',
        "English, Hindi",
    ):
        assert shown in text


def test_it_escapes_what_staff_enter(client, clinic):
    bad = '"><script>x</script>'
    names = ("address", "directions", "access", "parking", "languages", "full_name")
    change(clinic.settings, **dict.fromkeys(names, bad))
    assert "<script>x" not in client.get("/contact/").text


def test_it_tells_the_hours_of_seven_days_as_they_really_are(client, clinic):
    factories.hours(factories.clinician(services=[clinic.service]), "12:00", "15:00", weekdays=[TODAY.weekday()])
    factories.time_off(starts_at=at(TOMORROW, "00:00"), ends_at=at(TOMORROW, "23:59") + timedelta(minutes=1))
    rows = hours(client.get("/contact/").text)
    assert len(rows) == 7
    assert rows[0] == ("Wednesday 25 November today", "10:00 am – 3:00 pm")
    assert rows[1] == ("Thursday 26 November", "closed")
    assert rows[2] == ("Friday 27 November", "10:00 am – 1:00 pm")


def test_it_names_the_holidays_to_come_in_both_languages(client, clinic):
    factories.time_off(
        starts_at=at(TOMORROW, "00:00"),
        ends_at=at(TOMORROW + timedelta(days=1), "00:00"),
        holiday="Festival of lights",
        holiday_hi="दीपावली",
    )
    assert hours(client.get("/contact/").text)[1] == ("Thursday 26 November", "closed: Festival of lights")
    hindi = client.get("/hi/contact/").text
    assert "दीपावली" in hindi
    assert "Festival of lights" not in hindi


def test_it_keeps_the_reasons_of_time_off_to_staff(client, clinic):
    factories.time_off(
        starts_at=at(TOMORROW, "00:00"), ends_at=at(TOMORROW, "00:00") + timedelta(days=2), reason="Water damage"
    )
    text = client.get("/contact/").text
    assert "Thursday 26 November 2026 – Friday 27 November 2026" in text
    assert "Water damage" not in text


def test_it_leaves_out_who_does_not_see_patients_any_more(client, clinic):
    change(clinic.clinician, active=False)
    assert not hours(client.get("/contact/").text)


def test_it_shows_the_signs_above_its_invitation_to_book(client, clinic):
    main = client.get("/contact/").text.partition("<main")[2]
    assert main.index('id="red-flags"') < main.index('href="/appointments/book/"')


def test_it_costs_seven_queries_and_sets_no_cookie(client, clinic, django_assert_num_queries):
    with django_assert_num_queries(7):
        page = client.get("/contact/")
    assert not page.cookies
