"""The first content: loaded once, never in production, and removed without touching what patients booked (rule F3)."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from appointments import booking, samples
from appointments.diary import openings
from appointments.models import Appointment, Clinician, Service, Status, WorkingHours
from appointments.refusals import ServiceNotOnOffer
from appointments.samples.content import CLINICIANS, SERVICES
from ipsc.history import PATIENT, SITE, Actor
from ipsc.models import ClinicSettings
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

RECEPTION = Actor("reception")


def command(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def book_a_sample(**options) -> Appointment:
    service = Service.objects.get(slug="first-consultation")
    slot = openings(service, now=NOW).soonest(1)[0]
    details = booking.Details(name="Patient One", phone=factories.phone(), consent_version="2026-11")
    values = {"clinician": None, "starts_at": slot.starts_at, "by": PATIENT, "now": NOW} | options
    return booking.book(service=service, details=details, **values)


# Loading


def test_it_loads_services_clinicians_and_hours_all_flagged():
    said = command("load_samples")
    assert said.startswith("Loaded samples: 6 services, 4 clinicians, 29 working hours. Online booking is open.\n")
    for model in (Service, Clinician, WorkingHours):
        assert model.objects.exists()
        assert not model.objects.filter(is_sample=False).exists()
        assert set(model.history.values_list("actor", flat=True)) == {"site"}


def test_it_makes_nothing_up():
    samples.load()
    clinic = ClinicSettings.objects.get()
    assert (str(clinic.phone), clinic.address, clinic.address_hi, clinic.map_url) == ("", "", "", "")
    assert not Service.objects.filter(fee__isnull=False).exists()
    unknown = {"qualification": "", "council": "", "registration_number": "", "languages": "", "gender": ""}
    assert Clinician.objects.filter(**unknown, user=None).count() == len(CLINICIANS)


def test_it_satisfies_the_fields_own_validators_in_both_languages():
    samples.load()
    for row in (*Service.objects.all(), *Clinician.objects.all(), *WorkingHours.objects.all()):
        row.full_clean()
    for service in Service.objects.all():
        assert service.name_hi
        assert service.description_hi
        assert bool(service.bring) == bool(service.bring_hi)
        assert bool(service.prepare) == bool(service.prepare_hi)
    assert not Clinician.objects.filter(name_hi="").exists()


def test_it_puts_the_first_consultation_first():
    samples.load()
    assert Service.objects.public().first().slug == "first-consultation"
    assert Service.objects.get(first_choice=True).slug == "first-consultation"
    assert Service.objects.filter(instant=False).count() == 1


@pytest.mark.parametrize("slug", [service["slug"] for service in SERVICES])
def test_it_offers_times_of_each_service_whatever_the_day(slug):
    samples.load()
    service = Service.objects.get(slug=slug)
    for days in range(7):
        assert openings(service, now=NOW + timedelta(days=days)).soonest(3)


def test_it_loads_once():
    samples.load()
    assert command("load_samples").startswith("Nothing loaded: there is content already.\n")
    assert Service.objects.count() == len(SERVICES)


@pytest.mark.parametrize("make", [factories.service, factories.clinician])
def test_it_leaves_a_clinic_alone_that_has_begun(make):
    make()
    assert not samples.load().services
    assert Service.objects.count() + Clinician.objects.count() == 1


def test_it_leaves_settings_alone_that_somebody_has_made():
    ClinicSettings(pk=1, online_booking_open=False).save()
    assert not samples.load().opened
    assert not ClinicSettings.objects.get().online_booking_open


@pytest.mark.parametrize("name", ["load_samples", "load_demo"])
def test_it_refuses_in_production(name, settings):
    settings.SHOWS_SAMPLES = False
    with pytest.raises(
        CommandError, match=r"^This is production \(IPSC_MODE\): sample content is never loaded here\.$"
    ):
        command(name)
    assert not Service.objects.exists()
    assert not ClinicSettings.objects.exists()
    assert not ClinicSettings.load().online_booking_open


@pytest.mark.django_db(transaction=True)
def test_it_loads_once_when_two_start_together():
    together, loaded = threading.Barrier(2, timeout=30), []

    def start() -> None:
        try:
            together.wait()
            loaded.append(samples.load().services)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(loaded) == [0, len(SERVICES)]
    assert Service.objects.count() == len(SERVICES)


# Removing


def test_it_previews_without_removing():
    samples.load()
    samples.fill(now=NOW)
    visits = Appointment.objects.count()
    said = command("remove_samples", "--dry-run")
    assert said.startswith("Would be removed:\n")
    assert "service: First consultation\n" in said
    assert "clinician: Physiotherapist\n" in said
    assert f"  {visits} sample visits, 29 working hours, 0 times off\n" in said
    assert Appointment.objects.count() == visits


def test_it_removes_every_sample():
    samples.load()
    samples.fill(now=NOW)
    said = command("remove_samples")
    assert said.startswith("Removed:\n")
    assert "Stayed" not in said
    for model in (Service, Clinician, WorkingHours, Appointment):
        assert not model.objects.exists()
    assert command("remove_samples") == "There are no samples.\n"


def test_it_leaves_one_line_of_history_for_a_service_and_none_for_a_visit():
    samples.load()
    samples.fill(now=NOW)
    samples.remove(by=RECEPTION)
    for model, count in ((Service, len(SERVICES)), (Clinician, len(CLINICIANS))):
        assert list(model.history.values_list("history_type", "actor", "history_change_reason")) == (
            [("-", "reception", "samples removed")] * count
        )
    assert not Appointment.history.exists()
    assert not WorkingHours.history.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appointments_historicalclinician_services")
        assert cursor.fetchone() == (0,)


def test_it_keeps_what_a_patient_has_booked_with_its_hours():
    samples.load()
    samples.fill(now=NOW)
    booked = book_a_sample()
    hours = booked.clinician.hours.count()
    removal = samples.remove(by=RECEPTION)
    assert {line.label for line in removal.kept} == {booked.service.name, booked.clinician.name}
    assert all("Switch it off or edit it instead" in str(line) for line in removal.kept)
    assert Service.objects.get() == booked.service
    assert Clinician.objects.get() == booked.clinician
    assert booked.clinician.hours.count() == hours
    assert Appointment.objects.get() == booked


def test_it_says_on_the_command_line_what_stayed():
    samples.load()
    book_a_sample()
    said = command("remove_samples", "--dry-run")
    assert "Would stay:\n  service: First consultation – Patients have booked here." in said


def test_it_keeps_what_the_clinic_has_adopted():
    samples.load()
    Service.objects.filter(slug="follow-up").update(is_sample=False)
    samples.remove(by=RECEPTION)
    assert Service.objects.get().slug == "follow-up"


def test_it_names_sample_hours_of_a_clinician_of_the_clinics_own():
    own = factories.clinician(name="Consultant, own")
    factories.hours(own, weekdays=[0], is_sample=True)
    factories.hours(own, weekdays=[1])
    removal = samples.remove(by=RECEPTION)
    assert [str(line) for line in removal.gone] == ["working hours: Consultant, own, Monday 10:00–13:00"]
    assert own.hours.get().weekday == 1


def test_it_keeps_a_sample_visit_that_staff_linked_to_a_person():
    samples.load()
    samples.fill(now=NOW)
    visit = Appointment.objects.filter(status=Status.BOOKED).first()
    visit.patient = factories.patient()
    visit.save()
    removal = samples.remove(by=RECEPTION)
    assert Appointment.objects.get() == visit
    assert {line.label for line in removal.kept} == {visit.service.name, visit.clinician.name, str(visit)}


def test_it_costs_the_same_preview_however_many_visits_there_are(django_assert_num_queries):
    samples.load()
    samples.fill(now=NOW)
    samples.fill(now=NOW + timedelta(days=1))
    with django_assert_num_queries(11):
        samples.preview()


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_a_booking_under_way_and_then_keeps_its_row():
    samples.load()
    service = Service.objects.get(slug="first-consultation")
    removing, removed = threading.Event(), []

    def remove() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '30s'")
            removing.set()
            removed.append(samples.remove(by=RECEPTION))
        finally:
            connections.close_all()

    thread = threading.Thread(target=remove)
    with transaction.atomic():
        book_a_sample()
        thread.start()
        removing.wait(timeout=30)
        wait_until_somebody_waits()
    thread.join(timeout=60)
    assert service.name in {line.label for line in removed[0].kept}
    assert Appointment.objects.get().service == service


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("own_clinician", [False, True], ids=["sample clinician", "clinician of the clinic's own"])
def test_it_lets_a_booking_that_came_too_late_be_refused_kindly(own_clinician):
    samples.load()
    service = Service.objects.get(slug="first-consultation")
    clinician = None
    if own_clinician:
        clinician = factories.clinician(services=[service])
        factories.hours(clinician)
    slot = openings(service, now=NOW).soonest(1)[0]
    refused = []

    def book() -> None:
        try:
            book_a_sample(clinician=clinician, starts_at=slot.starts_at)
        except ServiceNotOnOffer as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=book)
    with transaction.atomic():
        samples.remove(by=SITE)
        thread.start()
        wait_until_somebody_waits()
    thread.join(timeout=60)
    assert len(refused) == 1
    assert not Service.objects.exists()


def wait_until_somebody_waits() -> None:
    """Until another connection of this database waits for a lock. The server's clock paces it, not ours."""
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute("SELECT pg_sleep(0.05), pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody ever waited for a lock")
