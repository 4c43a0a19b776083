"""What people, robots and attackers send to the booking pages instead of what was asked for.

The way through the pages, and what is wrong with one field at a time, stand in test_book_pages.py.
"""

import json
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.booking import making
from appointments.models import Appointment, BookingDraft, Clinician, Service, Status
from tests import factories
from tests.factories import NOW, TOMORROW, at
from tests.people import ANSWERS, Patient, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

FIELDS = [
    *ANSWERS,
    "needs_wheelchair",
    "needs_no_long_sitting",
    "needs_attendant",
    "needs_woman_present",
]
STARTS = [
    "0001-01-01T00:00",
    "0001-01-02T00:00",
    "1900-01-01T00:00",
    "9999-12-31T23:59",
    "2026-11-26",
    "2026-11-26T10:00:00.123456",
    "2026-11-26 10:00",
    "2026-W48-4T10:00",
    "20261126T1000",
    "२०२६-११-२६T१०:००",
    "2026-11-26T24:00",
    "2026-11-26T10:00+05:30",
    "2026-11-26T10:00Z",
    "2026-11-26T10:00\0",
    "-2026-11-26T10:00",
    "None",
]


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def who_url(clinic, **query) -> str:
    values = {"service": clinic.service.public_id, "clinician": "any", "start": "2026-11-26T10:00"} | query
    return f"{reverse('appointments:who', args=[uuid.UUID(int=4)])}?{urlencode(values)}"


# Addresses


@pytest.mark.parametrize("start", STARTS)
def test_it_books_no_start_that_is_forged(clinic, patient, start):
    """All the way: a start is part of an address, and anybody can write one."""
    patient.who_url = who_url(clinic, start=start)
    attempt = patient.who_url.split("/a/")[1][:36]
    patient.attempt = uuid.UUID(attempt)
    for answer in (patient.client.get(patient.who_url), patient.answer(), patient.client.get(patient.check_url)):
        assert answer.status_code in (200, 302, 410)
    answer = patient.send()
    assert answer.status_code in (302, 410)
    # Some are another way to write a start that is on offer; no other one is ever booked.
    assert set(Appointment.objects.values_list("starts_at", flat=True)) <= {at(TOMORROW, "10:00")}
    if not start.startswith(("2026", "२०२६")):
        assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"service": ""},
        {"service": "\0"},
        {"service": "-1"},
        {"service": "9" * 3000},
        {"clinician": "\0"},
        {"clinician": "1"},
        {"clinician": "9" * 3000},
        {"clinician": "ANY"},
        {"start": ""},
    ],
)
def test_it_says_kindly_that_a_forged_address_leads_nowhere(clinic, patient, query):
    url = who_url(clinic, **query)
    for answer in (patient.client.get(url), patient.client.post(url, ANSWERS)):
        assert answer.status_code == 410
        assert "Start again" in answer.text
    assert not BookingDraft.objects.exists()


@pytest.mark.parametrize("day", ["\0", "x", "2026-02-31", "0001-01-01", "9999-12-31", "2026-11-26" * 50, "-1", "१"])
@pytest.mark.parametrize("attempt", ["", "x", "{}", "0" * 36])
def test_it_shows_the_times_whatever_stands_in_the_query(clinic, patient, day, attempt):
    page = patient.times(clinic, day=day, attempt=attempt, lost="<b>", clinician="'--")
    assert page.status_code == 200
    assert "The soonest times" in page.text
    assert "<b>" not in page.text


@pytest.mark.parametrize("page", ["who", "check"])
def test_it_knows_no_attempt_that_nobody_began(clinic, patient, page):
    url = reverse(f"appointments:{page}", args=[uuid.UUID(int=4)])
    for answer in (patient.client.get(url), patient.client.post(url, ANSWERS)):
        assert answer.status_code == 410
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("attempt", ["", "x", "\0", "9" * 5000, str(uuid.UUID(int=4))])
def test_it_puts_no_choice_into_an_attempt_that_nobody_began(clinic, patient, attempt):
    url = reverse("appointments:choose", args=[clinic.service.public_id])
    answer = patient.client.post(url, {"attempt": attempt, "clinician": "any", "start": "2026-11-26T10:20"})
    assert answer.status_code == 410
    assert not BookingDraft.objects.exists()


