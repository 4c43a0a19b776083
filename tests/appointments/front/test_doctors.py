"""The pages of those who see patients."""

import pytest

from tests import factories
from tests.factories import TODAY, at

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>x</script>'


@pytest.fixture
def surgeon(clinic):
    row = factories.clinician(
        services=[clinic.service],
        name="Consultant, pain medicine",
        slug="consultant-pain-medicine",
        qualification="MD, FIPM",
        council="Council of X",
        registration_number="12345",
        languages="English, Hindi",
        about="Trained in X.\n\nWorks on Y.",
    )
    factories.hours(row, "09:00", "12:00")
    return row


def test_it_lists_everybody_with_their_next_free_time(client, surgeon):
    text = client.get("/doctors/").text
    assert "Consultant, spine" in text
    assert 'href="/doctors/consultant-pain-medicine/"' in text
    assert "MD, FIPM" in text
    assert "Next free: Wednesday 25 November, 9:00 am" in text
    assert "Next free: Wednesday 25 November, 10:00 am" in text


def test_it_costs_the_same_whatever_the_number_of_clinicians(client, clinic, surgeon, django_assert_num_queries):
    for _each in range(5):
        factories.hours(factories.clinician(services=[clinic.service, factories.service()]))
    with django_assert_num_queries(7):
        client.get("/doctors/")


def test_it_says_so_where_nobody_is_entered(client, db):
    assert "have not been entered yet" in client.get("/doctors/").text


def test_it_tells_who_it_is_and_by_which_register(client, surgeon):
    text = client.get("/doctors/consultant-pain-medicine/").text
    for shown in ("MD, FIPM", "Council of X", "12345", "English, Hindi", "<p>Trained in X.</p><p>Works on Y.</p>"):
        assert shown in text
    assert "Wednesday 25 November, 9:00 am" in text


def test_it_leads_to_booking_with_this_clinician_past_the_signs(client, surgeon):
    main = client.get(f"/doctors/{surgeon.slug}/").text.partition("<main")[2]
    address = f"/appointments/book/?clinician={surgeon.public_id}"
    assert main.index('id="red-flags"') < main.index(address)
    assert f'href="/appointments/book/visit/?clinician={surgeon.public_id}"' in client.get(address).text


def test_it_offers_no_booking_of_a_clinician_without_services(client, clinic):
    alone = factories.clinician(slug="alone")
    main = client.get(f"/doctors/{alone.slug}/").text.partition("<main")[2].partition("<footer")[0]
    assert "cannot be booked online" in main
    assert "/appointments/book/" not in main


def test_it_offers_no_booking_while_booking_is_closed(client, surgeon, clinic):
    clinic.settings.online_booking_open = False
    clinic.settings.save()
    main = client.get(f"/doctors/{surgeon.slug}/").text.partition("<main")[2].partition("<footer")[0]
    assert "/appointments/book/" not in main
    assert "Next free" not in main


def test_it_says_so_when_no_time_is_free(client, surgeon):
    factories.time_off(clinician=surgeon, starts_at=at(TODAY, "00:00"), ends_at=at(TODAY.replace(year=2027), "00:00"))
    assert "No time is free online at the moment." in client.get(f"/doctors/{surgeon.slug}/").text


@pytest.mark.parametrize("fields", [{"active": False}, {"is_sample": True}])
def test_it_hides_who_is_not_public(client, surgeon, settings, fields):
    settings.SHOWS_SAMPLES = False
    for name, value in fields.items():
        setattr(surgeon, name, value)
    surgeon.save()
    assert client.get(f"/doctors/{surgeon.slug}/").status_code == 404
    assert surgeon.name not in client.get("/doctors/").text


def test_it_leads_on_from_an_address_that_the_page_had_before(client, surgeon):
    surgeon.slug = "another-name"
    surgeon.save()
    page = client.get("/hi/doctors/consultant-pain-medicine/")
    assert (page.status_code, page.headers["Location"]) == (301, "/hi/doctors/another-name/")
    assert client.get("/doctors/never-was/").status_code == 404


def test_it_escapes_what_staff_enter(client, surgeon):
    for name in ("name", "name_hi", "qualification", "council", "languages", "about"):
        setattr(surgeon, name, SCRIPT)
    surgeon.save()
    for path in ("/doctors/", f"/doctors/{surgeon.slug}/", f"/hi/doctors/{surgeon.slug}/"):
        assert "<script>x" not in client.get(path).text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_only(client, surgeon, method):
    for path in ("/doctors/", f"/doctors/{surgeon.slug}/", "/treatments/", "/contact/"):
        assert getattr(client, method)(path).status_code == 405
