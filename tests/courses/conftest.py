"""What the tests of the courses share."""

import pytest
import time_machine
from django.utils import translation

from ipsc.models import ClinicSettings
from tests.factories import NOW


@pytest.fixture
def open_enrolment(db) -> ClinicSettings:
    """The clinic has opened enrolment."""
    return ClinicSettings.objects.create(pk=1, enrolment_open=True)


@pytest.fixture
def at_nine():
    """The clock of the tests stands still at NOW; the language of an earlier answer is not active any more."""
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield
