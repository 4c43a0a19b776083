"""Was this helpful? One answer for each browser, without a cookie on what is read; seen by editors alone."""

from datetime import timedelta

import pytest
from django.test import Client

from faq import helping
from faq.models import Reason, Vote
from tests.factories import NOW
from tests.faq import writers
from tests.public_pages import read
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def address():
    return writers.published(writers.question(of=writers.topic(slug="one"), slug="a")).question.get_absolute_url()


def answer(client, address, helpful="no", **headers):
    return client.post(f"{address}helpful/", {"helpful": helpful}, headers=headers)


def explain(client, address, **typed):
    found = answer(client, address)
    return client.post(found.headers["Location"], {"reason": "", "text": ""} | typed)


def test_a_yes_is_kept_and_thanked_for(client, address):
    response = answer(client, address, "yes")
    assert response.status_code == 302
    vote = Vote.objects.get()
    assert (vote.helpful, vote.language, vote.version, vote.at) == (True, "en", 1, NOW)
    assert "We are glad that it helped." in words(client.get(response.headers["Location"]))


def test_a_no_is_kept_at_once_and_asked_why(client, address):
    response = answer(client, address)
    assert not Vote.objects.get().helpful
    said = words(client.get(response.headers["Location"]))
    assert "Will you tell us why?" in said
    assert all(str(label) in said for label in Reason.labels)


def test_the_reason_and_the_words_are_added_to_the_no(client, address):
    response = explain(client, address, reason="unclear", text="Too many <b>words</b>")
    vote = Vote.objects.get()
    assert (vote.reason, vote.text) == ("unclear", "Too many <b>words</b>")
    assert "It is never shown to the public." in words(client.get(response.headers["Location"]))
    assert "Too many" not in client.get(address).content.decode()


def test_a_browser_has_one_answer_and_may_change_it(client, address):
    for helpful in ("yes", "no", "no"):
        answer(client, address, helpful)
    assert Vote.objects.get().helpful is False
    answer(Client(), address, "yes")
    assert Vote.objects.count() == 2


def test_a_yes_takes_the_reason_of_a_no_away(client, address):
    explain(client, address, reason="wrong", text="No")
    answer(client, address, "yes")
    vote = Vote.objects.get()
    assert (vote.helpful, vote.reason, vote.text) == (True, "", "")


def test_the_reading_page_sets_no_cookie_and_the_answer_does(client, address):
    assert not client.get(address).cookies
    cookie = answer(client, address).cookies["helpful"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Vote.objects.get().browser not in cookie.value


def test_without_cookies_the_reason_still_finds_its_answer(client, address):
    location = answer(client, address).headers["Location"]
    stranger = Client()
    stranger.post(location, {"reason": "missing", "text": ""})
    assert Vote.objects.get().reason == "missing"


def test_words_that_may_be_an_emergency_are_shown_the_card_and_marked(client, address):
    response = explain(client, address, reason="not_mine", text="I cannot pass urine since yesterday")
    said = words(client.get(response.headers["Location"]))
    assert "What you typed may be a sign that cannot wait." in said
    assert "Call 112" in said
    assert Vote.objects.get().red_flags


@pytest.mark.parametrize("typed", [{}, {"reason": "nonsense"}, {"text": "x" * 501}, {"text": "a\0b"}])
def test_bad_input_is_told_beside_its_field_and_nothing_is_lost(client, address, typed):
    response = explain(client, address, **typed)
    assert response.status_code == 200
    page = response.content.decode()
    assert "<title>Error:" in page.replace("\n", "").replace("    ", "")
    assert read(page).all("a", href="#id_reason_0") or read(page).all("a", href="#id_text")
    if len(typed.get("text", "")) > 500:
        assert "x" * 501 in page
    assert Vote.objects.get().reason == ""


@pytest.mark.parametrize("vote", ["", "x", "1", "a:b:c", "%00"])
def test_a_forged_link_leads_to_the_question(client, address, vote):
    response = client.get(f"{address}helpful/?vote={vote}")
    assert (response.status_code, response.headers["Location"]) == (302, address)
    assert client.post(f"{address}helpful/?vote={vote}", {"reason": "wrong"}).headers["Location"] == address


def test_a_link_to_the_answer_about_another_question_changes_nothing(client, address):
    other = writers.published(writers.question(of=writers.topic(slug="two"), slug="b")).question.get_absolute_url()
    query = answer(client, address).headers["Location"].partition("?")[2]
    assert client.post(f"{other}helpful/?{query}", {"reason": "wrong"}).headers["Location"] == other
    assert Vote.objects.get().reason == ""


def test_a_link_to_ones_answer_ends_after_a_day(client, address):
    import time_machine

    location = answer(client, address).headers["Location"]
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert client.get(location).headers["Location"] == address


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
def test_what_another_site_sends_is_refused(client, address, headers):
    assert answer(client, address, "yes", **headers).status_code == 403
    assert not Vote.objects.exists()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {}])
def test_what_the_page_itself_sends_is_taken(client, address, headers):
    assert answer(client, address, "yes", **headers).status_code == 302


def test_machines_are_stopped_in_words(client, address):
    for _each in range(helping.VOTES_PER_ADDRESS):
        assert answer(Client(), address).status_code == 302
    response = answer(Client(), address)
    assert response.status_code == 429
    assert "Please try again later." in words(response)
    assert Vote.objects.count() == helping.VOTES_PER_ADDRESS


@pytest.mark.parametrize("typed", [{"helpful": "maybe"}, {}, {"helpful": "\0"}])
def test_nonsense_is_no_answer(client, address, typed):
    assert client.post(f"{address}helpful/", typed).headers["Location"] == address
    assert not Vote.objects.exists()


@pytest.mark.parametrize("cookie", ["x" * 3000, "", "a b", "." * 22])
def test_a_forged_cookie_is_only_another_browser(client, address, cookie):
    client.cookies["helpful"] = cookie
    response = answer(client, address)
    assert len(response.cookies["helpful"].value) == 22
    assert len(Vote.objects.get().browser) == 64


def test_answers_of_one_browser_cannot_be_put_together(client, address):
    other = writers.published(writers.question(of=writers.topic(slug="two"), slug="b")).question.get_absolute_url()
    answer(client, address)
    answer(client, other)
    assert len(set(Vote.objects.values_list("browser", flat=True))) == 2


def test_words_are_forgotten_after_half_a_year_and_the_no_stays(client, address):
    explain(client, address, reason="wrong", text="My name is known")
    assert helping.forget_texts(now=NOW + timedelta(days=179)) == 0
    assert helping.forget_texts(now=NOW + timedelta(days=181)) == 1
    vote = Vote.objects.get()
    assert (vote.text, vote.reason, vote.helpful) == ("", "wrong", False)


def test_there_is_nothing_to_answer_where_there_is_no_question(client):
    assert client.post("/faq/x/y/helpful/", {"helpful": "yes"}).status_code == 404
