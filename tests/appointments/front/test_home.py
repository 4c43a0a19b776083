"""The home page, and the frame that every page shares."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import override_settings

from ipsc import samples
from ipsc.models import ClinicSettings
from tests import factories
from tests.courses import rows
from tests.factories import NOW, TODAY, TOMORROW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_row() -> ClinicSettings:
    row = ClinicSettings(pk=1, online_booking_open=True)
    row.save()
    return row


def change(row: ClinicSettings, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def test_it_says_what_the_place_is_and_leads_to_booking(client, clinic):
    page = client.get("/")
    assert page.status_code == 200
    assert "<title>Interventional pain and spine centre – IPSC</title>" in page.text
    assert page.text.count("<h1>") == 1
    assert re.search(r'class="btn btn-primary btn-lg" href="/appointments/book/"', page.text)


def test_it_leads_to_the_signs_that_cannot_wait_before_it_invites_to_book(client, clinic):
    settings_row = clinic.settings
    main = client.get("/").text.partition("<main")[2]
    assert main.index('href="#red-flags"') < main.index('href="/appointments/book/"')
    assert 'id="red-flags"' in main
    for sign in settings_row.red_flags.splitlines():
        assert sign in main
    assert 'href="tel:112"' in main


def test_it_speaks_hindi_at_its_own_address(client, settings_row):
    page = client.get("/hi/")
    assert '<html lang="hi">' in page.text
    assert 'href="/hi/appointments/book/"' in page.text
    assert settings_row.red_flags_hi.splitlines()[0] in page.text
    assert settings_row.red_flags.splitlines()[0] not in page.text
    assert re.search(r'<a href="/" lang="en" hreflang="en"[^>]*>English</a>', page.text)


def test_it_ignores_what_the_browser_and_its_cookies_say_about_language(client, settings_row):
    client.cookies["django_language"] = "hi"
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "hi"}).text


def test_it_offers_no_booking_while_booking_is_closed(client, settings_row):
    change(settings_row, online_booking_open=False, phone="+911145678901")
    main = client.get("/").text.partition("<main")[2]
    assert "Online booking is closed at the moment." in main
    assert "/appointments/book/" not in main
    assert "How booking works" not in main
    assert 'href="tel:+911145678901"' in main


def test_it_offers_to_call_back_where_there_is_no_phone(client, settings_row):
    change(settings_row, online_booking_open=False)
    assert "Leave your number, and we call you." in client.get("/").text


def test_it_invites_to_a_call_and_not_to_book_while_no_time_is_free(client, settings_row):
    main = client.get("/").text.partition("<main")[2]
    assert "No time is free online at the moment." in main
    assert "/appointments/book/" not in main
    assert re.search(r'btn btn-primary" rel="nofollow" href="/appointments/call-me-back/\?from=no_times"', main)


def test_it_promises_of_the_way_here_only_what_was_entered(client, settings_row):
    assert "How to reach us, and when." in client.get("/").text
    change(settings_row, address="Plot 1")
    assert "Address and hours." in client.get("/").text
    change(settings_row, access="A ramp")
    assert "Address, hours, step-free access." in client.get("/").text


def test_it_asks_to_look_again_where_nobody_can_call_either(client, settings_row):
    change(settings_row, online_booking_open=False, call_back_open=False)
    assert "Please look again later." in client.get("/").text


def test_it_shows_no_phone_and_no_place_that_nobody_entered(client, settings_row):
    text = client.get("/").text
    assert re.findall(r'href="tel:([^"]+)"', text) == ["112"]
    assert "<address>" not in text
    assert "See it on a map" not in text


def test_it_shows_phone_and_place_once_they_are_entered(client, settings_row):
    change(settings_row, phone="+911145678901", address="Plot 1\nDelhi", map_url="https://maps.example/x")
    text = client.get("/").text
    assert set(re.findall(r'href="tel:([^"]+)"', text)) == {"112", "+911145678901"}
    assert "Plot 1<br>Delhi" in text
    assert 'href="https://maps.example/x" rel="noreferrer"' in text


def test_it_escapes_what_staff_enter(client, settings_row):
    bad = '"><script>x</script>'
    change(settings_row, name=bad, address=bad, red_flags=bad, red_flags_advice=bad, emergency_number=bad)
    text = client.get("/").text
    assert "<script>x" not in text
    assert 'tel:">' not in text


def test_it_is_whole_before_anybody_has_saved_settings(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "Online booking is closed at the moment." in page.text


@pytest.mark.parametrize("shows", [True, False])
def test_it_flies_the_ribbon_in_demonstration_only(client, settings_row, settings, shows):
    settings.SHOWS_SAMPLES = shows
    assert ("sample data, not a real clinic" in client.get("/").text) is shows


@pytest.mark.parametrize(("path", "queries"), [("/", 11), ("/hi/", 11), ("/privacy/", 1), ("/hi/privacy/", 1)])
def test_it_costs_a_fixed_number_of_queries_and_sets_no_cookie(
    client, settings_row, path, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        page = client.get(path)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/", "/hi/", "/privacy/", "/no-such-page/"])
def test_it_runs_under_the_strict_policy(client, settings_row, path):
    page = client.get(path)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page.text)
    # A data block is no script: browsers run nothing of it.
    scripts = [tag for tag in re.findall(r"<script[^>]*>", page.text) if "application/ld+json" not in tag]
    assert all("src=" in tag for tag in scripts)
    assert not re.search(r'src="(?:https?:)?//|<link[^>]*rel="stylesheet"[^>]*href="(?:https?:)?//', page.text)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_only(client, settings_row, method):
    for path in ("/", "/privacy/"):
        assert getattr(client, method)(path).status_code == 405


def test_it_marks_the_page_on_which_one_is(client, settings_row):
    assert 'href="/appointments/book/" aria-current="page"' in client.get("/appointments/book/").text
    assert "aria-current" not in client.get("/").text


def test_it_puts_a_skip_link_first_that_leads_somewhere(client, settings_row):
    body = client.get("/").text.partition("<body")[2]
    first = re.search(r"<a [^>]*>", body)[0]
    assert 'href="#main"' in first
    assert 'id="main"' in body


def next_free(text: str) -> str:
    found = re.search(r'<p class="next-free">(.*?)</p>', text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def test_it_tells_the_next_free_time_of_the_first_visit_on_the_list(client, clinic):
    assert next_free(client.get("/").text) == "Next free Wednesday 25 November, 10:00 am First consultation"
    assert "बुधवार 25 नवंबर, सुबह 10:00 बजे" in next_free(client.get("/hi/").text)


def test_it_passes_over_a_visit_that_has_no_free_time(client, clinic):
    factories.service(name="Choose this", first_choice=True)
    assert "First consultation" in next_free(client.get("/").text)


def test_it_says_so_when_nothing_is_free(client, clinic):
    factories.time_off(starts_at=at(TODAY, "00:00"), ends_at=at(TODAY, "00:00") + timedelta(days=90))
    text = client.get("/").text
    assert not next_free(text)
    assert "No time is free online at the moment." in text


def test_it_moves_on_when_the_time_is_taken(client, clinic):
    factories.appointment(clinician=clinic.clinician, service=clinic.service, starts_at=at(TODAY, "10:00"))
    assert "10:20 am" in next_free(client.get("/").text)


def test_it_tells_todays_hours(client, clinic):
    text = " ".join(re.sub(r"<[^>]*>", " ", client.get("/").text).split())
    assert "Open today 10:00 am – 1:00 pm" in text


def test_it_tells_when_it_opens_again_on_a_day_off(client, clinic):
    factories.time_off(starts_at=at(TODAY, "00:00"), ends_at=at(TOMORROW, "00:00"))
    text = " ".join(re.sub(r"<[^>]*>", " ", client.get("/").text).split())
    assert "Closed today Open again on Thursday 26 November, 10:00 am" in text


def test_it_says_nothing_of_hours_that_nobody_entered(client, settings_row):
    text = client.get("/").text
    assert "Open today" not in text
    assert "Closed today" not in text


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    with override_settings(CACHES=MEMORY):
        caches["default"].clear()


MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "front"}}


@override_settings(CACHES=MEMORY)
def test_it_looks_up_the_next_free_time_once_in_fifteen_seconds(client, clinic, django_assert_num_queries):
    assert "10:00 am" in next_free(client.get("/").text)
    factories.appointment(clinician=clinic.clinician, service=clinic.service, starts_at=at(TODAY, "10:00"))
    with django_assert_num_queries(1):
        assert "10:00 am" in next_free(client.get("/").text)
    with time_machine.travel(NOW + timedelta(seconds=15, milliseconds=1), tick=False):
        assert "10:20 am" in next_free(client.get("/").text)


@override_settings(CACHES=MEMORY)
def test_it_shows_a_change_of_the_settings_at_once(client, clinic):
    client.get("/")
    clinic.settings.phone = "+911145678901"
    clinic.settings.save()
    assert "tel:+911145678901" in client.get("/").text
    clinic.settings.online_booking_open = False
    clinic.settings.save()
    assert "book-card" not in client.get("/").text


@override_settings(CACHES=MEMORY)
def test_what_it_keeps_is_of_one_address_and_language(client, clinic):
    english, hindi = client.get("/").text, client.get("/hi/").text
    assert 'lang="hi"' in hindi
    assert 'rel="canonical" href="http://localhost/"' in client.get("/", headers={"host": "localhost"}).text
    assert 'href="/hi/?page=2"' in client.get("/?page=2").text
    assert client.get("/").text == english


@override_settings(CACHES=MEMORY)
def test_it_never_shows_what_it_kept_of_samples_to_whom_they_are_hidden_from(client, clinic):
    clinic.service.is_sample = True
    clinic.service.save()
    assert next_free(client.get("/").text)
    with samples.hidden():
        assert not next_free(client.get("/").text)


def test_it_shows_the_next_three_courses_and_leads_to_all(client, clinic):
    later = rows.run(course=rows.course(title="Fourth course"), starts_at=factories.clinic_time(2027, 4, 1, 9))
    for number in (1, 2, 3):
        rows.run(course=rows.course(title=f"Soon {number}"), starts_at=factories.clinic_time(2027, 1, number, 9))
    rows.run(course=rows.course(title="Called off"), state="cancelled")
    rows.run(course=rows.course(title="Draft"), state="draft")
    text = client.get("/").text
    assert re.findall(r"Soon \d</a>", text) == ["Soon 1</a>", "Soon 2</a>", "Soon 3</a>"]
    assert later.course.title not in text
    assert "Called off" not in text
    assert "Draft" not in text
    assert 'href="/courses/"' in text.partition("<main")[2]
    assert "Enrolment online is closed at the moment" in text


def test_it_leads_to_the_courses_before_there_is_one(client, settings_row):
    main = client.get("/").text.partition("<main")[2]
    assert 'href="/courses/"' in main
    assert 'class="run' not in main
