"""The files that patients get, fed in order to a calendar of another make: a move updates, a cancellation removes."""

import itertools
import random
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

import pytest
import vobject
from django.core import mail

from appointments import booking
from appointments.models import Appointment
from ipsc.history import PATIENT, Actor
from ipsc.roles import RECEPTION
from tests.appointments.guest import book, send
from tests.factories import NOW, TOMORROW, at
from tests.staff import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@dataclass
class MailProgram:
    """What a calendar does with invitations (RFC 5546, 2.1.5 and 3.2): of each UID the highest SEQUENCE counts."""

    entries: dict = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def receive(self, content: bytes) -> None:
        calendar = vobject.readOne(content.decode())
        event = calendar.vevent
        uid, sequence = event.uid.value, int(event.sequence.value)
        if sequence < self.versions.get(uid, -1):
            return
        self.versions[uid] = sequence
        if calendar.method.value == "CANCEL":
            self.entries.pop(uid, None)
        else:
            self.entries[uid] = event

    def times(self) -> list[tuple]:
        return sorted((event.dtstart.value, event.dtend.value) for event in self.entries.values())


def files() -> list[bytes]:
    """What hangs on the letters, as it would go over the line, in the order in which they left."""
    letters = [message_from_bytes(letter.message().as_bytes(linesep="\r\n"), policy=default) for letter in mail.outbox]
    parts = [part for letter in letters for part in letter.iter_attachments()]
    return [part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/calendar"]


def staff() -> Actor:
    return Actor.staff(member(RECEPTION))


def move(appointment, clock):
    made = booking.reschedule(appointment=appointment, starts_at=at(TOMORROW, clock), by=staff(), now=NOW)
    send()
    return made


def a_life(clinic) -> Appointment:
    """Booked, moved twice, and cancelled; each change is told before the next one."""
    made = book(clinic)
    send()
    made = move(move(made, "11:00"), "12:00")
    made = booking.cancel(appointment=made, by=staff(), now=NOW)
    send()
    return made


def in_database() -> list[tuple]:
    rows = Appointment.objects.occupying().order_by("starts_at")
    return [(row.starts_at, row.ends_at) for row in rows]


def test_each_file_makes_the_calendar_say_what_the_database_says(clinic):
    program = MailProgram()
    made = book(clinic)
    for step in (lambda row: row, lambda row: move(row, "11:00"), lambda row: move(row, "12:00")):
        made = step(made)
        send()
        for content in files():
            program.receive(content)
        assert program.times() == in_database()
        assert len(program.entries) == 1
    booking.cancel(appointment=made, by=PATIENT, now=NOW)
    send()
    program.receive(files()[-1])
    assert program.times() == in_database() == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[1::5])
def test_the_order_in_which_they_arrive_does_not_matter(clinic, order):
    a_life(clinic)
    sent = files()
    program = MailProgram()
    for number in order:
        program.receive(sent[number])
    assert program.entries == {}


def test_two_copies_of_one_file_make_one_entry(clinic):
    book(clinic)
    book(clinic, "11:00")
    send()
    program = MailProgram()
    copies = files() * 3
    random.Random(1).shuffle(copies)
    for content in copies:
        program.receive(content)
    assert program.times() == in_database()


def test_a_booking_that_is_undone_comes_back(clinic):
    made = book(clinic)
    send()
    made = booking.cancel(appointment=made, by=staff(), now=NOW)
    send()
    booking.step(appointment=made, to="booked", by=staff(), now=NOW)
    send()
    program = MailProgram()
    for content in files():
        program.receive(content)
    assert program.times() == in_database()
    assert len(program.entries) == 1


def test_the_file_to_download_is_the_same_entry(clinic, client):
    from appointments.links import manage_url

    made = book(clinic)
    send()
    program = MailProgram()
    program.receive(files()[0])
    program.receive(client.get(f"{manage_url(made)}calendar.ics").content)
    assert program.times() == in_database()
    assert len(program.entries) == 1


def test_an_independent_eye_reads_place_reference_zone_and_alarm(clinic):
    row = clinic.settings
    row.name, row.address = "IPSC; \\ pain, spine", 'Plot 1, "A"; gate 2\nनई दिल्ली ' + "लंबा पता " * 20
    row.save()
    made = book(clinic, language="hi", reason="my back")
    send()
    [content] = files()
    calendar = vobject.readOne(content.decode())
    event = calendar.vevent
    assert event.uid.value == made.uid
    assert event.dtstart.value == made.starts_at
    assert event.dtstart.value.tzinfo is not None
    assert calendar.vtimezone.tzid.value == "Asia/Kolkata"
    assert made.spoken_reference in event.description.value
    assert "IPSC; \\ pain, spine" in event.summary.value
    assert event.location.value == " ".join(row.address.split())
    assert event.valarm.action.value == "DISPLAY"
    assert event.organizer.value == "mailto:no-reply@localhost"
    assert event.attendee.value == "mailto:one@example.org"
    assert b"CLASS:PRIVATE" in content
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search(rb"[\n\r]", line)
    for secret in ("my back", "Patient One", clinic.service.name):
        assert secret not in content.decode()


@pytest.mark.parametrize("name", ["IPSC\r\nATTENDEE:mailto:x@example.org", "IPSC\nBEGIN:VEVENT", "a" * 60, "\t;,:\\"])
def test_no_name_writes_a_line_of_its_own(clinic, name):
    clinic.settings.name = name
    clinic.settings.address = name * 5
    clinic.settings.save()
    book(clinic)
    send()
    calendar = vobject.readOne(files()[0].decode())
    assert len(calendar.vevent_list) == 1
    assert len(calendar.vevent.attendee_list) == 1
