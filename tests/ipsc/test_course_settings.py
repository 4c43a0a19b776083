"""What managers set for the courses: switch, hours, contacts, and the ways to pay."""

import pytest

from ipsc.models import ClinicSettings
from ipsc.roles import COURSE_OFFICE, MANAGER, RECEPTION
from tests.ipsc.test_admin import SETTINGS, typed_settings
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db

BANK = {"bank_account_name": "IPSC", "bank_account_number": "0012 3456", "bank_ifsc": "ABCD0123456"}


@pytest.fixture
def manager():
    return client_of(MANAGER)


def errors(manager, **fields) -> dict[str, str]:
    response = manager.post(SETTINGS, typed_settings(**fields))
    assert response.status_code == 200
    assert not ClinicSettings.objects.exists()
    return {name: " ".join(told) for name, told in response.context["adminform"].form.errors.items()}


def test_enrolment_is_closed_until_a_manager_opens_it(manager):
    assert not ClinicSettings.load().enrolment_open
    assert manager.post(SETTINGS, typed_settings(enrolment_open="on")).status_code == 302
    saved = ClinicSettings.objects.get()
    assert saved.enrolment_open
    assert saved.history.first().actor == "manager"


def test_it_keeps_what_is_typed_with_spaces_and_small_letters(manager):
    typed = BANK | {"bank_ifsc": " abcd0 123456", "upi_id": " ipsc @bank ", "course_email": "courses@example.org"}
    assert manager.post(SETTINGS, typed_settings(**typed, course_phone="011 4567 8901")).status_code == 302
    saved = ClinicSettings.objects.get()
    assert (saved.bank_ifsc, saved.upi_id) == ("ABCD0123456", "ipsc@bank")
    assert saved.bank_account_number == "0012 3456"
    assert saved.course_phone.as_e164 == "+911145678901"


@pytest.mark.parametrize("upi", ["nobody", "@bank", "name@", "a@b@c", "नाम@bank", "x" * 101])
def test_it_says_beside_the_field_what_a_upi_id_looks_like(manager, upi):
    told = errors(manager, upi_id=upi)
    assert told.keys() == {"upi_id"}
    assert "name@bank" in told["upi_id"] or "at most 100" in told["upi_id"]


@pytest.mark.parametrize("ifsc", ["ABCD", "ABCD1123456", "1BCD0123456", "ABCD01234567", "ABCD०123456"])
def test_it_says_beside_the_field_what_an_ifsc_looks_like(manager, ifsc):
    told = errors(manager, **BANK | {"bank_ifsc": ifsc})
    assert told == {"bank_ifsc": "An IFSC has four letters, a 0, and six more letters or digits. Check it."}


@pytest.mark.parametrize("missing", BANK)
def test_a_bank_account_has_all_three_or_none(manager, missing):
    told = errors(manager, **BANK | {missing: ""})
    assert told.keys() == {missing}
    assert "as well, or leave all of the bank account empty" in told[missing]


def test_a_name_alone_is_no_account(manager):
    assert errors(manager, bank_name="A bank, Delhi").keys() == {"bank_account_name"}
    assert errors(manager, upi_name="IPSC").keys() == {"upi_id"}


@pytest.mark.parametrize(
    "fields",
    [
        {"offer_hours": "0"},
        {"offer_hours": "169"},
        {"overdue_hours": "23"},
        {"overdue_hours": "9" * 30},
        {"course_phone": "12"},
        {"course_email": "nobody"},
        {"bank_name": "a\0b"},
    ],
)
def test_it_says_beside_the_field_what_is_wrong(manager, fields):
    assert errors(manager, **fields).keys() == fields.keys()


def test_what_was_typed_stays_on_the_page(manager):
    page = manager.post(SETTINGS, typed_settings(**BANK | {"bank_ifsc": "WRONG"}))
    assert 'value="0012 3456"' in page.text
    assert 'value="WRONG"' in page.text


def test_the_page_has_the_courses_in_groups_of_their_own(manager):
    shown = words(manager.get(SETTINGS))
    assert "How course fees are paid" in shown
    assert "Only the ways that are filled in are offered." in shown


@pytest.mark.parametrize("role", [RECEPTION, COURSE_OFFICE])
def test_nobody_else_may_touch_where_the_money_goes(role):
    client = client_of(role)
    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, typed_settings(upi_id="mine@bank")).status_code == 403
    assert not ClinicSettings.objects.exists()
