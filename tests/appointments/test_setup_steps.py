"""Which steps there are, what is missing of each, and what keeps booking closed."""

from datetime import timedelta

import pytest

from appointments.models import Clinician, Service, Status
from appointments.setup import steps
from appointments.setup.facts import Progress
from ipsc.models import ClinicSettings
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

READY = {
    "phone": "+911123456789",
    "address": "1 Test Road\nDelhi",
    "address_hi": "1 टेस्ट रोड",
    "map_url": "https://example.org/map",
    "directions": "Gate 2",
    "access": "A ramp",
    "red_flags_confirmed_version": 1,
    "red_flags_confirmed_by": "Consultant, spine",
    "red_flags_confirmed_on": TODAY,
    "holidays_checked_until": TODAY + timedelta(days=365),
    "messages_tested_at": NOW,
}


def settings(**fields) -> ClinicSettings:
    row = ClinicSettings(pk=1, **(READY | fields))
    row.save()
    return row


def doctor(**fields) -> Clinician:
    values = {"qualification": "MD", "council": "Delhi Medical Council", "registration_number": "1"}
    return factories.clinician(**(values | fields))


def service(**fields) -> Service:
    return factories.service(**({"name_hi": "परामर्श", "fee": 800} | fields))


def ready_clinic(**fields) -> Clinician:
    """All is done but the opening."""
    settings(**fields)
    clinician = doctor(name="Consultant, spine", services=[service(name="Consultation")])
    factories.hours(clinician)
    return clinician


def progress() -> Progress:
    return steps.progress(now=NOW)


def missing(key: str) -> str:
    return " ".join(point.words for point in progress().step(key).missing)


def hints(key: str) -> str:
    return " ".join(point.words for point in progress().step(key).hints)


def test_an_empty_database_has_everything_before_it():
    found = progress()
    order = ["details", "doctors", "hours", "services", "holidays", "safety", "messages", "open"]
    assert [step.key for step in found.steps] == order
    assert found.done == 0
    assert found.next.key == "details"
    assert len(found.blocks) == 4
    assert all(step.missing and step.why and step.button for step in found.steps)


def test_a_clinic_that_is_ready_has_only_to_open():
    ready_clinic()
    found = progress()
    assert found.next.key == "open"
    assert found.blocks == []
    assert [step.hints for step in found.steps] == [()] * 8


def test_an_open_clinic_has_nothing_before_it():
    ready_clinic(online_booking_open=True)
    assert progress().next is None
    assert progress().done == 8


@pytest.mark.parametrize("field", ["phone", "address"])
def test_details_are_not_done_without(field):
    ready_clinic(**{field: ""})
    assert field in missing("details")
    assert bool(progress().blocks) == (field == "phone")


def test_an_address_of_blanks_is_none():
    ready_clinic(address=" \n ")
    assert missing("details") == "The address."


def test_what_is_nice_to_have_of_the_details_is_only_hinted_at():
    ready_clinic(address_hi="", map_url="", directions="", access="")
    assert progress().step("details").is_done
    assert "Hindi" in hints("details")
    assert "map" in hints("details")


def test_a_doctor_needs_a_registration_and_a_therapist_none():
    ready_clinic()
    Clinician.objects.update(council="", registration_number="", qualification="M.B.B.S., Diploma")
    assert "Consultant, spine: the medical council and the registration number are missing." in missing("doctors")
    Clinician.objects.update(qualification="Master of Physiotherapy")
    assert progress().step("doctors").is_done
    Clinician.objects.update(qualification=" ")
    assert "the qualification is missing" in missing("doctors")


def test_one_doctor_is_enough_and_the_others_are_named():
    ready_clinic()
    factories.clinician(name="Consultant, new")
    assert progress().step("doctors").is_done
    assert "Consultant, new: the qualification is missing." in hints("doctors")


