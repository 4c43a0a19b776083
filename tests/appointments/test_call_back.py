"""“Call me back” as a patient uses it: the form, the card, the limits, and the page that says by when we call."""

import logging
import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from appointments.calling import making
from appointments.calling.links import SALT, sent_url
from appointments.models import CallBack
from ipsc import links
from ipsc.models import ClinicSettings
from ipsc.privacy import CONSENT_VERSION
from tests import factories
from tests.appointments.caller import TYPED, CallerAtBrowser
from tests.factories import NOW, phone
from tests.public_pages import read
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

URGENT = "My mother cannot pass urine since this morning"
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
PROMISE = "we call you by Thursday 26 November, 11:00 am"


@pytest.fixture
def caller() -> CallerAtBrowser:
    return CallerAtBrowser()


def is_private(response) -> bool:
    return all(value in response.headers[name] for name, value in PRIVATE.items())


def set_clinic(**fields):
    ClinicSettings.objects.update(**fields)


# The form


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_it_asks_in_the_language_of_the_page(clinic, prefix, language):
    page = CallerAtBrowser(prefix).open()
    assert page.status_code == 200
    form = read(page.text)
    chosen = [tag.attributes["value"] for tag in form.all("input", type="radio") if "checked" in tag.attributes]
    assert chosen == [language, "any"]
    assert not form.title.startswith("Error")
    assert is_private(page)


def test_it_says_before_sending_by_when_somebody_calls(clinic, caller):
    assert f"If you send this now, {PROMISE}" in words(caller.open())


def test_it_promises_nothing_where_no_hours_are_known(db, caller):
    assert "We cannot promise when." in words(caller.open())
    caller.send()
    assert CallBack.objects.get().due_at is None


def test_it_shows_the_card_and_a_way_to_it_before_the_form(clinic, caller):
    page = read(caller.open().text)
    assert [tag.attributes["id"] for tag in page.all("h2", id="red-flags")] == ["red-flags"]
    assert "#red-flags" in page.links


@pytest.mark.parametrize(
    ("number", "shown"), [({"phone": phone(7)}, ["tel:+919800000007"]), ({"whatsapp": phone(8)}, ["wa.me"]), ({}, [])]
)
def test_it_shows_no_number_that_staff_have_not_entered(clinic, caller, number, shown):
    set_clinic(**number)
    page = caller.open().text
    for link in ("tel:+91", "wa.me"):
        assert (link in page) is any(link in each or each in link for each in shown)
    assert ("Would you rather reach us now?" in page) is bool(shown)


def test_the_form_costs_three_queries(clinic, caller, django_assert_num_queries):
    # Settings, hours, time off.
    with django_assert_num_queries(3):
        caller.open()


@pytest.mark.parametrize("way", ["put", "patch", "delete"])
def test_it_knows_no_other_way(clinic, caller, way):
    assert getattr(caller.client, way)(caller.form_url).status_code == 405


def test_a_look_at_the_head_makes_nothing(clinic, caller):
    response = caller.client.head(caller.form_url, TYPED)
    assert response.status_code == 200
    assert response.content == b""
    assert not CallBack.objects.exists()


def test_an_address_with_answers_makes_nothing(clinic, caller):
    page = caller.client.get(caller.form_url, TYPED | {"attempt": str(uuid.uuid4()), "name": "In The Address"})
    assert "In The Address" not in words(page)
    assert not CallBack.objects.exists()


# Sending


@pytest.mark.parametrize(("prefix", "language"), [("", "hi"), ("/hi", "en"), ("/hi", "hi")])
def test_it_makes_a_request(clinic, prefix, language):
    caller = CallerAtBrowser(prefix)
    sent = caller.send(name="सुनीता देवी", language=language, best_time="evening", about="रिपोर्ट के बारे में")
    call = CallBack.objects.get()
    assert (call.name, call.phone, call.language, call.best_time) == ("सुनीता देवी", phone(1), language, "evening")
    assert (call.about, call.consent_version, call.consent_at) == ("रिपोर्ट के बारे में", CONSENT_VERSION, NOW)
    assert call.history.get().actor == "patient"
    assert sent.status_code == 302
    assert sent.url.startswith(f"{prefix}/appointments/call-me-back/sent/")
    assert is_private(sent)
    assert caller.client.get(sent.url).status_code == 200


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("no_times", "no_times"),
        ("closed", "closed"),
        ("error", "error"),
        ("", "site"),
        ("<b>", "site"),
        ("%00", "site"),
    ],
)
def test_it_keeps_where_the_caller_came_from(clinic, caller, written, kept):
    caller.open(**{"from": unquote(written)})
    caller.send(came_from=written)
    assert CallBack.objects.get().came_from == kept


