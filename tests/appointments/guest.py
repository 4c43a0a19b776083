"""A patient who comes back by the link, for the tests of the pages of a booking."""

import re
import threading
from urllib.parse import urlsplit

from django.core import mail
from django.test import Client
from django.urls import reverse

from appointments import booking
from appointments.links import manage_url, token_of
from appointments.models import Appointment
from ipsc.history import PATIENT
from ipsc.outbox.worker import Worker
from tests import factories
from tests.factories import NOW, TOMORROW, at
from tests.people import Clinic

EMAIL = "one@example.org"


def book(clinic: Clinic, start="10:00", *, now=NOW, clinician=None, **fields) -> Appointment:
    """A visit that a patient booked tomorrow, or at another moment, with an e-mail address."""
    values = {"name": "Patient One", "phone": factories.phone(1), "email": EMAIL, "consent_version": "1"}
    details = booking.Details(**(values | {"consent_at": now} | fields))
    starts_at = at(TOMORROW, start) if isinstance(start, str) else start
    return booking.book(
        service=clinic.service, clinician=clinician, starts_at=starts_at, details=details, by=PATIENT, now=now
    )


def send(moment=NOW) -> int:
    """Let the worker send what is due."""
    return Worker(threading.Event(), now=lambda: moment).drain()


def link_in(letter: mail.EmailMessage) -> str:
    """Path and query of the link in a letter."""
    parts = urlsplit(re.search(r"https?://\S+/m\?\S+", letter.body)[0])
    return f"{parts.path}?{parts.query}"


class Guest:
    """Somebody at a browser who has the link to a booking."""

    def __init__(self, appointment: Appointment, **browser) -> None:
        self.appointment = appointment
        self.client = Client(**browser)

    @property
    def home(self) -> str:
        return manage_url(self.appointment)

    def url(self, page: str) -> str:
        return reverse(f"appointments:{page}", args=[token_of(self.appointment)])

    def get(self, page: str, **query):
        return self.client.get(self.url(page), query)

    def post(self, page: str, **answers):
        """Send a page as it is now, unless another version was seen."""
        self.appointment.refresh_from_db()
        return self.client.post(self.url(page), {"seen": self.appointment.sequence} | answers)

    def move(self, start: str, clinician: str = "any", **answers):
        return self.post("move_check", start=start, clinician=clinician, **answers)
