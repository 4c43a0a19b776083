"""The privacy notice."""

import pytest

from ipsc.models import ClinicSettings
from ipsc.privacy import CONSENT_VERSION

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/privacy/", "/hi/privacy/"])
def test_it_shows_the_version_that_bookings_store(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert CONSENT_VERSION in page.text


def test_it_says_how_to_reach_the_centre_only_where_that_is_known(client):
    assert "Please ask at reception." in client.get("/privacy/").text
    ClinicSettings(pk=1, phone="+911145678901").save()
    page = client.get("/privacy/")
    assert "Please call us or ask at reception." in page.text
    assert 'href="tel:+911145678901"' in page.text


@pytest.mark.parametrize(
    "asked", ["name", "phone", "e-mail", "age", "related", "troubles", "help", "questions and answers"]
)
def test_it_names_everything_that_the_booking_form_asks(client, asked):
    what = client.get("/privacy/").text.partition("What we ask, and why")[2].partition("Who sees it")[0]
    assert asked in what.lower()
