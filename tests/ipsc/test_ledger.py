"""The ledger: every message that was caused, for staff to read and for nobody to change (rule M2)."""

import pytest

from ipsc.models import Message
from ipsc.roles import COURSE_OFFICE, MANAGER, RECEPTION
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


COURSE, VISIT = "courses.enrolled", "appointments.booked"


@pytest.mark.parametrize(
    ("role", "read"),
    [(RECEPTION, {VISIT}), (COURSE_OFFICE, {COURSE}), (MANAGER, {COURSE, VISIT, "faq.digest"})],
)
def test_each_role_reads_the_messages_of_its_own_work(role, read):
    rows = {kind: factories.message(kind=kind) for kind in (COURSE, VISIT, "faq.digest")}
    client = client_of(role)
    assert set(kinds(client)) == read
    for kind, row in rows.items():
        response = client.get(f"{URL}{row.pk}/change/")
        assert response.status_code == (200 if kind in read else 302)
        assert (row.to in response.text) == (kind in read)
        assert (row.to in client.get(f"{URL}{row.pk}/history/").text) == (kind in read)


def test_the_filter_names_no_kind_of_somebody_elses_work():
    office = client_of(COURSE_OFFICE)
    assert "?kind=courses.enrolled" in office.get(URL).text
    assert "?kind=appointments." not in office.get(URL).text
    factories.message(kind=VISIT)
    assert kinds(office, kind=VISIT) == []


def test_a_patient_is_not_found_by_the_course_office():
    factories.message(kind=VISIT, to="patient@example.org")
    assert kinds(client_of(COURSE_OFFICE), q="patient@example.org") == []