def test_each_clinician_needs_hours_but_one_is_enough_to_open():
    ready_clinic()
    doctor(name="Consultant, new", registration_number="2")
    assert missing("hours") == "Consultant, new has no working hours."
    assert progress().blocks == []


def test_hours_that_have_ended_are_no_hours():
    clinician = ready_clinic()
    clinician.hours.update(valid_until=TODAY - timedelta(days=1))
    assert not progress().step("hours").is_done
    assert not progress().step("services").is_done
    clinician.hours.update(valid_until=TODAY)
    assert progress().step("hours").is_done


def test_it_names_a_clinician_without_services_and_a_service_without_clinicians():
    ready_clinic()
    factories.hours(doctor(name="Consultant, new", registration_number="2"))
    service(name="Review")
    assert progress().step("services").is_done
    assert "Consultant, new offers no service" in hints("services")
    assert "Review: nobody offers it" in hints("services")


def test_it_names_what_a_service_lacks():
    ready_clinic()
    Service.objects.update(name_hi="", fee=None)
    assert hints("services") == "Consultation: no name in Hindi; no fee."
    Service.objects.update(fee=0)
    assert "no fee" not in hints("services")


def test_a_service_of_somebody_without_hours_cannot_be_booked():
    ready_clinic().hours.all().delete()
    assert "No service is offered by anybody who has working hours." in progress().blocks


@pytest.mark.parametrize("change", [{"active": False}, {"is_sample": True}])
@pytest.mark.parametrize("model", [Clinician, Service])
def test_what_is_inactive_or_a_sample_does_not_count(change, model):
    ready_clinic()
    model.objects.update(**change)
    assert not progress().step("services").is_done
    assert progress().blocks
    assert progress().step("doctors").is_done == (model is Service)


def test_sample_hours_do_not_count():
    ready_clinic().hours.update(is_sample=True)
    assert "has no working hours" in missing("hours")


def test_samples_are_a_step_only_where_there_are_any():
    clinician = ready_clinic()
    assert "samples" not in [step.key for step in progress().steps]
    sample = factories.service(is_sample=True)
    assert missing("samples")
    sample.delete()
    factories.hours(clinician, "20:00", "21:00", is_sample=True)
    assert missing("samples")
    clinician.hours.filter(is_sample=True).delete()
    factories.appointment(clinician=clinician, service=clinician.services.get(), is_sample=True, status=Status.NO_SHOW)
    assert missing("samples")


def test_holidays_are_done_while_sixty_days_are_looked_through():
    ready_clinic(holidays_checked_until=TODAY + timedelta(days=60))
    assert progress().step("holidays").is_done
    ClinicSettings.objects.update(holidays_checked_until=TODAY + timedelta(days=59))
    assert "until Saturday 23 January 2027 only" in missing("holidays")
    assert progress().blocks == []


def test_a_changed_safety_text_has_to_be_confirmed_again():
    ready_clinic(red_flags_version=2)
    assert missing("safety")
    assert "No clinician has confirmed the safety text as it stands now." in progress().blocks


def test_messages_are_tested_or_knowingly_left_out():
    ready_clinic(messages_tested_at=None)
    assert missing("messages") == "No test message has been sent."
    assert progress().blocks == []
    ClinicSettings.objects.update(without_messages=True)
    assert progress().step("messages").is_done
    assert "without a test" in hints("messages")


def test_it_takes_five_queries_however_large_the_clinic_is(django_assert_num_queries):
    for _each in range(4):
        factories.hours(factories.clinician(services=[service(), service()]))
    settings()
    with django_assert_num_queries(5):
        progress()


def test_open_booking_without_a_time_on_offer_is_not_done():
    ready_clinic(online_booking_open=True)
    assert progress().step("open").is_done
    Service.objects.update(active=False)
    assert "no time is on offer" in missing("open")


def test_the_safety_step_says_who_confirmed_the_text():
    settings()
    step = progress().step("safety")
    assert step.why == "Confirmed by Consultant, spine on Wednesday 25 November 2026."
    assert step.button == "See the text"
