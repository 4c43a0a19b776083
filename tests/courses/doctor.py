"""A doctor at a browser, who goes from page to page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils.crypto import get_random_string

from courses.links import token_of
from courses.models import CourseRun, Enrolment
from tests import factories

ANSWERS = {
    "name": "Dr Doctor One",
    "email": "doctor1@example.org",
    "phone": "98000 00001",
    "council": "dl",
    "registration_number": "DMC/R/00001",
    "qualification": "",
    "specialty": "",
    "place": "",
    "needs": "",
    "consent": "on",
}


def answers(number: int, **fields) -> dict[str, str]:
    """What doctor `number` types."""
    told = {
        "name": f"Dr Doctor {number}",
        "email": f"doctor{number}@example.org",
        "phone": factories.phone(number),
        "registration_number": f"DMC/R/{number:05}",
    }
    return ANSWERS | told | fields


class Doctor:
    """One browser, with the cookie that a form page sets; `number` tells doctors apart."""

    def __init__(self, run: CourseRun, number: int = 1, prefix: str = "", **browser) -> None:
        self.client = Client(**browser)
        self.client.cookies[settings.CSRF_COOKIE_NAME] = get_random_string(32)
        self.run, self.number, self.prefix = run, number, prefix
        self.details_url = ""

    @property
    def enrol_url(self) -> str:
        return f"{self.prefix}/courses/runs/{self.run.public_id}/enrol/"

    @property
    def check_url(self) -> str:
        return f"{self.details_url}check/"

    @property
    def done_url(self) -> str:
        return f"{self.details_url}done/"

    def begin(self):
        """Press the button of the course page, and keep the address of the attempt that begins."""
        response = self.client.get(self.enrol_url)
        self.details_url = urlsplit(response.headers.get("Location", "")).path
        return response

    def answer(self, **fields):
        return self.client.post(self.details_url, answers(self.number, **fields))

    def send(self, **fields):
        """Send the check page."""
        return self.client.post(self.check_url, {"fee": str(self.run.fee)} | fields)

    def enrol(self, *, queue: bool = False, **fields):
        """All the way, to the answer of the check page."""
        self.begin()
        self.answer(**fields)
        return self.send(**({"queue": "yes"} if queue else {}))


def manage(enrolment: Enrolment, page: str = "", prefix: str = "") -> str:
    """The address of a page of an enrolment's link, such as `withdraw/`."""
    return f"{prefix}/courses/manage/{token_of(enrolment)}/{page}"
