"""The booking verbs as tests call them: good arguments unless told otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model

from appointments import booking
from appointments.booking import Details
from appointments.models import Appointment, Source
from appointments.refusals import BookingRefused
from ipsc.history import PATIENT, Actor
from tests import factories
from tests.people import Clinic


def details(**fields) -> Details:
    values = {"name": "Patient One", "phone": factories.phone(1), "age_years": 62, "consent_version": factories.CONSENT}
    return Details(**(values | fields))


def book(clinic: Clinic, start: datetime | str = "10:00", **options) -> Appointment:
    """Book `start`, a moment or a time of tomorrow, as a patient for any clinician."""
    starts_at = factories.at(factories.TOMORROW, start) if isinstance(start, str) else start
    values = {"service": clinic.service, "clinician": None, "by": PATIENT, "now": factories.NOW}
    fields = {name: options.pop(name) for name in ("name", "phone") if name in options}
    return booking.book(**({"starts_at": starts_at, "details": details(**fields)} | values | options))


def book_by_phone(clinic: Clinic, start: datetime | str = "10:00", **options) -> Appointment:
    """Book as the reception does."""
    return book(clinic, start, **({"by": reception(), "source": Source.PHONE, "clinician": clinic.clinician} | options))


def reception() -> Actor:
    user, _made = get_user_model().objects.get_or_create(username="reception", defaults={"is_staff": True})
    return Actor.staff(user)


@contextmanager
def refused(refusal: type[BookingRefused], words: str) -> Iterator[None]:
    """The block ends in this refusal, says so in these words, and leaves every appointment as it was."""
    before = everything()
    with pytest.raises(refusal) as error:
        yield
    assert type(error.value) is refusal
    assert words in str(error.value)
    assert everything() == before


def everything() -> tuple[list[dict], list[tuple]]:
    """All appointments with all that was recorded about them."""
    return (
        list(Appointment.objects.order_by("pk").values()),
        list(Appointment.history.order_by("history_id").values_list("history_id", "id", "status")),
    )


def records(appointment: Appointment) -> list[tuple[str, str, str, str]]:
    """What history says, oldest first: kind of change, actor, reason, status."""
    rows = appointment.history.order_by("history_id")
    return list(rows.values_list("history_type", "actor", "history_change_reason", "status"))
