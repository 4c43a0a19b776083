"""What becomes of a request that nobody answered: a setting, at the moment that the patient was shown."""

from datetime import timedelta

import pytest
from django.db import transaction

from appointments.booking import release_unanswered
from appointments.models import Appointment, Status
from ipsc.models import ClinicSettings, Unanswered
from tests import factories
from tests.appointments.desk import everything, records
from tests.factories import NOW, TOMORROW, at

pytestmark = pytest.mark.django_db

RELEASE = ClinicSettings(unanswered_requests=Unanswered.RELEASE)
KEEP = ClinicSettings(unanswered_requests=Unanswered.KEEP)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def request_held():
    return factories.appointment(status=Status.REQUESTED, answer_by_at=NOW)


def test_it_declines_a_request_at_its_moment(request_held):
    assert release_unanswered(now=NOW, settings=RELEASE) == [request_held]
    request_held.refresh_from_db()
    assert (request_held.status, request_held.declined_at, request_held.sequence) == (Status.DECLINED, NOW, 1)
    assert request_held.end_reason == "Nobody answered in time."
    assert records(request_held)[1:] == [("~", "site", "unanswered", Status.DECLINED)]


def test_it_declines_once(request_held):
    release_unanswered(now=NOW, settings=RELEASE)
    before = everything()
    assert release_unanswered(now=NOW + timedelta(days=1), settings=RELEASE) == []
    assert everything() == before


@pytest.mark.parametrize(
    ("late", "settings"), [(-INSTANT, RELEASE), (-INSTANT, KEEP), (timedelta(0), KEEP), (timedelta(days=9), KEEP)]
)
def test_it_keeps_holding_the_time_before_that_moment_and_where_the_clinic_keeps_it(request_held, late, settings):
    before = everything()
    assert release_unanswered(now=NOW + late, settings=settings) == []
    assert everything() == before
    assert list(Appointment.objects.unanswered(NOW + late)) == ([request_held] if late >= timedelta(0) else [])


@pytest.mark.parametrize("status", [each for each in Status if each != Status.REQUESTED])
def test_it_leaves_alone_what_was_answered(status):
    factories.appointment(status=status, answer_by_at=NOW)
    assert release_unanswered(now=NOW, settings=RELEASE) == []


def test_it_declines_for_the_clinicians_that_are_named_only(request_held):
    other = factories.appointment(status=Status.REQUESTED, answer_by_at=NOW)
    assert release_unanswered(now=NOW, settings=RELEASE, clinicians=[other.clinician]) == [other]
    assert release_unanswered(now=NOW, settings=RELEASE, clinicians=[]) == []


def test_it_declines_many_in_one_go():
    service, clinician = factories.service(), factories.clinician()
    for minutes in range(0, 100, 20):
        factories.appointment(
            service=service,
            clinician=clinician,
            status=Status.REQUESTED,
            answer_by_at=NOW,
            starts_at=at(TOMORROW, "10:00") + timedelta(minutes=minutes),
        )
    assert len(release_unanswered(now=NOW, settings=RELEASE)) == 5


@pytest.mark.django_db(transaction=True)
def test_it_works_in_a_transaction_only(request_held):
    """Without one it would lock nothing."""
    with pytest.raises(transaction.TransactionManagementError):
        release_unanswered(now=NOW, settings=RELEASE)