def test_one_form_sent_five_times_is_one_request(clinic, caller):
    answers = [caller.send() for _each in range(5)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == CallBack.objects.count() == 1


def test_whoever_goes_back_to_correct_the_number_makes_another_request(clinic, caller):
    first = caller.send()
    second = caller.send(phone="98000 00002")
    assert first.url != second.url
    assert "ends in 02" in words(caller.client.get(second.url))
    assert {call.phone for call in CallBack.objects.all()} == {phone(1), phone(2)}


def test_two_browsers_with_the_same_id_do_not_mix(clinic, caller):
    other = CallerAtBrowser()
    caller.open()
    other.attempt = caller.attempt
    assert caller.send().url != other.send().url
    assert CallBack.objects.count() == 2


def test_two_requests_from_one_phone_get_the_same_answer(clinic):
    pages = []
    for _each in range(2):
        caller = CallerAtBrowser()
        pages.append(words(caller.client.get(caller.send().url)))
    assert pages[0] == pages[1]
    assert CallBack.objects.count() == 2


def test_without_its_cookie_a_form_is_not_used(clinic, caller):
    caller.open()
    del caller.client.cookies[settings.CSRF_COOKIE_NAME]
    answer = caller.send()
    assert answer.status_code == 403
    assert "Please send the form once more" in answer.text
    assert not CallBack.objects.exists()


def test_a_form_from_elsewhere_is_not_used(clinic):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/appointments/call-me-back/", TYPED | {"attempt": str(uuid.uuid4())}).status_code == 403
    assert not CallBack.objects.exists()


def test_a_real_browser_sends_what_it_was_given(clinic):
    caller = CallerAtBrowser(enforce_csrf_checks=True)
    caller.client.cookies.clear()
    token = read(caller.open().text).one("input", name="csrfmiddlewaretoken").attributes["value"]
    assert caller.send(csrfmiddlewaretoken=token).status_code == 302
    assert CallBack.objects.count() == 1


def test_an_old_form_is_as_good_as_a_new_one(clinic, caller):
    caller.open()
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert caller.send().status_code == 302
    assert CallBack.objects.get().created_at == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("typed", "told", "field"),
    [
        ({"name": ""}, "Type your name, so that we know whom to ask for.", "id_name"),
        ({"name": "12 34"}, "Type your name in letters.", "id_name"),
        ({"phone": ""}, "Type a phone number on which we can reach you.", "id_phone"),
        ({"phone": "12345"}, "This is not a phone number that we can call.", "id_phone"),
        ({"language": "fr"}, "Choose a language.", "id_language_0"),
        ({"language": None}, "Choose a language.", "id_language_0"),
        ({"best_time": "night"}, "Choose a time of the day, or any time.", "id_best_time_0"),
        ({"consent": None}, "We can call you only if you agree", "id_consent"),
        ({"about": "x" * 501}, "at most 500 characters", "id_about"),
    ],
)
def test_it_says_what_is_missing_and_keeps_the_rest(clinic, caller, typed, told, field):
    answer = caller.send(**{"name": "Kept Name", "about": "Kept words"} | typed)
    assert answer.status_code == 200
    page = read(answer.text)
    assert page.title.startswith("Error: ")
    assert told in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Kept Name" in answer.text or "name" in typed
    assert "Kept words" in answer.text or "about" in typed
    assert page.one("input", name="attempt").attributes["value"] == str(caller.attempt)
    assert not CallBack.objects.exists()
    assert is_private(answer)


