"""The list of those who want to be called, as reception uses it with the phone at the ear, and a request's page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import CallBack, CallState
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.appointments.caller import everything, records
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.public_pages import read
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

CHANGED = "Somebody has changed this request meanwhile."
VERBS = ["called_in_vain", "reached", "drop", "reopen"]


@pytest.fixture
def desk():
    return client_of(RECEPTION)


@pytest.fixture
def call():
    return factories.call_back(name="Caller One")


def look(desk, **query):
    response = desk.get(admin_url("callback", "list"), query)
    assert response.status_code == 200
    return response


def names(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]


def page_of(desk, call):
    response = desk.get(admin_url("callback", "change", call.pk))
    assert response.status_code == 200
    return response


def press(desk, call, verb: str, **typed):
    return desk.post(admin_url("callback", verb, call.pk), {"sequence": call.sequence} | typed)


# The list


def test_it_says_that_a_number_has_asked_more_than_once():
    factories.call_back()
    reception = client_of(RECEPTION)
    assert "from this number" not in look(reception).text
    factories.call_back(phone=CallBack.objects.get().phone)
    factories.call_back()
    assert look(reception).text.count("2 requests from this number") == 2


def test_it_shows_the_most_urgent_first():
    def make(name, minutes, **fields):
        due_at = None if minutes is None else NOW + timedelta(minutes=minutes)
        factories.call_back(name=name, due_at=due_at, **fields)

    make("spoken to", -300, state="reached", red_flags="x", created_at=NOW - timedelta(days=1))
    make("no moment", None)
    make("tried", -200, state="tried")
    make("later", 60)
    make("overdue", -100)
    make("closed", -300, state="dropped", created_at=NOW - timedelta(days=2))
    make("emergency", 120, red_flags="cannot pass urine")
    assert names(look(client_of(RECEPTION), state="all")) == [
        "emergency",
        "overdue",
        "later",
        "no moment",
        "tried",
        "spoken to",
        "closed",
    ]


def test_it_opens_on_those_whom_somebody_still_has_to_call(desk):
    for state in CallState:
        factories.call_back(name=state.value, state=state)
    assert set(names(look(desk))) == {"waiting", "tried"}
    for state in CallState:
        assert names(look(desk, state=state.value)) == [state.value]
    assert len(names(look(desk, state="all"))) == 4
    page = look(desk)
    assert [(tab["label"], tab["count"], tab["is_chosen"]) for tab in page.context["cl"].tabs] == [
        ("To call", 2, True),
        ("All", 4, False),
        ("Waiting", 1, False),
        ("Called, no answer", 1, False),
        ("Spoken to", 1, False),
        ("Closed without a call", 1, False),
    ]


@pytest.mark.parametrize("query", [{"state": "x"}, {"state": "\0"}, {"p": "9"}, {"o": "-1"}, {"q": "x"}])
def test_it_lives_with_odd_addresses(desk, call, query):
    assert desk.get(admin_url("callback", "list"), query).status_code in (200, 302)


def test_it_says_all_that_a_receptionist_needs_at_a_glance(desk):
    factories.call_back(
        name="सुनीता देवी",
        phone="+919876543210",
        language="hi",
        best_time="evening",
        about="कल से पेशाब नहीं हो रहा है",
        red_flags="पेशाब नहीं हो रहा",
        came_from="no_times",
        created_at=at(TODAY, "08:40"),
        due_at=at(TODAY, "12:00"),
    )
    page = look(desk)
    shown = words(page)
    for told in ("by 12:00 pm", "asked 8:40 am", "सुनीता देवी", "कल से पेशाब नहीं हो रहा है", "Hindi", "In the evening"):
        assert told in shown
    assert "Words that may mean an emergency: “पेशाब नहीं हो रहा”" in shown
    assert "no free times" in shown
    assert 'href="tel:+919876543210"' in page.text
    assert 'href="https://wa.me/919876543210"' in page.text


def test_a_land_line_has_no_whatsapp(desk):
    factories.call_back(phone="+911123456789")
    assert "wa.me" not in look(desk).text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"due_at": at(TODAY, "08:00")}, "overdue since 8:00 am"),
        ({"due_at": at(TOMORROW, "11:00")}, "by Thu 26 Nov, 11:00 am"),
        ({"due_at": None}, "as soon as you can"),
        ({"state": "tried", "tries": 2}, "no answer, 2 × last 9:00 am"),
    ],
)
def test_it_says_how_long_there_is(desk, fields, told):
    factories.call_back(**fields)
    assert told in words(look(desk))


@pytest.mark.parametrize(("late", "told"), [(0, ""), (1, "1 person waits longer"), (2, "2 people wait longer")])
def test_it_says_loudly_who_waits_too_long(desk, late, told):
    for _each in range(late):
        factories.call_back(due_at=NOW)
    shown = words(look(desk))
    assert told in shown
    assert ("longer than we said" in shown) is bool(late)


def test_it_has_its_three_buttons_in_the_row(desk, call):
    page = read(look(desk).text)
    addresses = {tag.attributes["formaction"] for tag in page.all("button") if "formaction" in tag.attributes}
    assert addresses == {admin_url("callback", verb, call.pk) for verb in ("called_in_vain", "reached")}
    assert admin_url("callback", "drop", call.pk) in page.links


def test_a_closed_row_has_no_buttons(desk):
    factories.call_back(state="reached")
    assert "formaction" not in look(desk, state="all").text


def test_whoever_may_only_look_gets_no_buttons(call):
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_callback"))
    client = Client()
    client.force_login(user)
    assert "formaction" not in look(client).text
    page = page_of(client, call)
    assert "Spoken to" not in words(page)
    assert "Book a visit" not in words(page)


def test_how_many_queries_it_takes_does_not_depend_on_the_rows(desk):
    counts = []
    for _round in range(2):
        for number in range(5):
            factories.call_back(red_flags="x" * (number % 2), about="y")
        with CaptureQueriesContext(connection) as queries:
            look(desk)
        counts.append(len(queries))
    # Besides session, user and two of permissions: rows counted, rows, open ones, states.
    assert counts == [counts[0]] * 2
    assert counts[0] <= 9


# Pressing


def test_one_press_in_the_list_counts_a_call_in_vain_and_leads_back(desk, call):
    back = admin_url("callback", "list") + "?state=waiting"
    answer = press(desk, call, "called_in_vain", next=back)
    assert (answer.status_code, answer.url) == (302, back)
    call.refresh_from_db()
    assert (call.state, call.tries, call.tried_at) == (CallState.TRIED, 1, NOW)
    assert records(call)[-1] == ("~", "reception", "", "tried")
    page = desk.get(back)
    assert "no answer. The request stays open." in page.text
    assert admin_url("callback", "change", call.pk) in read(page.text).links


def test_one_press_in_the_list_says_that_somebody_spoke(desk, call):
    press(desk, call, "reached")
    call.refresh_from_db()
    assert (call.state, call.reached_at, call.note) == (CallState.REACHED, NOW, "")


def test_a_note_is_kept(desk, call):
    press(desk, call, "reached", note="  visit on Thursday ")
    call.refresh_from_db()
    assert call.note == "visit on Thursday"
    assert "visit on Thursday" in words(page_of(desk, call))


def test_it_asks_why_before_it_closes(desk, call):
    page = desk.get(admin_url("callback", "drop", call.pk))
    assert "Close without a call?" in words(page)
    assert read(page.text).one("input", name="sequence").attributes["value"] == "0"
    answer = press(desk, call, "drop", reason="")
    assert answer.status_code == 200
    assert "Say why nobody calls." in words(answer)
    call.refresh_from_db()
    assert call.is_open
    press(desk, call, "drop", reason="asked twice")
    call.refresh_from_db()
    assert (call.state, call.note, call.dropped_at) == (CallState.DROPPED, "asked twice", NOW)


@pytest.mark.parametrize("state", ["reached", "dropped", "tried"])
def test_the_last_step_can_be_undone(desk, state):
    call = factories.call_back(state=state)
    assert "Undo" in words(page_of(desk, call))
    assert press(desk, call, "reopen").status_code == 302
    call.refresh_from_db()
    assert call.state == CallState.WAITING
    assert "Undo" not in words(page_of(desk, call))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("sequence", ["7", "", "x", "-1", "\0", "9" * 5000, "०", None])
def test_a_stale_or_forged_button_changes_nothing_and_says_so(desk, verb, sequence):
    call = factories.call_back(state="tried")
    before = everything()
    typed = {"sequence": sequence, "reason": "asked twice"}
    url = admin_url("callback", verb, call.pk)
    answer = desk.post(url, {name: value for name, value in typed.items() if value is not None})
    assert answer.status_code == 409
    assert CHANGED in words(answer)
    assert "<title>Error: " in answer.text
    assert everything() == before


@pytest.mark.parametrize("verb", ["called_in_vain", "reached", "drop"])
def test_the_second_of_two_receptionists_is_told(desk, call, verb):
    press(client_of(MANAGER), call, "reached")
    answer = press(desk, call, verb, reason="asked twice", note="typed with care")
    assert answer.status_code == 409
    assert CHANGED in words(answer)
    assert "manager changed" in words(answer)


def test_a_refused_note_is_not_lost(desk):
    call = factories.call_back(sequence=3)
    answer = press(desk, call, "reached", note="typed with care", sequence=2)
    assert answer.status_code == 409
    assert "typed with care" in answer.text


def test_a_double_click_is_no_error(desk, call):
    assert [press(desk, call, "called_in_vain").status_code for _each in range(2)] == [302, 302]
    call.refresh_from_db()
    assert call.tries == 1


@pytest.mark.parametrize("verb", ["called_in_vain", "reached", "reopen"])
@pytest.mark.parametrize("way", ["get", "head", "put", "delete"])
def test_only_a_press_acts(desk, verb, way):
    call = factories.call_back(state="tried")
    before = everything()
    assert getattr(desk, way)(admin_url("callback", verb, call.pk)).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("way", ["get", "head"])
def test_looking_at_the_question_closes_nothing(desk, call, way):
    before = everything()
    assert getattr(desk, way)(admin_url("callback", "drop", call.pk), {"reason": "x"}).status_code == 200
    assert everything() == before


def test_what_is_closed_already_is_shown_instead_of_the_question(desk):
    answer = desk.get(admin_url("callback", "drop", factories.call_back(state="reached").pk))
    assert answer.status_code == 409
    assert "closed already" in words(answer)


@pytest.mark.parametrize(("field", "verb"), [("note", "reached"), ("reason", "drop")])
@pytest.mark.parametrize("typed", ["x" * 501, "\0"])
def test_it_refuses_what_it_cannot_keep(desk, call, field, verb, typed):
    before = everything()
    answer = press(desk, call, verb, **{field: typed})
    assert answer.status_code in (200, 409)
    assert "<title>Error: " in answer.text
    assert everything() == before


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil", "home", "?state=all"]
)
def test_it_leads_to_no_foreign_place(desk, call, back):
    assert press(desk, call, "reached", next=back).url == admin_url("callback", "change", call.pk)


def test_a_form_from_elsewhere_changes_nothing(call):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    assert press(client, call, "reached").status_code == 403


# The page of a request


def test_it_shows_the_request_and_its_history(desk):
    call = factories.call_back(
        name="Caller <b>One</b>",
        about="Pain in the\n<i>back</i>",
        red_flags="fell",
        came_from="error",
        best_time="morning",
    )
    press(desk, call, "called_in_vain")
    page = page_of(desk, call)
    shown = words(page)
    for told in ("Caller <b>One</b>", "<i>back</i>", "Words that may mean an emergency: “fell”", "In the morning"):
        assert told in shown
    assert "an error" in shown
    assert "reception changed" in shown
    assert "State: waiting → called, no answer" in shown
    assert "<b>One" not in page.text
    assert "<i>back" not in page.text
    assert read(page.text).all("form", method="post")


def test_the_page_takes_as_many_queries_however_long_the_history_is(desk, call):
    counts = []
    for _round in range(2):
        for _each in range(4):
            call.refresh_from_db()
            press(desk, call, "called_in_vain")
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, call)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_has_no_form_that_could_save(desk, call):
    before = everything()
    assert desk.post(admin_url("callback", "change", call.pk), {"name": "Somebody else"}).status_code == 405
    assert everything() == before


def test_nobody_adds_or_deletes_one(call):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(admin_url("callback", "add")).status_code == 403
    assert client.post(admin_url("callback", "delete", call.pk), {"post": "yes"}).status_code == 403
    assert CallBack.objects.filter(pk=call.pk).exists()


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 5_000, "0", "1;2", "%00", "½"])
@pytest.mark.parametrize("page", ["change", "history", "delete", *VERBS])
def test_it_has_no_page_for_what_does_not_exist(desk, key, page):
    for way in ("get", "post"):
        response = getattr(desk, way)(f"/admin/appointments/callback/{key}/{page}/")
        assert response.status_code in (302, 403, 404, 405)


# A visit for the caller


def test_a_visit_can_be_booked_with_what_the_caller_said(desk, clinic):
    call = factories.call_back(name="सुनीता देवी", phone="+919876543210", language="hi", about="Knee pain")
    link = f"{admin_url('appointment', 'add')}?call={call.pk}"
    assert link in read(page_of(desk, call).text).links
    page = read(desk.get(link).text)
    assert page.one("input", name="name").attributes["value"] == "सुनीता देवी"
    assert "98765" in page.one("input", name="phone").attributes["value"].replace(" ", "")
    assert "Knee pain" in page.one("textarea", name="reason").text
    assert not CallBack.objects.exclude(state=CallState.WAITING).exists()


@pytest.mark.parametrize("key", ["0", "x", "\0", "9" * 500, ""])
def test_a_new_visit_begins_empty_for_a_caller_who_does_not_exist(desk, clinic, key):
    assert desk.get(admin_url("appointment", "add"), {"call": key}).status_code == 200
