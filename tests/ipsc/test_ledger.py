"""The ledger: every message that was caused, for staff to read and for nobody to change (rule M2)."""

import pytest

from ipsc.models import Message
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.appointments.guest import book, send
from tests.people import make_clinic
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

URL = "/admin/ipsc/message/"


@pytest.fixture
def at_nine():
    import time_machine

    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def desk():
    return client_of(RECEPTION)


def kinds(desk, **query) -> list[str]:
    page = desk.get(URL, query)
    assert page.status_code == 200
    return [row.kind for row in page.context["cl"].result_list]


def test_it_lists_the_newest_first_with_state_and_error(desk):
    factories.message(state="failed", last_error="550 no such user", to="old@example.org")
    factories.message(to="new@example.org", caused_at=factories.NOW + factories.timedelta(minutes=1))
    shown = words(desk.get(URL))
    assert shown.index("new@example.org") < shown.index("old@example.org")
    assert "failed 550 no such user" in shown


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("one@example", 1),
        ("ONE@", 1),
        ("98000 00001", 1),
        ("098000-00001", 1),
        ("+91 98000 00001", 1),
        ("nobody", 0),
        ("%", 0),
        ("12", 0),
    ],
)
def test_it_finds_by_address_and_by_number_in_any_spacing(desk, typed, found):
    factories.message(to="one@example.org")
    factories.message(to="+919800000001", channel="sms")
    assert len(kinds(desk, q=typed)) == found


def test_it_finds_what_is_about_a_reference(desk):
    made = book(make_clinic())
    factories.message()
    for typed in (made.reference, made.spoken_reference):
        assert kinds(desk, q=typed) == ["appointments.booked"]


def test_it_filters_by_state_channel_and_kind(desk):
    factories.message(state="failed", channel="sms", kind="appointments.reminder", to="+919800000001")
    factories.message()
    for query in ({"state__exact": "failed"}, {"channel__exact": "sms"}, {"kind": "appointments.reminder"}):
        assert kinds(desk, **query) == ["appointments.reminder"]


def test_one_message_shows_what_was_sent_without_the_way_in(desk):
    made = book(make_clinic())
    send()
    row = Message.objects.get()
    page = desk.get(f"{URL}{row.pk}/change/")
    assert "Your visit is booked" in page.text
    assert "/m?…" in page.text
    assert f'href="/admin/appointments/appointment/{made.pk}/change/"' in page.text
    assert made.public_id not in page.text


def test_what_came_from_strangers_is_shown_as_text(desk):
    row = factories.message(state="failed", last_error="<script>1</script>", body="<b>x</b>", to="<i>@example.org")
    for address in (URL, f"{URL}{row.pk}/change/"):
        page = desk.get(address).text
        assert "<script>1" not in page
        assert "<b>x" not in page
        assert "<i>@" not in page


@pytest.mark.parametrize("role", [RECEPTION, MANAGER, "superuser"])
def test_nobody_adds_changes_or_deletes_a_message(role):
    row = factories.message()
    client = client_of(role)
    assert client.get(f"{URL}add/").status_code == 403
    assert client.post(f"{URL}{row.pk}/change/", {"to": "x@example.org"}).status_code == 405
    assert client.post(f"{URL}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(URL, {"action": "delete_selected", "_selected_action": [row.pk]}).status_code in (200, 302)
    assert Message.objects.get().to == row.to


def test_a_message_that_is_not_there_leads_back(desk):
    assert desk.get(f"{URL}999/change/").status_code == 302


def test_it_takes_the_same_queries_however_long_it_is(desk, django_assert_num_queries):
    factories.message()
    desk.get(URL)
    with django_assert_num_queries(6):  # session, user, two for rights; count and rows
        desk.get(URL)
    for _number in range(9):
        factories.message()
    with django_assert_num_queries(6):
        desk.get(URL)
