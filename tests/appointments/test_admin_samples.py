"""Taking the samples out by a button of the admin (rule F3)."""

import pytest

from appointments.models import Appointment, Clinician, Service
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

URL = "/admin/appointments/appointment/samples/"


@pytest.fixture
def manager():
    return client_of(MANAGER)


@pytest.fixture
def samples():
    service = factories.service(name="Sample service", is_sample=True)
    clinician = factories.clinician(name="Sample clinician", services=[service], is_sample=True)
    factories.hours(clinician, is_sample=True)
    return service, clinician


def test_it_says_what_goes_and_removes_nothing_yet(manager, samples):
    shown = words(manager.get(URL))
    assert "What goes" in shown
    for told in ("Sample service", "Sample clinician", "7 rows of working hours"):
        assert told in shown
    assert Service.objects.count() == 1


def test_it_removes_them_by_post_and_says_who_did(manager, samples):
    response = manager.post(URL, follow=True)
    assert "Removed: 2 services and clinicians or hours" in words(response)
    assert not Service.objects.exists()
    assert not Clinician.objects.exists()
    assert Service.history.get().actor == "manager"
    assert "There are no samples any more." in words(manager.get(URL))


def test_it_keeps_what_a_real_visit_needs_and_says_why(manager, samples):
    service, clinician = samples
    factories.appointment(service=service, clinician=clinician)
    shown = words(manager.get(URL))
    assert "What stays" in shown
    assert "Patients have booked here." in shown
    manager.post(URL)
    assert Service.objects.exists()
    assert Appointment.objects.exists()


def test_it_is_the_managers_button(samples):
    assert "Remove all samples" in words(client_of(MANAGER).get("/admin/"))
    assert "Remove all samples" not in words(client_of(RECEPTION).get("/admin/"))
    assert client_of(RECEPTION).post(URL).status_code == 403
    assert Service.objects.exists()


def test_it_knows_no_other_methods(manager):
    assert manager.put(URL).status_code == 405
    assert manager.delete(URL).status_code == 405
