"""What people, robots and attackers send to “Call me back” instead of what was asked for."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.calling import making
from appointments.models import CallBack
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.caller import TYPED, CallerAtBrowser
from tests.factories import NOW
from tests.people import Patient
from tests.staff import admin_url, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

FIELDS = [*TYPED, "attempt", "signs_read"]
SCRIPT = "<script>alert(1)</script>"
LINK = "https://evil.example/?a=1&b=2"


@pytest.fixture
def caller(clinic) -> CallerAtBrowser:
    return CallerAtBrowser()


@pytest.fixture
def unlimited(monkeypatch):
    monkeypatch.setattr(making, "CALLS_PER_PHONE", 10_000)
    monkeypatch.setattr(making, "CALLS_PER_ADDRESS", 10_000)


# Phones


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9876543210", "+919876543210"),
        ("98765 43210", "+919876543210"),
        (" 98765-43210 ", "+919876543210"),
        ("09876543210", "+919876543210"),
        ("0 98765 43210", "+919876543210"),
        ("+91 98765 43210", "+919876543210"),
        ("+919876543210", "+919876543210"),
        ("919876543210", "+919876543210"),
        ("0091 98765 43210", "+919876543210"),
        ("(+91) 98765.43210", "+919876543210"),
        ("९८७६५ ४३२१०", "+919876543210"),
        ("+९१ ९८७६५ ४३२१०", "+919876543210"),
        ("\uff19\uff18\uff17\uff16\uff15\uff14\uff13\uff12\uff11\uff10", "+919876543210"),
        ("\u200e98765 43210\u200e", "+919876543210"),
        ("011 2345 6789", "+911123456789"),
        ("011-23456789", "+911123456789"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+1 212 555 2368", "+12125552368"),
        ("+971 50 123 4567", "+971501234567"),
        ("tel:+919876543210", "+919876543210"),
        ("98765 43210 ext. 12", "+919876543210"),
    ],
)
def test_it_takes_a_phone_as_people_write_it(caller, typed, kept):
    answer = caller.send(phone=typed)
    assert answer.status_code == 302
    assert CallBack.objects.get().phone.as_e164 == kept
    assert f"<strong>{kept[-2:]}</strong>" in caller.client.get(answer.url).text


@pytest.mark.parametrize(
    "typed",
    [
        "98765",
        "98765 4321",
        "98765 43210 12345",
        "112",
        "+88213300000",
        "+1 900 555 1234",
        "call me",
        "+",
        "+91",
        "0000000000",
        "98765\0 43210",
        "98765 43210; 98765 43211",
        "-9876543210e5",
        "9" * 10_000,
        SCRIPT,
        LINK,
        "ॐ",
        "😀",
    ],
)
def test_it_takes_no_number_that_nobody_can_call(caller, typed):
    answer = caller.send(phone=typed)
    assert answer.status_code == 200
    assert "This is not a phone number that we can call." in answer.text
    assert SCRIPT not in answer.text
    assert not CallBack.objects.exists()


# Texts


@pytest.mark.parametrize(
    "name",
    [
        "सुनीता देवी",
        "O’Brien-D’Souza",
        "x" * 200,
        "अ" * 200,
        "محمد",
        "\u202eevil",
        "a😀",
        "Robert'); DROP TABLE appointments_callback;--",
        SCRIPT,
        f"{LINK} x",
        "{{ clinic.phone }} %(name)s {0}",
    ],
)
def test_it_keeps_a_name_as_it_was_typed_and_shows_it_as_text(caller, name):
    assert caller.send(name=name, about=f"{name}\n{name}"[:500]).status_code == 302
    call = CallBack.objects.get()
    assert call.name == name
    desk = client_of(RECEPTION)
    for page in (desk.get(admin_url("callback", "list")), desk.get(admin_url("callback", "change", call.pk))):
        assert page.status_code == 200
        assert SCRIPT not in page.text
        assert f'href="{LINK}' not in page.text


@pytest.mark.parametrize("field", ["name", "about"])
@pytest.mark.parametrize("length", [300, 501, 10_000])
def test_it_refuses_more_than_there_is_room_for_and_keeps_it_to_be_shortened(caller, field, length):
    typed = "अ" * length
    if field == "about" and length == 300:
        assert caller.send(about=typed).status_code == 302
        return
    answer = caller.send(**{field: typed})
    assert answer.status_code == 200
    assert typed in answer.text
    assert not CallBack.objects.exists()


def test_it_takes_hindi_everywhere(clinic):
    caller = CallerAtBrowser("/hi")
    answer = caller.send(name="सुनीता देवी", phone="९८७६५ ४३२१०", about="घुटने का दर्द, दो महीने से", language="hi")
    assert answer.status_code == 302
    assert CallBack.objects.get().about == "घुटने का दर्द, दो महीने से"


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("typed", ["\0", "on\0", "x\0" * 100], ids=["nul", "on-nul", "nuls"])
def test_it_stores_no_nul_from_any_field(caller, field, typed):
    assert caller.send(**{field: typed}).status_code in (200, 302)
    assert "\0" not in str(list(CallBack.objects.values()))


def test_it_drops_what_nobody_means_to_type(caller):
    caller.send(name="Caller\x1b[31m One\x07", about="one\r\ntwo\x08\tthree\x7f")
    call = CallBack.objects.get()
    assert (call.name, call.about) == ("Caller[31m One", "one\ntwo\tthree")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("typed", [SCRIPT, LINK, "9" * 10_000, "' OR 1=1 --", "../../etc/passwd"])
def test_it_lives_with_anything_in_any_field(caller, field, typed):
    answer = caller.send(**{field: typed})
    assert answer.status_code in (200, 302)
    assert SCRIPT not in answer.text


@pytest.mark.parametrize("field", FIELDS)
def test_it_lives_with_a_field_that_comes_twice_or_not_at_all(caller, field):
    caller.open()
    values = TYPED | {"attempt": str(caller.attempt)}
    twice = {field: ["one", values.get(field, "")]}
    assert caller.client.post(caller.form_url, values | twice).status_code in (200, 302)
    values.pop(field, None)
    assert caller.client.post(caller.form_url, values).status_code in (200, 302)


@pytest.mark.parametrize(
    "body", [b"", b"&&&===", b"name=%ED%A0%80&phone=%FF%FE", b"\xff\xfe\x00", b"name=" + b"%ED%B0%80" * 50]
)
def test_it_lives_with_bytes_that_are_no_text(caller, body):
    answer = caller.client.post(caller.form_url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert "\ud800" not in answer.text


def test_what_is_left_of_lone_surrogates_can_be_stored(caller):
    caller.open()
    body = (
        f"attempt={caller.attempt}&name=Asha%ED%A0%80&phone=9876543210&language=en&best_time=any"
        "&about=a%ED%B0%80b%C3%28&consent=on"
    )
    answer = caller.client.post(caller.form_url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert CallBack.objects.get().name.startswith("Asha")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "raw_unicode_escape", "latin-1"])
@pytest.mark.parametrize("field", ["name", "about", "language", "phone", "attempt"])
def test_lone_surrogates_by_way_of_another_encoding_harm_nobody(caller, charset, field):
    caller.open()
    values = TYPED | {"attempt": str(caller.attempt)} | {field: {"utf-7": "A+2AA-"}.get(charset, r"A\ud800")}
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in values.items()
    )
    content_type = f"multipart/form-data; boundary=x; charset={charset}"
    answer = caller.client.post(caller.form_url, f"{parts}--x--\r\n".encode(), content_type=content_type)
    assert answer.status_code == 400
    assert not CallBack.objects.exists()


def test_it_takes_a_flood_for_no_form(caller):
    caller.open()
    assert caller.send(about="x" * 3_000_000).status_code == 400
    assert caller.client.post(caller.form_url, {f"f{number}": "x" for number in range(2000)}).status_code == 400
    assert not CallBack.objects.exists()


@pytest.mark.parametrize(
    "attempt", [None, "", "x", "-1", "9" * 5000, "{}", "0" * 36, "\0", "ॐ" * 32, str(uuid.UUID(int=0))]
)
def test_a_forged_id_costs_nobody_the_request(caller, attempt):
    caller.open()
    answer = caller.send(attempt=attempt)
    assert answer.status_code == 302
    assert CallBack.objects.count() == 1


def test_a_forged_id_finds_nobodys_request(clinic, caller):
    theirs = factories.call_back(name="Somebody Else")
    answer = caller.send(attempt=str(theirs.attempt))
    assert CallBack.objects.count() == 2
    assert "Somebody" not in caller.client.get(answer.url).text


def test_a_damaged_form_shown_again_has_an_id_of_its_own(caller):
    answer = caller.send(attempt="damaged", name="")
    assert 'value="damaged"' not in answer.text
    assert 'name="attempt"' in answer.text


# Floods


def test_a_flood_from_one_phone_ends_at_three(clinic):
    answers = [CallerAtBrowser(REMOTE_ADDR=f"192.0.2.{number}").send() for number in range(20)]
    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 17
    assert CallBack.objects.count() == 3


def test_a_flood_from_one_address_ends_too_and_leaves_others_alone(clinic):
    answers = [CallerAtBrowser(REMOTE_ADDR="192.0.2.1").send(phone=factories.phone(number)) for number in range(45)]
    assert [answer.status_code for answer in answers].count(302) == CallBack.objects.count() == making.CALLS_PER_ADDRESS
    assert CallerAtBrowser(REMOTE_ADDR="192.0.2.2").send(phone=factories.phone(999)).status_code == 302


def test_a_number_written_in_another_way_is_the_same_number(clinic):
    written = ["98000 00001", "+91 98000 00001", "९८००० ००००१", "098000-00001"]
    answers = [CallerAtBrowser(REMOTE_ADDR=f"192.0.2.{place}").send(phone=each) for place, each in enumerate(written)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]


def test_the_next_day_is_another_day(clinic):
    for _each in range(4):
        CallerAtBrowser().send()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert CallerAtBrowser().send().status_code == 302


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=len(FIELDS)
    )
)
def test_nothing_that_is_typed_is_an_error_of_ours(caller, unlimited, values):
    assert caller.send(**values).status_code in (200, 302)


def test_the_pages_of_others_do_not_open_with_this_link(clinic, caller):
    token = caller.send().url.rstrip("/").rpartition("/")[2]
    assert Patient().client.get(f"/appointments/manage/{token}/").status_code == 404