# Signs that cannot wait


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_shows_the_card_first_and_keeps_everything(clinic, prefix):
    caller = CallerAtBrowser(prefix)
    answer = caller.send(about=URGENT, name="Kept Name", best_time="evening")
    assert answer.status_code == 200
    assert answer.text.index('id="red-flags"') < answer.text.index('id="id_name"')
    assert answer.text.count('id="red-flags"') == 1
    page = read(answer.text)
    chosen = [tag.attributes["value"] for tag in page.all("input", type="radio") if "checked" in tag.attributes]
    assert "evening" in chosen
    assert page.one("input", name="name").attributes["value"] == "Kept Name"
    assert URGENT in page.one("textarea", name="about").text
    assert "checked" in page.one("input", name="consent").attributes
    assert not CallBack.objects.exists()
    if not prefix:
        assert "Your request has not been sent yet" in answer.text
        assert page.one("button", type="submit").text.strip() == "Send it all the same"
        assert "Please read this first" in page.title


def test_it_never_blocks(clinic, caller):
    page = read(caller.send(about=URGENT).text)
    hidden = {tag.attributes["name"]: tag.attributes["value"] for tag in page.all("input", type="hidden")}
    answer = caller.send(about=URGENT, **{name: hidden[name] for name in ("signs_read", "attempt")})
    assert answer.status_code == 302
    call = CallBack.objects.get()
    assert call.about == URGENT
    assert "cannot pass urine" in call.red_flags


def test_a_forged_word_that_the_card_was_shown_is_believed(clinic, caller):
    assert caller.send(about=URGENT, signs_read="\0<b>").status_code == 302
    assert CallBack.objects.get().red_flags


def test_it_shows_the_card_at_once_beside_another_error(clinic, caller):
    answer = caller.send(about=URGENT, phone="12345")
    assert read(answer.text).title.startswith("Error: Please read this first")
    assert answer.text.index('id="red-flags"') < answer.text.index('id="id_name"')
    assert caller.send(about=URGENT, signs_read="1").status_code == 302


@pytest.mark.parametrize("about", ["", "No fever, no numbness", "What does a visit cost?"])
def test_it_sends_at_once_where_nothing_was_found_and_reassures_nobody(clinic, caller, about):
    sent = caller.send(about=about)
    assert sent.status_code == 302
    page = words(caller.client.get(sent.url))
    assert "Signs that cannot wait" in page
    for comfort in ("not urgent", "no emergency", "don’t worry", "nothing serious"):
        assert comfort not in page.lower()


# Limits and the switch


@pytest.mark.parametrize("number", [phone(7), ""])
def test_it_says_kindly_that_it_is_too_much_and_keeps_what_was_typed(clinic, number):
    set_clinic(phone=number)
    for _each in range(3):
        assert CallerAtBrowser().send().status_code == 302
    answer = CallerAtBrowser().send(name="Kept Name", about="Kept words")
    assert answer.status_code == 429
    assert "Your request has not been sent" in answer.text
    assert ("Please call us." if number else "You can send it again tomorrow.") in answer.text
    assert "Kept Name" in answer.text
    assert "Kept words" in answer.text
    assert read(answer.text).title.startswith("Error: ")
    assert CallBack.objects.count() == 3
    assert is_private(answer)


def test_it_does_not_tell_which_of_the_limits_it_was(clinic, monkeypatch):
    for _each in range(3):
        CallerAtBrowser().send()
    by_phone = words(CallerAtBrowser().send())
    monkeypatch.setattr(making, "CALLS_PER_ADDRESS", 1)
    assert CallerAtBrowser(REMOTE_ADDR="192.0.2.1").send(phone="98000 00076").status_code == 302
    by_address = CallerAtBrowser(REMOTE_ADDR="192.0.2.1").send(phone="98000 00077")
    assert by_address.status_code == 429
    assert words(by_address) == by_phone


@pytest.mark.parametrize("way", ["get", "post"])
@pytest.mark.parametrize(("number", "told"), [(phone(7), "Please call us instead."), ("", "Please look again later.")])
def test_it_says_so_kindly_while_nobody_can_call(clinic, caller, way, number, told):
    caller.open()
    set_clinic(call_back_open=False, phone=number)
    answer = caller.send() if way == "post" else caller.client.get(caller.form_url)
    assert answer.status_code == 200
    assert told in answer.text
    assert ("tel:+919800000007" in answer.text) is bool(number)
    assert 'name="phone"' not in answer.text
    assert 'id="red-flags"' in answer.text
    assert not CallBack.objects.exists()