@pytest.mark.parametrize("attempt", ["1", "-1", "x" * 36, "0" * 400, "00000000-0000-0000-0000-00000000000g", "%00"])
@pytest.mark.parametrize("page", ["who", "check"])
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_does_not_find_attempts_of_another_shape(clinic, patient, prefix, page, attempt):
    assert patient.client.get(f"{prefix}/appointments/book/a/{attempt}/{page}/").status_code == 404


# Forms


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("typed", ["\0", "on\0", "x\0" * 100], ids=["nul", "on-nul", "nuls"])
def test_it_stores_no_nul_from_any_field(clinic, patient, field, typed):
    patient.choose(clinic)
    assert patient.answer(**{field: typed}).status_code in (200, 302)
    patient.send()
    assert "\0" not in str(list(Appointment.objects.values()))


@pytest.mark.parametrize("field", FIELDS)
def test_it_keeps_no_flood_from_any_field(clinic, patient, field):
    patient.choose(clinic)
    assert patient.answer(**{field: "9" * 10_000}).status_code in (200, 302)
    kept = list(BookingDraft.objects.values_list("answers", flat=True))
    assert len(json.dumps(kept)) < 4000


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "Pat\x07ient\x1b \x7fOne", "Patient One"),
        ("name", "\u200dPatient One\u200d", "\u200dPatient One\u200d"),
        ("reason", "back\x00", None),
        ("reason", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("reason", "one\x0btwo", "onetwo"),
        ("reason", "=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("email", "patient@example.com\r\nBcc: everybody@example.com", None),
        ("email", "Patient <patient@example.com>", None),
        ("email", "patient@उदाहरण.भारत", "patient@उदाहरण.भारत"),
        ("email", "x" * 300 + "@example.com", None),
    ],
)
def test_it_drops_control_characters_and_nothing_else(clinic, patient, field, typed, kept):
    patient.choose(clinic)
    page = patient.answer(**{field: typed})
    if kept is None:
        assert list(page.context["form"].errors) == [field]
        return
    patient.send()
    assert getattr(Appointment.objects.get(), field) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 62 ", 62),
        ("६२", 62),
        ("0", 0),
        ("120", 120),
        ("-0", 0),
        ("62.0", 62),
        ("62.5", None),
        ("1e1", None),
        ("0x3e", None),
    ],
)
def test_it_reads_ages_as_people_write_them(clinic, patient, typed, kept):
    patient.choose(clinic)
    page = patient.answer(age_years=typed)
    if kept is None:
        assert list(page.context["form"].errors) == ["age_years"]
    else:
        patient.send()
        assert Appointment.objects.get().age_years == kept


@pytest.mark.parametrize(
    ("day", "month", "year", "good"),
    [
        ("29", "2", "2000", True),
        ("29", "2", "1900", False),
        ("25", "11", "2026", True),  # today
        ("26", "11", "2026", False),
        ("1", "1", "1906", True),
        ("31", "12", "1905", False),
        ("0", "1", "1960", False),
        ("-1", "1", "1960", False),
        ("1", "13", "1960", False),
        ("1", "1", "0", False),
        ("1", "1", "60", False),
        ("1.5", "1", "1960", False),
        ("1" * 5000, "1", "1960", False),
    ],
)
def test_it_knows_which_dates_of_birth_can_be(clinic, patient, day, month, year, good):
    patient.choose(clinic)
    page = patient.answer(age_years="", born_on_day=day, born_on_month=month, born_on_year=year)
    assert page.status_code == (302 if good else 200)


@pytest.mark.parametrize(
    "typed", ["9800000", "98000 000", "+91", "+9198000000010000", "00000 00000", "+1", "tel:", "१२३", "+88213300000"]
)
def test_it_takes_no_phone_that_cannot_be_called(clinic, patient, typed):
    patient.choose(clinic)
    page = patient.answer(phone=typed)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["phone"]
    assert not BookingDraft.objects.exists()


