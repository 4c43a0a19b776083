"""The verb `amend`: what a booking says about its patient is corrected, and nothing else."""

from dataclasses import asdict

import pytest

from appointments import booking
from appointments.models import Appointment, Status
from appointments.refusals import WrongStatus
from tests import factories
from tests.appointments.desk import details, reception, records, refused

pytestmark = pytest.mark.django_db


def test_it_corrects_the_details_and_nothing_else():
    made = factories.appointment(email="old@example.com")
    before = Appointment.objects.values().get()
    given = details(name="सुनीता देवी", phone=factories.phone(2), email="", age_years=None, consent_version="9999-01")
    booking.amend(appointment=made, details=given, by=reception(), now=factories.NOW)
    after = Appointment.objects.values().get()
    corrected = {name: after[name] for name in asdict(given) if not name.startswith("consent_")}
    assert corrected == {name: value for name, value in asdict(given).items() if not name.startswith("consent_")}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"name", "search_name", "phone", "email", "sequence"}
    assert after["consent_version"] == factories.CONSENT
    assert (after["search_name"], after["sequence"]) == ("sunita devi /snt/ /dv/", 1)
    assert records(made)[1:] == [("~", "reception", "corrected", Status.BOOKED)]


def test_it_refuses_on_the_strength_of_an_old_page():
    made = factories.appointment()
    booking.amend(appointment=made, details=details(name="Patient Two"), by=reception(), now=factories.NOW, sequence=0)
    with refused(WrongStatus, "The appointment has changed meanwhile; look at it again before you go on."):
        booking.amend(
            appointment=made, details=details(name="Patient Three"), by=reception(), now=factories.NOW, sequence=0
        )


def test_it_keeps_what_somebody_else_has_changed_meanwhile():
    made = factories.appointment()
    booking.step(appointment=made, to=Status.ARRIVED, by=reception(), now=made.starts_at)
    amended = booking.amend(appointment=made, details=details(name="Patient Two"), by=reception(), now=factories.NOW)
    assert (amended.status, amended.name) == (Status.ARRIVED, "Patient Two")


def test_it_adopts_a_sample():
    made = factories.appointment(is_sample=True)
    assert not booking.amend(appointment=made, details=details(), by=reception(), now=factories.NOW).is_sample