def test_a_switch_that_falls_while_a_form_is_on_its_way_is_told_too(clinic, caller, monkeypatch):
    caller.open()
    monkeypatch.setattr("appointments.calling.making.ClinicSettings.load", lambda: ClinicSettings(call_back_open=False))
    monkeypatch.setattr("appointments.calling.views.clinic_of", lambda request: ClinicSettings(call_back_open=True))
    answer = caller.send()
    assert answer.status_code == 200
    assert "We cannot call back at the moment" in answer.text


# After sending


@pytest.fixture
def call():
    return factories.call_back(name="Secret Name", about="Secret words", phone="+919876543210", created_at=NOW)


def test_it_says_by_when_we_call_and_nothing_about_the_caller(clinic, client, call):
    page = client.get(sent_url(call))
    assert page.status_code == 200
    shown = words(page)
    assert "We call you by Wednesday 25 November, 2:00 pm" in shown
    assert "ends in 10" in shown
    for secret in ("Secret", "9876", "43210", call.public_id):
        assert secret not in page.text.replace(sent_url(call), "").replace(f"/hi{sent_url(call)}", "")
    assert 'id="red-flags"' in page.text
    assert is_private(page)


def test_it_promises_nothing_that_was_not_promised(clinic, client):
    assert "We cannot promise when." in words(client.get(sent_url(factories.call_back(due_at=None))))


def test_it_is_sorry_when_the_moment_has_passed(clinic, client):
    call = factories.call_back(due_at=NOW)
    assert "We meant to call you by Wednesday 25 November, 9:00 am and have not." in words(client.get(sent_url(call)))


def test_it_tells_of_a_call_that_nobody_answered(clinic, client):
    call = factories.call_back(state="tried", tried_at=NOW - timedelta(minutes=30))
    shown = words(client.get(sent_url(call)))
    assert "We called you on Wednesday 25 November, 8:30 am, and nobody answered. We try again." in shown


@pytest.mark.parametrize("state", ["reached", "dropped"])
def test_the_link_ends_with_the_call(clinic, client, state):
    page = client.get(sent_url(factories.call_back(state=state)))
    assert page.status_code == 410
    assert "This link has ended" in page.text
    assert is_private(page)


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=7), 410), (timedelta(days=7, seconds=-1), 200)])
def test_the_link_ends_after_seven_days(clinic, client, age, status):
    call = factories.call_back(created_at=NOW - age)
    assert client.get(sent_url(call)).status_code == status


def tokens(call) -> list[str]:
    good = links.sign(SALT, call.public_id, 1)
    return [
        links.sign("appointment", call.public_id, 1),
        links.sign(SALT, call.public_id, 2),
        links.sign(SALT, "nobody2345", 1),
        good[:-1],
        good + "x",
        call.public_id,
        "x" * 5000,
        "~",
        "%00",
        "ॐ",
    ]


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_forged_link_leads_nowhere(clinic, client, call, prefix):
    for token in tokens(call):
        page = client.get(f"{prefix}/appointments/call-me-back/sent/{token}/")
        assert page.status_code == 404
        assert "Secret" not in page.text
    assert "There is no such page" in client.get("/appointments/call-me-back/sent/forged/").text


@pytest.mark.parametrize("way", ["post", "put", "delete"])
def test_the_sent_page_only_shows(clinic, client, call, way):
    assert getattr(client, way)(sent_url(call)).status_code == 405


def test_the_sent_page_costs_two_queries(clinic, client, call, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(sent_url(call))


# Words of the caller


def test_no_word_of_the_caller_is_in_an_address_a_title_or_a_log(clinic, caller, caplog):
    caplog.set_level(logging.DEBUG)
    said = {"name": "Secretname", "about": f"Secretwords. {URGENT}"}
    answers = [caller.send(phone="12", **said), caller.send(**said), caller.send(signs_read="1", **said)]
    sent = caller.client.get(answers[-1].url)
    for answer in [*answers[:2], sent]:
        page = read(answer.text)
        assert "Secret" not in page.title
        assert "Secret" not in page.description
        assert not any("Secret" in link for link in page.links)
    assert "Secret" not in answers[-1].url
    written = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert "Secret" not in "\n".join(written)