def test_it_books_with_the_phone_and_not_with_what_hangs_on_it(clinic, patient):
    """An extension, which many a form lets through, is no part of what is stored."""
    patient.choose(clinic)
    if patient.answer(phone="+91 98000 00001 ext. 5").status_code == 302:
        patient.send()
        assert Appointment.objects.get().phone.as_e164 == "+919800000001"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"name=%FF%FE&phone=%80", "application/x-www-form-urlencoded"),
        (b"&&==&=&%", "application/x-www-form-urlencoded"),
        (b'{"name": "Patient One"}', "application/json"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"name=x", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"name=x", "application/x-www-form-urlencoded; charset=nothing"),
    ],
)
def test_it_survives_bodies_of_another_shape(clinic, patient, body, kind):
    patient.choose(clinic)
    patient.client.raise_request_exception = False
    assert patient.client.generic("POST", patient.who_url, body, content_type=kind).status_code in (200, 400, 410, 415)
    assert not BookingDraft.objects.exists()


def test_it_refuses_a_flood_of_fields(clinic, patient):
    patient.choose(clinic)
    page = patient.client.post(patient.who_url, ANSWERS | {f"field{number}": "x" for number in range(1001)})
    assert page.status_code == 400
    assert not BookingDraft.objects.exists()


def test_it_takes_one_of_two_answers_to_one_question(clinic, patient):
    patient.choose(clinic)
    assert patient.answer(name=["Patient One", "Patient Two"]).status_code == 302
    patient.send()
    assert Appointment.objects.get().name in ("Patient One", "Patient Two")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(FIELDS), st.one_of(st.text(max_size=30), st.integers().map(str), st.just("\0")), max_size=6
    )
)
def test_it_survives_whatever_is_typed(clinic, typed):
    patient = Patient()
    patient.choose(clinic)
    if patient.answer(**typed).status_code == 302:
        assert patient.client.get(patient.check_url).status_code == 200
        made = Appointment.objects.count()
        assert patient.send().status_code in (302, 429)
        assert Appointment.objects.count() <= made + 1
        Appointment.objects.all().delete()


# What is posted beside the form counts for nothing (rule B2)


def test_it_believes_nothing_that_is_posted_to_the_check_page(clinic, patient):
    other = factories.clinician(services=[clinic.service])
    factories.hours(other)
    known = factories.patient()
    patient.choose(clinic, clinician=clinic.clinician.public_id)
    patient.answer()
    patient.client.post(
        patient.check_url,
        {
            "starts_at": "2026-11-26T12:00",
            "ends_at": "2026-11-26T20:00",
            "start": "2026-11-26T12:00",
            "clinician": other.public_id,
            "fee": "0",
            "status": "fulfilled",
            "source": "phone",
            "squeeze_in_reason": "me first",
            "outside_hours": "on",
            "patient": str(known.pk),
            "name": "Patient Two",
        },
    )
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.ends_at) == (at(TOMORROW, "10:00"), at(TOMORROW, "10:20"))
    assert (booked.clinician, booked.status, booked.source) == (clinic.clinician, Status.BOOKED, "online")
    assert (booked.squeeze_in, booked.patient, booked.name) == (False, None, "Patient One")


