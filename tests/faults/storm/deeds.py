"""What people do in the storm: they book, move and cancel, and sometimes all of it is rolled back."""

import random
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction

from appointments import booking
from appointments.models import Appointment, Clinician, Service
from appointments.refusals import BookingRefused
from ipsc.dates import clinic_day, now
from ipsc.history import PATIENT
from tests import factories

PEOPLE = 4
REST = (0.0, 0.3)  # seconds between two deeds
PAUSE = 0.2  # seconds before somebody tries again whose database is away
ROLLED_BACK = "Rolled back"


class Undone(Exception):
    """Whoever began a change thought better of it."""


class Person(threading.Thread):
    """Books visits of its own clinicians, one after the other, and moves or cancels some of them."""

    def __init__(self, number: int, visits: int, times: list[tuple[datetime, Clinician]], seed: int) -> None:
        super().__init__(name=f"person {number}")
        self.number, self.visits, self.dice = number, visits, random.Random(f"{seed} {number}")
        self.times = self.dice.sample(times, len(times))
        self.service, self.rest = Service.objects.get(), threading.Event()
        self.count = {"booked": 0, "moved": 0, "cancelled": 0, "rolled back": 0, "refused": 0, "database away": 0}

    def run(self) -> None:
        try:
            for number in range(self.visits):
                self.one_visit(number)
        finally:
            connection.close()

    def one_visit(self, number: int) -> None:
        made = self.persist("booked", lambda: self.book(number))
        if made is None:
            return
        while self.dice.random() < 0.35:
            self.persist("moved", lambda: self.move(made))
        if self.dice.random() < 0.3:
            self.persist("cancelled", lambda: self.cancel(made))
        if self.dice.random() < 0.1:
            self.persist("rolled back", lambda: self.think_better(number))

    def persist(self, what: str, deed):
        """Do something, again for as long as the database is away; what was committed is for the database to say."""
        self.rest.wait(self.dice.uniform(*REST))
        while True:
            try:
                found = deed()
            except Undone:
                found = None
            except BookingRefused:
                self.count["refused"] += 1
                return None
            except (DatabaseError, InterfaceError):
                self.count["database away"] += 1
                connection.close()
                self.rest.wait(PAUSE)
                if what == "booked":
                    return None  # it may be booked or not: nobody books twice
                continue
            self.count[what] += 1
            return found

    def book(self, number: int, name: str = "") -> Appointment:
        start, clinician = self.times.pop()
        details = booking.Details(
            name=name or f"Patient {self.number}-{number}",
            phone=factories.phone(self.number * 10_000 + number),
            email=f"p{self.number}-{number}@example.org",
            language=self.dice.choice(["en", "hi"]),
            consent_version="1",
        )
        return booking.book(
            service=self.service, clinician=clinician, starts_at=start, details=details, by=PATIENT, now=now()
        )

    def move(self, made: Appointment) -> None:
        start, clinician = self.times.pop()
        booking.reschedule(appointment=made, starts_at=start, clinician=clinician, by=PATIENT, now=now())

    def cancel(self, made: Appointment) -> None:
        booking.cancel(appointment=made, by=PATIENT, now=now())

    def think_better(self, number: int) -> None:
        with transaction.atomic():
            made = self.book(number + 5000, name=ROLLED_BACK)
            booking.cancel(appointment=made, by=PATIENT, now=now())
            raise Undone


def prepare(visits: int) -> list[Clinician]:
    """One service and enough clinicians, with hours every day."""
    service = factories.service(name="Visit", horizon=60, change_notice=0)
    assert service.instant
    clinicians = [factories.clinician(services=[service]) for _ in range(max(PEOPLE, visits // 100))]
    for each in clinicians:
        factories.hours(each, "08:00", "20:00")
    return clinicians


def starts() -> list[datetime]:
    """The starts of four weeks, from the day after tomorrow on."""
    first = factories.at(clinic_day(now()) + timedelta(days=2), "08:00")
    return [first + timedelta(days=day, minutes=20 * step) for day in range(28) for step in range(36)]
