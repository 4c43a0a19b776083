"""The front door on a Wednesday morning, before the clinic opens."""

import pytest
import time_machine

from tests.factories import NOW
from tests.people import Clinic, make_clinic


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic(db) -> Clinic:
    """One service, one clinician, hours from 10:00 to 13:00 every day, booking open."""
    return make_clinic()