def test_it_books_what_the_draft_says_whatever_stands_in_the_query(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    patient.client.post(f"{patient.check_url}?start=2026-11-26T12:00&service={clinic.service.public_id}")
    assert Appointment.objects.get().starts_at == at(TOMORROW, "10:00")


# What changes between the pages


def test_it_books_the_length_that_the_service_has_by_then(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    change(clinic.service, duration=40, buffer=10)
    patient.send()
    booked = Appointment.objects.get()
    assert (booked.ends_at, booked.busy_until) == (at(TOMORROW, "10:40"), at(TOMORROW, "10:50"))


@pytest.mark.parametrize(
    "happens",
    [
        lambda clinic: change(clinic.service, step=45),
        lambda clinic: change(clinic.service, duration=200),
        lambda clinic: change(clinic.service, notice=720),
        lambda clinic: factories.time_off(NOW, NOW + timedelta(days=3)),
        lambda clinic: clinic.clinician.hours.all().delete(),
    ],
    ids=["step", "duration", "notice", "time off", "hours"],
)
def test_it_books_nothing_that_is_not_on_offer_any_more(clinic, patient, happens):
    patient.choose(clinic, "2026-11-26T10:20")
    patient.answer()
    happens(clinic)
    answer = patient.send()
    assert "lost" in query_of(answer)
    assert patient.client.get(answer.headers["Location"]).status_code == 200
    assert not Appointment.objects.exists()
    assert BookingDraft.objects.get().answers["name"] == "Patient One"


@pytest.mark.parametrize(
    "happens",
    [
        lambda clinic: change(clinic.clinician, active=False),
        lambda clinic: clinic.clinician.services.clear(),
        lambda clinic: change(clinic.service, active=False),
    ],
    ids=["clinician", "services", "service"],
)
@pytest.mark.parametrize("clinician", ["named", "any"])
def test_it_books_nobody_who_does_not_offer_the_visit_any_more(clinic, patient, happens, clinician):
    patient.choose(clinic, clinician=clinic.clinician.public_id if clinician == "named" else "any")
    patient.answer()
    happens(clinic)
    answer = patient.send()
    assert query_of(answer)["gone"] == ["1"]
    assert patient.client.get(answer.headers["Location"]).status_code == 200
    assert not Appointment.objects.exists()
    assert BookingDraft.objects.count() == 1


def test_it_survives_that_service_and_draft_are_deleted_meanwhile(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    clinic.clinician.services.clear()
    Service.objects.all().delete()
    assert patient.client.get(patient.check_url).status_code == 410
    assert patient.send().status_code == 410


def test_it_books_no_time_whose_notice_has_begun_while_somebody_was_typing(clinic, patient):
    change(clinic.service, notice=2)
    patient.choose(clinic, "2026-11-25T11:00")
    patient.answer()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        answer = patient.send()
    assert "lost" in query_of(answer)
    assert not Appointment.objects.exists()


def test_it_asks_again_when_kept_answers_are_not_good_any_more(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    BookingDraft.objects.update(answers={"name": "Patient One"})
    for answer in (patient.client.get(patient.check_url), patient.send()):
        assert answer.headers["Location"].endswith("/who/")
    assert not Appointment.objects.exists()


def test_it_offers_and_books_no_sample_in_production(clinic, patient, settings):
    patient.choose(clinic)
    patient.answer()
    change(clinic.service, is_sample=True)
    settings.SHOWS_SAMPLES = False
    assert "gone" in query_of(patient.send())
    assert "gone" in query_of(patient.times(clinic))
    assert clinic.service.public_id not in patient.client.get(reverse("appointments:service")).text
    assert not Appointment.objects.exists()


def test_it_hides_a_sample_clinician_in_production(clinic, patient, settings):
    Clinician.objects.update(is_sample=True)
    settings.SHOWS_SAMPLES = False
    page = patient.times(clinic)
    assert page.status_code == 200
    assert "Consultant, spine" not in page.text
    assert "2026-11-26T10:00" not in page.text


# Limits, methods, tokens


def test_it_stops_a_machine_kindly(clinic, monkeypatch):
    monkeypatch.setattr(making, "BOOKINGS_PER_ADDRESS", 1)
    starts = ("2026-11-26T10:00", "2026-11-26T10:20")
    answers = [Patient().book(clinic, start, phone=factories.phone(place)) for place, start in enumerate(starts)]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert "<h1" in answers[1].text
    assert BookingDraft.objects.count() == 1


@pytest.mark.parametrize("page", ["choose", "who", "check"])
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_does_nothing_without_the_token_of_the_form(clinic, page, prefix):
    patient = Patient(prefix)
    patient.choose(clinic)
    patient.answer()
    before = BookingDraft.objects.values().get()
    url = {
        "choose": patient.address("choose", clinic.service.public_id),
        "who": patient.who_url,
        "check": patient.check_url,
    }[page]
    strict = Client(enforce_csrf_checks=True)
    data = ANSWERS | {"name": "Patient Two", "attempt": patient.attempt, "start": "2026-11-26T10:20"}
    for token in ({}, {"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": "\0"}):
        answer = strict.post(url, data | token)
        assert answer.status_code == 403
        assert "<h1" in answer.text
    assert not Appointment.objects.exists()
    assert BookingDraft.objects.values().get() == before


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete", "trace"])
def test_it_books_by_post_only(clinic, patient, method):
    patient.choose(clinic)
    patient.answer()
    for _each in range(2):
        assert getattr(patient.client, method)(patient.check_url).status_code in (200, 405)
    assert not Appointment.objects.exists()
    assert BookingDraft.objects.count() == 1
