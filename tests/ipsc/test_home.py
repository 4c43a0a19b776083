"""The home page, and the frame that every page shares."""

import re

import pytest

from ipsc.models import ClinicSettings

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


def test_it_says_what_the_place_is_and_leads_to_booking(client, settings_row):
    page = client.get("/")
    assert page.status_code == 200
    assert "<title>Interventional pain and spine centre – IPSC</title>" in page.text
    assert page.text.count("<h1>") == 1
    assert re.search(r'class="btn btn-primary btn-lg" href="/appointments/book/"', page.text)


def test_it_leads_to_the_signs_that_cannot_wait_before_it_invites_to_book(client, settings_row):
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


def test_it_asks_to_look_again_where_there_is_no_phone_either(client, settings_row):
    change(settings_row, online_booking_open=False)
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


@pytest.mark.parametrize("path", ["/", "/hi/", "/privacy/", "/hi/privacy/"])
def test_it_costs_one_query_and_sets_no_cookie(client, settings_row, path, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(path)
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/", "/hi/", "/privacy/", "/no-such-page/"])
def test_it_runs_under_the_strict_policy(client, settings_row, path):
    page = client.get(path)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page.text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


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
