"""E-mail over a real connection to a real server, which is good, down, slow, picky, or gone in the middle."""

from datetime import timedelta

import pytest

from appointments import booking
from appointments.models import Appointment
from ipsc.history import PATIENT
from ipsc.models import Message, MessageState
from tests.appointments.guest import book
from tests.factories import NOW, TOMORROW, at
from tests.ipsc.outbox.cast import later, order, queue, send, worker
from tests.ipsc.outbox.mailserver import MailServer, free_port, serving
from tests.people import make_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_TIMEOUT = 1
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "IPSC <desk@clinic.example>"
    return settings


@pytest.fixture
def server(smtp):
    handler = MailServer()
    with serving(handler, smtp.EMAIL_PORT):
        yield handler


def states() -> list[tuple[str, str]]:
    return [(row.to, row.state) for row in Message.objects.order_by("pk")]


def two() -> None:
    """A message to somebody whom the server may refuse, and one to somebody else."""
    queue(order(to="one@example.org"), order(to="two@example.org", part="2"))


def test_it_arrives_with_text_html_and_what_is_attached(server):
    book(make_clinic())
    assert send() == 1
    [letter] = server.arrived
    assert server.recipients == [["one@example.org"]]
    assert letter["From"] == "IPSC <desk@clinic.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == Message.objects.get().receipt
    assert "Your visit is booked" in letter.get_body(("plain",)).get_content()
    assert "Your visit is booked" in letter.get_body(("html",)).get_content()
    [attached] = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("appointment.ics", "text/calendar")
    assert attached.get_param("method") == "REQUEST"


def test_devanagari_arrives_as_it_was_written(server):
    book(make_clinic(), language="hi", name="सुनीता देवी")
    send()
    [letter] = server.arrived
    assert "गुरुवार" in letter["Subject"]
    assert "विज़िट" in letter.get_body(("plain",)).get_content()


def test_many_messages_go_by_one_connection(server):
    two()
    running = worker()
    assert running.drain() == 2
    running.channels.close()
    assert server.sessions == 1


def test_a_server_that_is_down_loses_nothing(smtp):
    two()
    assert send() == 2
    assert states() == [("one@example.org", "queued"), ("two@example.org", "queued")]
    row = Message.objects.first()
    assert row.attempts == 1
    assert row.next_attempt_at > NOW
    assert "ConnectionRefusedError" in row.last_error
    with serving(handler := MailServer(), smtp.EMAIL_PORT):
        assert send(later(minutes=1)) == 2
    assert states() == [("one@example.org", "sent"), ("two@example.org", "sent")]
    assert len(handler.arrived) == 2


def test_a_server_that_does_not_answer_in_time_is_left(server):
    server.seconds = 2.5
    queue()
    send()
    row = Message.objects.get()
    assert (row.state, row.attempts) == (MessageState.QUEUED, 1)
    assert "imeout" in row.last_error or "timed out" in row.last_error


def test_one_recipient_who_is_refused_for_ever_holds_up_nobody(server):
    server.answers["one@example.org"] = "550 5.1.1 no such user"
    two()
    send()
    assert states() == [("one@example.org", "failed"), ("two@example.org", "sent")]
    assert Message.objects.get(to="one@example.org").last_error == (
        "The mail server refused the address: 550 5.1.1 no such user"
    )


def test_one_recipient_who_is_refused_for_now_is_tried_again(server):
    server.answers["one@example.org"] = "450 4.2.1 greylisted"
    two()
    send()
    assert states() == [("one@example.org", "queued"), ("two@example.org", "sent")]
    server.answers.clear()
    send(later(minutes=1))
    assert states() == [("one@example.org", "sent"), ("two@example.org", "sent")]


@pytest.mark.parametrize(
    ("answer", "state"), [("554 5.7.1 looks like spam", "failed"), ("452 4.3.1 disk full", "queued")]
)
def test_a_refused_text_means_what_its_code_says(server, answer, state):
    server.data_answer = answer
    queue()
    send()
    row = Message.objects.get()
    assert row.state == state
    assert answer[4:] in row.last_error


def test_a_connection_that_breaks_in_the_middle_is_tried_again_and_the_next_one_goes(server):
    server.drops = True
    queue()
    send()
    assert states() == [("one@example.org", "queued")]
    server.drops = False
    queue(order(to="two@example.org", part="2"))
    send()
    assert states() == [("one@example.org", "queued"), ("two@example.org", "sent")]
    send(later(minutes=1))
    assert states() == [("one@example.org", "sent"), ("two@example.org", "sent")]


def test_a_server_that_hung_up_between_two_messages_costs_none(smtp):
    handler = MailServer()
    running = worker()
    with serving(handler, smtp.EMAIL_PORT):
        queue()
        running.drain()
    with serving(handler, smtp.EMAIL_PORT):
        queue(order(to="two@example.org", part="2"))
        running.drain()
        running.now = lambda: later(minutes=1)
        running.drain()
    running.channels.close()
    assert states() == [("one@example.org", "sent"), ("two@example.org", "sent")]


def test_it_gives_up_visibly_in_the_end(smtp):
    queue()
    moment = NOW
    for _attempt in range(30):
        send(moment)
        moment += timedelta(hours=3)
    row = Message.objects.get()
    assert (row.state, row.attempts) == (MessageState.FAILED, 18)
    assert row.ended_at is not None
    assert "ConnectionRefusedError" in row.last_error


def test_every_attempt_carries_the_same_message_id(server):
    server.data_answer = "452 4.3.1 disk full"
    ids = []

    async def noted(_server, _session, envelope):
        from email import message_from_bytes

        ids.append(message_from_bytes(envelope.content)["Message-ID"])
        return "452 4.3.1 disk full"

    server.handle_DATA = noted
    queue()
    for moment in (NOW, later(minutes=1), later(minutes=5)):
        send(moment)
    assert len(ids) == 3
    assert len(set(ids)) == 1


@pytest.mark.parametrize("name", ["Patient\r\nBcc: all@example.org", "Patient\nX-Evil: 1", "=?utf-8?q?a?="])
def test_a_name_writes_no_header(server, name):
    clinic = make_clinic()
    made = book(clinic)
    Appointment.objects.filter(pk=made.pk).update(name=name)
    clinic.settings.name = name
    clinic.settings.save()
    send()
    [letter] = server.arrived
    assert server.recipients == [["one@example.org"]]
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None


@pytest.mark.parametrize("to", ["one@example.org\r\nBcc: all@example.org", "one@example.org\nRCPT TO:<x@example.org>"])
def test_an_address_writes_no_header_and_fails_visibly(server, to):
    queue(order(to=to), order(to="two@example.org", part="2"))
    send()
    assert [state for _to, state in states()] == ["failed", "sent"]
    assert server.recipients == [["two@example.org"]]


def test_an_address_with_letters_of_other_scripts_does_not_stop_the_queue(server):
    queue(order(to="सुनीता@example.org"), order(to="two@example.org", part="2"))
    send()
    assert states()[1] == ("two@example.org", "sent")
    assert states()[0][1] in ("sent", "failed")


def test_each_change_reaches_the_calendar_of_a_mail_program(server):
    made = book(make_clinic())
    send()
    booking.reschedule(appointment=made, starts_at=at(TOMORROW, "11:00"), by=PATIENT, now=NOW)
    send()
    booking.cancel(appointment=made, by=PATIENT, now=NOW)
    send()
    methods = [attached.get_param("method") for letter in server.arrived for attached in letter.iter_attachments()]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]
