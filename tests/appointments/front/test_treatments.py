"""The pages of what one can come for: lay words first, the medical term behind."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cement(clinic):
    row = factories.service(
        name="Bone cement for a broken spine bone",
        name_hi="रीढ़ की टूटी हड्डी के लिए बोन सीमेंट",
        medical_name="vertebroplasty",
        slug="bone-cement",
        description="A plain description.",
        details="First.\n\nSecond.",
        fee=150000,
        bring="Your scans",
        prepare="Wear loose clothes",
    )
    row.clinicians.add(clinic.clinician)
    return row


def test_it_says_it_in_lay_words_first(client, cement):
    text = client.get("/treatments/bone-cement/").text
    assert 'Bone cement for a broken spine bone <span class="medical">(vertebroplasty)</span>' in text
    for shown in (
        "<p>First.</p><p>Second.</p>",
        "₹\u00a01,50,000",
        "Your scans",
        "Wear loose clothes",
        "Consultant, spine",
    ):
        assert shown in text
    assert 'href="/treatments/bone-cement/"' in client.get("/treatments/").text


def test_it_marks_what_falls_back_to_english(client, cement):
    text = client.get("/hi/treatments/bone-cement/").text
    assert "रीढ़ की टूटी हड्डी के लिए बोन सीमेंट" in text
    assert '<p lang="en">First.</p>' in text
    assert '(<span lang="en">vertebroplasty</span>)' in text


def test_it_leads_to_booking_this_visit_past_the_signs(client, cement):
    main = client.get("/treatments/bone-cement/").text.partition("<main")[2]
    address = f"/appointments/book/?service={cement.public_id}"
    assert main.index('id="red-flags"') < main.index(address)
    assert f'href="/appointments/book/{cement.public_id}/times/"' in client.get(address).text


def test_it_offers_no_booking_of_a_service_that_nobody_gives(client, cement):
    cement.clinicians.clear()
    main = client.get("/treatments/bone-cement/").text.partition("<main")[2].partition("<footer")[0]
    assert "cannot be booked online" in main
    assert "/appointments/book/" not in main


def test_it_shows_no_fee_that_nobody_entered(client, cement):
    cement.fee = None
    cement.save()
    assert "₹" not in client.get("/treatments/bone-cement/").text


def test_it_leads_on_from_an_address_that_the_page_had_before(client, cement):
    cement.slug = "cement"
    cement.save()
    assert client.get("/treatments/bone-cement/").headers["Location"] == "/treatments/cement/"


def test_it_hides_what_is_not_public(client, cement):
    cement.active = False
    cement.save()
    assert client.get("/treatments/bone-cement/").status_code == 404
    assert "Bone cement" not in client.get("/treatments/").text


def test_it_is_whole_where_nothing_is_entered(client, db):
    assert "have not been entered yet" in client.get("/treatments/").text


def test_it_passes_nonsense_in_a_booking_address_by(client, cement):
    for query in ("service=x", "service=%00", "clinician=%00", "clinician=x&service=x", "service=" + "x" * 5000):
        page = client.get(f"/appointments/book/?{query}")
        assert page.status_code == 200
        assert 'href="/appointments/book/visit/"' in page.text


def test_it_leaves_the_addresses_of_visits_plain_where_nobody_was_chosen(client, cement):
    assert f'href="/appointments/book/{cement.public_id}/times/"' in client.get("/appointments/book/visit/").text


def test_it_shows_only_what_the_chosen_clinician_does(client, clinic, cement):
    other = factories.service(name="Another visit")
    factories.clinician(services=[other])
    text = client.get(f"/appointments/book/visit/?clinician={clinic.clinician.public_id}").text
    assert "Bone cement" in text
    assert "Another visit" not in text
    assert f"/times/?clinician={clinic.clinician.public_id}" in text


def test_it_costs_a_constant_number_of_queries(client, clinic, cement, django_assert_num_queries):
    with django_assert_num_queries(9):
        client.get("/treatments/bone-cement/")
    with django_assert_num_queries(2):
        client.get("/treatments/")
