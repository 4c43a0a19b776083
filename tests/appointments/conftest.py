import pytest
import time_machine
from django.utils import translation

from tests import factories
from tests.people import Clinic, Patient, make_clinic


@pytest.fixture(autouse=True)
def english():
    """A request in Hindi leaves its language behind in this thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def clinic(db) -> Clinic:
    return make_clinic()


@pytest.fixture
def at_nine():
    """The clock stands at 09:00 of the tests' day."""
    with time_machine.travel(factories.NOW, tick=False):
        yield factories.NOW


@pytest.fixture
def patient() -> Patient:
    return Patient()
