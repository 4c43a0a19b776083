"""The way through the booking pages, and what happens off that way."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment, BookingDraft, Status
from ipsc.models import ClinicSettings
from tests import factories
from tests.people import ANSWERS, Patient, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def test_it_books_from_the_first_page_to_the_reference(client, clinic):
    page = client.get("/appointments/", follow=True)
    assert "Is it urgent?" in page.text
    page = client.get(reverse("appointments:service"))
    times_url = reverse("appointments:times", args=[clinic.service.public_id])
    assert times_url in page.text
    page = client.get(times_url)
    assert "The soonest times" in page.text

    patient = Patient()
    patient.choose(clinic)
    page = patient.client.get(patient.who_url)
    assert "how do we reach you" in page.text
    assert patient.answer().headers["Location"] == patient.check_url
    page = patient.client.get(patient.check_url)
    assert "Patient One" in page.text
    assert "Nothing is booked yet" in page.text
    assert not Appointment.objects.exists()

    page = patient.client.post(patient.check_url, follow=True)
    booked = Appointment.objects.get()
    assert page.status_code == 200
    assert booked.spoken_reference in page.text
    assert "No message will come." in page.text
    assert (booked.status, booked.phone.as_e164, booked.starts_at) == (
        Status.BOOKED,
        "+919800000001",
        factories.at(factories.TOMORROW, "10:00"),
    )
    assert booked.history.get().actor == "patient"
    assert not BookingDraft.objects.exists()


def test_it_sets_no_cookie_before_the_first_form(client, clinic):
    for url in (
        reverse("appointments:urgent"),
        reverse("appointments:emergency"),
        reverse("appointments:service"),
        reverse("appointments:times", args=[clinic.service.public_id]),
    ):
        response = client.get(url)
        assert response.status_code == 200
        assert not response.cookies
    patient = Patient()
    patient.choose(clinic)
    assert "csrftoken" in patient.client.get(patient.who_url).cookies


def test_it_costs_the_times_page_at_most_six_queries(client, clinic, django_assert_max_num_queries):
    """Five for the diary with its clinicians, one for the service; the settings are not counted but are here."""
    for number in range(5):
        colleague = factories.clinician(services=[clinic.service], name=f"Consultant {number}")
        factories.hours(colleague, "09:00", "17:00")
    with django_assert_max_num_queries(6):
        client.get(reverse("appointments:times", args=[clinic.service.public_id]))


def test_it_sends_the_same_form_once_however_often_it_comes(clinic, patient):
    first = patient.book(clinic)
    second = patient.send()
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Appointment.objects.count() == 1


def test_it_leads_back_to_the_booking_after_back_and_send(clinic, patient):
    made = patient.book(clinic)
    assert patient.client.get(patient.who_url).headers["Location"] == made.headers["Location"]
    assert patient.answer(name="Patient Two").headers["Location"] == made.headers["Location"]
    assert Appointment.objects.get().name == "Patient One"


def test_it_does_not_open_the_booking_by_an_old_attempt(clinic, patient):
    patient.book(clinic)
    with time_machine.travel(factories.NOW + timedelta(hours=2, seconds=1), tick=False):
        assert patient.client.get(patient.check_url).status_code == 410


def test_it_keeps_two_tabs_apart(clinic):
    one, two = Patient(), Patient()
    two.client = one.client
    one.choose(clinic, "2026-11-26T10:00")
    two.choose(clinic, "2026-11-26T10:20")
    one.answer(name="Patient One")
    two.answer(name="Patient Two")
    one.send()
    two.send()
    rows = Appointment.objects.order_by("starts_at").values_list("name", "starts_at")
    assert list(rows) == [
        ("Patient One", factories.at(factories.TOMORROW, "10:00")),
        ("Patient Two", factories.at(factories.TOMORROW, "10:20")),
    ]


def test_it_returns_to_the_times_with_all_answers_when_the_race_is_lost(clinic, patient):
    patient.choose(clinic)
    patient.answer(reason="My back hurts", email="patient@example.com")
    factories.appointment(clinician=clinic.clinician, service=clinic.service)
    lost = patient.send()
    assert query_of(lost)["lost"] == ["taken"]
    page = patient.client.get(lost.headers["Location"])
    assert "has been taken in the meantime" in page.text
    assert "Everything you typed is kept" in page.text

    choose = reverse("appointments:choose", args=[clinic.service.public_id])
    again = {"attempt": patient.attempt, "clinician": "any", "start": "2026-11-26T10:20"}
    assert patient.client.post(choose, again).headers["Location"] == patient.check_url
    page = patient.client.get(patient.check_url)
    assert "My back hurts" in page.text
    patient.send()
    booked = Appointment.objects.get(name="Patient One", reason="My back hurts")
    assert (booked.reason, booked.email) == ("My back hurts", "patient@example.com")
    assert booked.starts_at == factories.at(factories.TOMORROW, "10:20")


def test_it_keeps_the_answers_when_the_service_goes(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    clinic.service.active = False
    clinic.service.save()
    gone = patient.send()
    assert query_of(gone) == {"gone": ["1"], "attempt": [str(patient.attempt)]}
    assert "is not on offer" in patient.client.get(gone.headers["Location"]).text
    assert BookingDraft.objects.count() == 1


def test_it_keeps_answers_for_two_hours_only(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    with time_machine.travel(factories.NOW + timedelta(hours=2), tick=False):
        page = patient.send()
    assert page.status_code == 410
    assert "nothing is booked" in page.text
    assert not Appointment.objects.exists()


def test_it_says_kindly_that_booking_is_closed(clinic, patient):
    patient.choose(clinic)
    patient.answer()
    ClinicSettings.objects.update(online_booking_open=False)
    for url in (reverse("appointments:urgent"), reverse("appointments:service"), patient.check_url):
        page = patient.client.get(url)
        assert page.status_code == 200
        assert "Online booking is closed" in page.text
    assert "Online booking is closed" in patient.send().text
    assert not Appointment.objects.exists()


def test_it_refuses_the_ninth_booking_from_one_phone_and_gives_the_number(clinic):
    clinic.settings.phone = "+911140000000"
    clinic.settings.save()
    starts = [f"2026-11-{day}T10:{minute:02}" for day in (26, 27, 28) for minute in (0, 20, 40)]
    answers = [Patient().book(clinic, start) for start in starts]
    assert [answer.status_code for answer in answers] == [302] * 8 + [429]
    assert "tel:+911140000000" in answers[-1].text
    assert Appointment.objects.count() == 8


def test_it_keeps_the_answers_of_a_town_but_not_of_a_machine(clinic, monkeypatch):
    monkeypatch.setattr("ipsc.attempts.DRAFTS_PER_ADDRESS", 3)
    patients = [Patient() for _each in range(4)]
    for patient in patients:
        patient.choose(clinic)
    assert [patient.answer().status_code for patient in patients] == [302, 302, 302, 200]
    assert BookingDraft.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Type the patient’s name."),
        ("name", "  ", "Type the patient’s name."),
        ("name", "12345", "in letters"),
        ("name", "A" * 10_000, "at most 200"),
        ("phone", "", "Type a phone number"),
        ("phone", "12345", "not a phone number that we can call"),
        ("phone", "abc", "not a phone number that we can call"),
        ("phone", "9" * 10_000, "not a phone number that we can call"),
        ("age_years", "", "Type the patient’s age"),
        ("age_years", "-1", "0 to 120"),
        ("age_years", "121", "0 to 120"),
        ("age_years", "sixty", "as a number"),
        ("age_years", "9" * 5000, "as a number"),
        ("email", "nobody@", "not an e-mail address"),
        ("consent", "", "only if you agree"),
        ("for_whom", "", "Say who the visit is for"),
        ("for_whom", "nobody", "Select a valid choice"),
        ("reason", "x" * 10_000, "at most 1000"),
        ("reason", "a\0b", "Null characters"),
        ("name", "a\0b", "Null characters"),
    ],
)
def test_it_says_what_is_wrong_beside_the_field(clinic, patient, field, typed, words):
    patient.choose(clinic)
    page = patient.answer(**{field: typed})
    assert page.status_code == 200
    assert words in page.context["form"].errors[field][0]
    assert words in page.text
    assert "<title>Error:" in " ".join(page.text.split()).replace("<title> ", "<title>")
    assert 'value="98000 00001"' in page.text or field == "phone"
    assert not BookingDraft.objects.exists()


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "1960"),
        ("1", "1", "2027"),
        ("1", "1", "1800"),
        ("1", "", ""),
        ("x", "1", "1960"),
        ("1", "1", "99999"),
    ],
)
def test_it_refuses_dates_of_birth_that_cannot_be(clinic, patient, day, month, year):
    patient.choose(clinic)
    page = patient.answer(age_years="", born_on_day=day, born_on_month=month, born_on_year=year)
    assert list(page.context["form"].errors) == ["born_on"]
    assert f'value="{year}"' in page.text or not year


def test_it_takes_a_date_of_birth_instead_of_an_age(clinic, patient):
    patient.book(clinic, age_years="", born_on_day="२९", born_on_month="2", born_on_year="1960")
    assert Appointment.objects.get().born_on.isoformat() == "1960-02-29"


@pytest.mark.parametrize(
    "name",
    ["सुनीता देवी", "محمد", "Zoë ő", "Patient 🙂 One", "‮txet", "ḿ̈", "O’Neil-Iyer", "<b>bold</b> & co"],
)
def test_it_keeps_names_exactly(clinic, patient, name):
    page = patient.client.get(patient.book(clinic, name=name).headers["Location"])
    assert Appointment.objects.get().name == name
    assert "<b>bold" not in page.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("98000 00001", "+919800000001"),
        ("098000-00001", "+919800000001"),
        ("+91 98000 00001", "+919800000001"),
        ("९८००० ००००१", "+919800000001"),
        ("+44 20 7946 0958", "+442079460958"),
        ("011 2345 6789", "+911123456789"),
    ],
)
def test_it_understands_phones_as_people_write_them(clinic, patient, typed, kept):
    patient.book(clinic, phone=typed)
    assert Appointment.objects.get().phone.as_e164 == kept


def test_it_keeps_a_box_as_what_it_means(clinic, patient):
    patient.choose(clinic)
    patient.answer(needs_wheelchair="false", needs_attendant="yes\0")
    assert {"needs_attendant": "on"}.items() <= BookingDraft.objects.get().answers.items()
    patient.send()
    booked = Appointment.objects.get()
    assert (booked.needs_wheelchair, booked.needs_attendant) == (False, True)


def test_it_asks_who_books_for_somebody_else(clinic, patient):
    patient.choose(clinic)
    page = patient.answer(for_whom="someone_else")
    assert set(page.context["form"].errors) == {"contact_name", "contact_relation"}
    patient.answer(for_whom="someone_else", contact_name="Relative One", contact_relation="daughter")
    page = patient.client.get(patient.check_url)
    assert "Relative One (daughter)" in page.text
    patient.send()
    booked = Appointment.objects.get()
    assert (booked.for_someone_else, booked.contact_name, booked.phone_is_patients) == (True, "Relative One", False)


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-25T08:00",  # past
        "2026-11-26T10:07",  # off the grid
        "2026-11-26T09:40",  # before hours
        "2026-11-26T12:50",  # would run past hours
        "2026-12-23T10:00",  # beyond the horizon
        "9998-12-31T23:59",
    ],
)
def test_it_books_no_time_that_is_not_on_offer(clinic, patient, start):
    answer = patient.book(clinic, start)
    assert query_of(answer)["lost"] == ["changed"]
    assert not Appointment.objects.exists()
    assert patient.client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "start", ["", "soon", "2026-02-31T10:00", "2026-11-26T10:00Z", "0001-01-01T00:00", "\0", "9" * 400]
)
def test_it_leads_back_to_the_times_from_a_start_that_is_none(clinic, patient, start):
    answer = patient.choose(clinic, start)
    assert answer.status_code == 302
    assert "/times/" in answer.headers["Location"] or patient.client.get(answer.headers["Location"]).status_code < 500


@pytest.mark.parametrize("forged", ["1", "-1", "9" * 300, "zzzzzzzzzz", "%00", "'--", "../../admin"])
def test_it_does_not_know_forged_ids(clinic, patient, forged):
    known = clinic.service.public_id
    for url, query in (
        (f"/appointments/book/{forged}/times/", {}),
        (f"/appointments/book/{forged}/choose/", {"start": "2026-11-26T10:00"}),
        (f"/appointments/book/{known}/choose/", {"start": "2026-11-26T10:00", "clinician": forged}),
        (f"/appointments/book/{known}/times/", {"clinician": forged, "day": forged, "attempt": forged, "lost": forged}),
        (f"/appointments/manage/{forged}/", {}),
        (f"/appointments/manage/{forged}/calendar.ics", {}),
        (f"/appointments/book/a/{forged}/who/", {}),
    ):
        response = patient.client.get(url, query, follow=True)
        assert response.status_code in (200, 404, 410), (url, response.status_code)


def test_it_does_not_book_a_clinician_who_does_not_offer_the_service(clinic, patient):
    other = factories.clinician(services=[factories.service()])
    factories.hours(other)
    answer = patient.choose(clinic, clinician=other.public_id)
    assert query_of(answer)["lost"] == ["changed"]


def test_it_shows_a_page_of_its_own_when_nothing_is_free(clinic, patient):
    factories.time_off(factories.NOW, factories.NOW + timedelta(days=60))
    page = patient.times(clinic)
    assert page.status_code == 200
    assert "What you can do" in page.text
    assert "appointments/no_times.html" in [template.name for template in page.templates]


@pytest.mark.parametrize("page", ["urgent", "emergency", "service", "times", "who", "check", "manage"])
def test_it_answers_the_wrong_method_without_acting(clinic, patient, page):
    made = patient.book(clinic).headers["Location"]
    urls = {
        "times": reverse("appointments:times", args=[clinic.service.public_id]),
        "who": patient.who_url,
        "check": patient.check_url,
        "manage": made,
    }
    url = urls.get(page) or reverse(f"appointments:{page}")
    before = Appointment.objects.values().get()
    for method in ("put", "delete", "patch"):
        assert getattr(patient.client, method)(url).status_code == 405
    if page not in ("who", "check"):
        assert patient.client.post(url).status_code == 405
    assert Appointment.objects.values().get() == before


def test_it_explains_kindly_when_the_csrf_token_is_missing(clinic):
    strict = Client(enforce_csrf_checks=True)
    patient = Patient()
    patient.choose(clinic)
    page = strict.post(patient.who_url, ANSWERS)
    assert page.status_code == 403
    assert "<h1" in page.text
    assert not BookingDraft.objects.exists()


def test_it_neither_stores_nor_leaks_private_pages(clinic, patient):
    patient.choose(clinic)
    pages = [patient.client.get(patient.who_url)]
    patient.answer()
    pages.append(patient.client.get(patient.check_url))
    pages.append(patient.client.get(patient.send().headers["Location"]))
    for page in pages:
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in page.headers["X-Robots-Tag"]


def test_it_speaks_hindi_under_hi_and_stores_the_language(clinic):
    patient = Patient(prefix="/hi")
    page = patient.times(clinic)
    assert '<html lang="hi"' in page.text
    answer = patient.book(clinic)
    assert answer.headers["Location"].startswith("/hi/appointments/manage/")
    assert Appointment.objects.get().language == "hi"


def test_it_holds_a_request_until_a_shown_moment(clinic, patient):
    clinic.service.instant = False
    clinic.service.save()
    page = patient.client.get(patient.book(clinic).headers["Location"])
    booked = Appointment.objects.get()
    assert booked.status == Status.REQUESTED
    assert "We have your request" in page.text
    assert "Thursday 26 November 2026, 9:00 am" in page.text


def test_who_needs_help_now_is_offered_nothing_that_has_to_be_waited_for(client, clinic):
    clinic.settings.phone = "+911145678901"
    clinic.settings.save()
    page = client.get(reverse("appointments:emergency")).text
    assert page.index('href="tel:112"') < page.index('href="tel:+911145678901"')
    assert "/appointments/call-me-back/" not in page


def test_a_visit_without_times_leads_only_to_where_there_are_some(client, clinic):
    away = factories.clinician(services=[clinic.service], name="Consultant without hours")
    address = reverse("appointments:times", args=[clinic.service.public_id])
    page = client.get(f"{address}?clinician={away.public_id}").text
    assert "Look at the times of all clinicians" in page
    assert "Choose another kind of visit" not in page
    other = factories.service(name="Another visit")
    other.clinicians.add(clinic.clinician)
    assert "Choose another kind of visit" in client.get(f"{address}?clinician={away.public_id}").text
    factories.time_off(factories.NOW, factories.NOW + timedelta(days=60))
    page = client.get(address).text
    assert "Look at the times of all clinicians" not in page
    assert "Choose another kind of visit" not in page


def test_it_says_before_booking_that_a_near_visit_cannot_be_moved_online(clinic, patient):
    near = "so near that you cannot move or cancel it online later"
    patient.choose(clinic)
    patient.answer()
    assert (near in patient.client.get(patient.check_url).text) == (clinic.service.change_notice >= 24)
    clinic.service.change_notice = 720
    clinic.service.save()
    assert near in patient.client.get(patient.check_url).text


@pytest.mark.parametrize(("sends", "told"), [(True, "Without it no message comes."), (False, "sends no e-mail")])
def test_it_says_what_an_email_address_is_for(clinic, patient, settings, sends, told):
    settings.SENDS_EMAIL = sends
    patient.choose(clinic)
    assert told in patient.client.get(patient.who_url).text
