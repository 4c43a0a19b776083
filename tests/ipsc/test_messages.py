"""The test message: sent to oneself, told truly, and decided against knowingly."""

import pytest
from django.core import mail

from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER
from tests.staff import client_of

pytestmark = pytest.mark.django_db

URL = "/admin/ipsc/clinicsettings/messages/"


@pytest.fixture
def manager():
    return client_of(MANAGER)


def test_a_manager_sends_a_test_to_herself(manager):
    assert manager.post(URL, {"to": "desk@clinic.example"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["desk@clinic.example"]
    assert "IPSC" in message.body
    assert ClinicSettings.load().messages_tested_at
    assert "The mail server took a test message" in manager.get(URL).text


def test_the_page_says_when_patients_are_written_to(manager):
    assert "Patients who gave an e-mail address are written to" in manager.get(URL).text


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b", "a@clinic.example\r\nBcc: b@clinic.example", "a@clinic.example, b@clinic.example"]
)
def test_an_odd_address_gets_nothing(manager, to):
    page = manager.post(URL, {"to": to})
    assert page.status_code == 200
    assert not mail.outbox
    assert ClinicSettings.load().messages_tested_at is None


@pytest.mark.parametrize("error", [OSError("no route to the server"), ValueError("a port that is none")])
def test_a_mail_server_that_fails_is_told_and_nothing_is_recorded(manager, monkeypatch, error):
    def fail(self, *args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    page = manager.post(URL, {"to": "desk@clinic.example"})
    assert page.status_code == 502
    assert str(error) in page.text
    assert "desk@clinic.example" in page.text, "what was typed is kept"
    assert ClinicSettings.load().messages_tested_at is None


def test_the_sixth_test_within_an_hour_is_refused(manager):
    for _each in range(5):
        manager.post(URL, {"to": "desk@clinic.example"})
    page = manager.post(URL, {"to": "desk@clinic.example"})
    assert page.status_code == 429
    assert "five tests within an hour" in page.text
    assert len(mail.outbox) == 5


def test_a_clinic_may_open_without_a_test_knowingly(manager, settings):
    settings.SENDS_EMAIL = False
    page = manager.get(URL).text
    assert "No mail server is set up, so no e-mail goes to anybody" in page
    assert 'name="to"' not in page
    assert manager.post(URL, {"to": "desk@clinic.example"}).status_code == 200
    assert not mail.outbox
    assert manager.post(URL, {"without": "1"}).status_code == 302
    assert ClinicSettings.load().without_messages
