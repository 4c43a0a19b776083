"""The cast of the tests: a clinic that is open, and a patient who goes through its pages."""

import re
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string

from appointments.models import Clinician, Service
from ipsc.models import ClinicSettings
from tests import factories

ANSWERS = {
    "for_whom": "me",
    "name": "Patient One",
    "age_years": "62",
    "born_on_day": "",
    "born_on_month": "",
    "born_on_year": "",
    "contact_name": "",
    "contact_relation": "",
    "whose_phone": "contact",
    "phone": "98000 00001",
    "email": "",
    "reason": "",
    "needs_language": "",
    "consent": "on",
}


@dataclass
class Clinic:
    """One service, one clinician, hours from 10:00 to 13:00 every day."""

    settings: ClinicSettings
    service: Service
    clinician: Clinician


def make_clinic() -> Clinic:
    settings = ClinicSettings(pk=1, online_booking_open=True)
    settings.save()
    service = factories.service(name="First consultation")
    clinician = factories.clinician(services=[service], name="Consultant, spine")
    factories.hours(clinician)
    return Clinic(settings, service, clinician)


class Patient:
    """Somebody at a browser, who goes from page to page."""

    def __init__(self, prefix: str = "", **browser) -> None:
        self.client = Client(**browser)
        # What the form page sets in a browser.
        self.client.cookies[settings.CSRF_COOKIE_NAME] = get_random_string(32)
        self.prefix = prefix
        self.attempt: uuid.UUID | None = None

    def address(self, page: str, *args) -> str:
        """The page's address in the patient's language; the language of the last answer is still active here."""
        with translation.override("en"):
            return self.prefix + reverse(f"appointments:{page}", args=args)

    def times(self, clinic: Clinic, **query):
        return self.client.get(self.address("times", clinic.service.public_id), query)

    def choose(self, clinic: Clinic, start: str = "2026-11-26T10:00", clinician: str = "any"):
        """Choose a start and keep the address of the attempt that begins."""
        url = self.address("choose", clinic.service.public_id)
        response = self.client.get(url, {"start": start, "clinician": clinician})
        found = re.search(r"/a/([0-9a-f-]{36})/who/", response.headers.get("Location", ""))
        self.attempt = uuid.UUID(found[1]) if found else None
        self.who_url = response.headers.get("Location", "")
        return response

    def answer(self, **answers):
        """Send the who page with good answers but for those named."""
        return self.client.post(self.who_url, ANSWERS | answers)

    @property
    def check_url(self) -> str:
        return self.address("check", self.attempt)

    def send(self):
        """Send the check page."""
        return self.client.post(self.check_url)

    def book(self, clinic: Clinic, start: str = "2026-11-26T10:00", clinician: str = "any", **answers):
        """All the way, to the answer of the check page."""
        self.choose(clinic, start, clinician)
        self.answer(**answers)
        return self.send()


def query_of(response) -> dict[str, list[str]]:
    """The query of the address that a response leads to."""
    return parse_qs(urlsplit(response.headers["Location"]).query)
