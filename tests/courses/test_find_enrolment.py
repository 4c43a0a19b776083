"""I have lost my link: the same answer for everybody, and the link goes only to whom it belongs."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from courses.links import token_of
from ipsc.models import Message
from ipsc.outbox.worker import Worker
from tests.courses import rows
from tests.courses.office import enrol
from tests.factories import NOW
from tests.staff import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "open_enrolment")]
URL = "/courses/find/"


@pytest.fixture
def mine():
    made = enrol(rows.run(), 1)
    send()
    mail.outbox.clear()
    return made


def send() -> None:
    Worker(threading.Event(), now=lambda: NOW).drain()


def ask(**fields):
    return Client().post(URL, {"reference": "", "email": ""} | fields)


def test_the_link_goes_to_the_address_of_the_enrolment(mine):
    assert (
        ask(reference=mine.spoken_reference, email="Doctor.1@Example.org").headers["Location"] == "/courses/find/sent/"
    )
    send()
    [letter] = mail.outbox
    assert letter.to == ["doctor1@example.org"]
    assert token_of(mine) in letter.body


@pytest.mark.parametrize("fields", [{"reference": "123456782"}, {"email": "doctor2@example.org"}])
def test_who_guesses_learns_nothing_and_sends_nothing(mine, fields):
    right = {"reference": mine.reference, "email": "doctor1@example.org"}
    pages = [ask(**given) for given in (right, right | fields)]
    assert pages[0].headers["Location"] == pages[1].headers["Location"]
    send()
    assert len(mail.outbox) == 1


def test_an_address_is_not_flooded(mine):
    for _each in range(3):
        assert ask(reference=mine.reference, email="doctor1@example.org").status_code == 302
    page = ask(reference=mine.reference, email="doc.tor1@example.org")
    assert page.status_code == 429
    assert "Every enrolment stands" in words(page)


@pytest.mark.parametrize(
    "fields", [{}, {"reference": "12"}, {"reference": "\0", "email": "\0"}, {"reference": "9" * 500}]
)
def test_odd_input_is_said(fields):
    page = ask(**fields)
    assert page.status_code == 200
    assert "<title>Error:" in page.text
    assert not Message.objects.exists()


def test_it_promises_nothing_without_a_mail_server(settings):
    settings.SENDS_EMAIL = False
    assert "This site sends no e-mail" in words(Client().get(URL))
    assert ask(reference="123456782", email="a@example.org").status_code == 200
    assert not Message.objects.exists()


def test_long_after_the_course_nothing_is_sent(mine):
    late = mine.run.ends_at + timedelta(days=366)
    ask(reference=mine.reference, email="doctor1@example.org")
    mine.run.__class__.objects.filter(pk=mine.run_id).update(
        starts_at=late - timedelta(days=900),
        ends_at=late - timedelta(days=899),
        closes_at=NOW - timedelta(days=999),
        opens_at=NOW - timedelta(days=1000),
        withdraw_until_at=NOW - timedelta(days=999),
    )
    send()
    assert not mail.outbox
