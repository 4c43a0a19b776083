"""Signs that cannot wait, in what a patient types while booking (rule F2): shown, marked, and never in the way."""

import pytest
import time_machine
from django.urls import reverse

from appointments.admin.forms import DetailsForm, details_of
from appointments.booking import amend
from appointments.models import Appointment
from ipsc.history import Actor
from ipsc.models import RedFlagWords
from ipsc.roles import RECEPTION
from tests import factories
from tests.factories import NOW
from tests.people import Patient, make_clinic
from tests.staff import member

pytestmark = pytest.mark.django_db

URGENT = "My mother cannot pass urine since this morning"
HINDI = "कल से पेशाब नहीं हो रहा है"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic(db):
    return make_clinic()


def answer(patient: Patient, clinic, reason: str):
    """Choose a time and answer the questions."""
    patient.choose(clinic)
    return patient.answer(reason=reason)


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("reason", [URGENT, HINDI, "kal se peshab nahi ho raha"])
def test_it_shows_the_card_before_the_way_goes_on(clinic, prefix, reason):
    patient = Patient(prefix)
    sent = answer(patient, clinic, reason)
    assert sent.status_code == 302
    assert sent.url == f"{prefix}/appointments/book/a/{patient.attempt}/signs/"
    page = patient.client.get(sent.url)
    assert 'id="red-flags"' in page.text
    assert 'href="tel:112"' in page.text
    assert f'href="{prefix}/appointments/book/a/{patient.attempt}/check/"' in page.text
    assert reason not in page.text
    assert not Appointment.objects.exists()


def test_it_never_blocks(clinic):
    patient = Patient()
    answer(patient, clinic, URGENT)
    patient.send()
    booked = Appointment.objects.get()
    assert booked.reason == URGENT
    assert "cannot pass urine" in booked.red_flags


@pytest.mark.parametrize("reason", ["", "Back pain for three months", "No fever, no numbness"])
def test_it_goes_straight_on_where_nothing_was_found(clinic, reason):
    patient = Patient()
    sent = answer(patient, clinic, reason)
    assert sent.url.endswith("/check/")
    patient.send()
    assert Appointment.objects.get().red_flags == ""


def test_it_reads_the_words_that_staff_have_entered(clinic):
    row = RedFlagWords.load()
    row.weakness += "\nslippers fall off"
    row.save()
    assert answer(Patient(), clinic, "my slippers fall off").url.endswith("/signs/")


def test_it_keeps_the_words_of_the_patient_out_of_every_address(clinic):
    patient = Patient()
    sent = answer(patient, clinic, URGENT)
    assert "urine" not in sent.url
    assert "noindex" in patient.client.get(sent.url).headers["X-Robots-Tag"]


def test_it_shows_the_page_of_an_attempt_to_nobody_else(clinic):
    patient = Patient()
    url = answer(patient, clinic, URGENT).url
    assert Patient().client.get(url).status_code == 410
    assert patient.client.post(url).status_code == 405


def test_it_marks_the_visit_for_reception(clinic, admin_client):
    marked = factories.appointment(reason=URGENT, red_flags="cannot pass urine", clinician=clinic.clinician)
    page = admin_client.get(reverse("admin:appointments_appointment_change", args=[marked.pk])).text
    assert "These words may mean an emergency:" in page
    assert "“cannot pass urine”" in page
    day = marked.starts_at.date().isoformat()
    listed = admin_client.get(f"/admin/appointments/appointment/?day={day}").text
    assert "may be an emergency: read the reason" in listed


def test_it_looks_again_when_reception_corrects_the_details(clinic):
    patient = Patient()
    answer(patient, clinic, URGENT)
    patient.send()
    booked = Appointment.objects.get()
    form = DetailsForm(details_of(booked) | {"reason": "Back pain"}, today=NOW.date())
    assert form.is_valid(), form.errors
    amend(appointment=booked, details=form.details(), by=Actor.staff(member(RECEPTION)), now=NOW)
    booked.refresh_from_db()
    assert booked.red_flags == ""
