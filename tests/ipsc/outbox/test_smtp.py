"""E-mail by a real mail server on loopback: on a good day, and on bad ones."""

import socket
from datetime import timedelta

import pytest

from ipsc.models import Message, MessageState
from ipsc.outbox import claiming
from ipsc.outbox.kinds import KINDS, Content
from tests.doubles import mail_server
from tests.factories import NOW
from tests.ipsc.outbox.cast import NOTE, later, note, order, queue, send, worker

pytestmark = pytest.mark.django_db

SENT, QUEUED, FAILED = MessageState.SENT, MessageState.QUEUED, MessageState.FAILED


@pytest.fixture(autouse=True)
def server(settings):
    """A mail server that the settings name."""
    with mail_server.serving() as double:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", double.port
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Clinic <desk@clinic.example>"
        yield double


def two() -> None:
    queue(order(), order(part="2", to="two@example.org"))


def states() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("pk").values_list("state", "attempts"))


def test_it_takes_what_is_sent(server):
    two()
    assert send() == 2
    assert server.envelopes == [["one@example.org"], ["two@example.org"]]
    assert states() == [(SENT, 1), (SENT, 1)]
    [first, second] = server.letters
    assert first["From"] == "Clinic <desk@clinic.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@clinic.example>")
    assert first["Message-ID"] != second["Message-ID"]
    assert Message.objects.earliest("pk").receipt == first["Message-ID"]


def test_many_messages_go_over_one_connection(server):
    queue(*(order(part=str(number)) for number in range(5)))
    send()
    assert (len(server.letters), server.sessions) == (5, 1)


def test_one_that_is_down_is_tried_again(server, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_PORT = closed.getsockname()[1]
    queue()
    send()
    message = Message.objects.get()
    assert (message.state, message.attempts) == (QUEUED, 1)
    assert message.last_error.startswith("ConnectionRefusedError:")
    settings.EMAIL_PORT = server.port
    send(message.next_attempt_at)
    assert states() == [(SENT, 2)]


def test_one_that_is_slow_is_left_after_the_timeout(server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server.is_slow = True
    queue()
    send()
    message = Message.objects.get()
    assert message.state == QUEUED
    assert "timed out" in message.last_error
    assert message.next_attempt_at > NOW


def test_a_second_copy_carries_the_same_message_id(server):
    """After a worker has died between sending and noting it."""
    queue()
    channels = worker().channels
    channels.send(claiming.take(now=NOW), Content())
    channels.close()
    send(NOW + claiming.CLAIM)
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == [(SENT, 2)]


@pytest.mark.parametrize(("answer", "state"), [("550 5.1.1 No such mailbox", FAILED), ("450 4.2.0 Greylisted", QUEUED)])
def test_a_refused_recipient_stops_nobody_else(server, answer, state):
    server.answers["one@example.org"] = answer
    two()
    assert send() == 2
    assert states() == [(state, 1), (SENT, 1)]
    assert Message.objects.earliest("pk").last_error == f"The mail server refused the address: {answer}"
    assert server.envelopes == [["two@example.org"]]


@pytest.mark.parametrize(("answer", "state"), [("554 Spam", FAILED), ("451 Out of space", QUEUED)])
def test_a_refused_message_fails_for_ever_or_for_now(server, answer, state):
    server.says = answer
    queue()
    send()
    assert states() == [(state, 1)]
    assert answer[4:] in Message.objects.get().last_error


def test_a_line_that_drops_within_a_message_costs_one_attempt(server):
    server.drops = True
    two()
    assert send() == 2
    assert states() == [(QUEUED, 1), (QUEUED, 1)]
    assert "SMTPServerDisconnected" in Message.objects.earliest("pk").last_error
    server.drops = False
    assert send(later(minutes=1)) == 2
    assert states() == [(SENT, 2), (SENT, 2)]
    assert len(server.letters) == 2


@pytest.mark.parametrize("messages", [1, 2])
def test_a_server_that_hangs_up_between_messages_costs_nothing(server, messages):
    server.hangs_up_after = messages
    queue(*(order(part=str(number)) for number in range(4)))
    assert send() == 4
    assert states() == [(SENT, 1)] * 4
    assert len(server.letters) == 4


def test_a_mail_server_that_stays_away_is_given_up_at_last_and_visibly(server, settings):
    settings.EMAIL_PORT = 1  # nobody listens there
    queue()
    moment = NOW
    while Message.objects.get().state == QUEUED:
        send(moment)
        moment += timedelta(hours=3)
    assert states() == [(FAILED, claiming.MOST_ATTEMPTS)]
    assert moment - NOW > timedelta(days=1)


@pytest.mark.parametrize(
    "address",
    [
        "one@example.org\r\nBcc: all@example.org",
        "one@example.org\nall@example.org",
        "one@example.org\r\nRCPT TO:<all@example.org>",
        "one@example.org, all@example.org",
        "one@example.org>\r\nDATA\r\n",
        "@",
    ],
)
def test_an_address_that_would_inject_fails_alone(server, address):
    queue(order(to="place@example.org"), order(part="2", to="two@example.org"))
    Message.objects.filter(to="place@example.org").update(to=address)
    assert send() == 2
    first, second = Message.objects.order_by("pk")
    assert (first.state, second.state) == (FAILED, SENT)
    assert first.last_error.startswith("ValueError: Invalid address")
    assert server.envelopes == [["two@example.org"]]


def test_what_stands_in_a_name_adds_no_header(server, monkeypatch):
    monkeypatch.setitem(KINDS, NOTE, note(lambda message: Content({"about": "A\r\nBcc: all@example.org\r\n\r\nHi"})))
    queue()
    send()
    [letter] = server.letters
    assert letter["Subject"] == "A note about A Bcc: all@example.org Hi"
    assert letter["Bcc"] is None
    assert server.envelopes == [["one@example.org"]]


@pytest.mark.parametrize("to", ["रोगी@example.org", "one@उदाहरण.भारत"])
def test_an_address_in_another_script_neither_crashes_nor_stops_others(server, to):
    queue(order(to=to), order(part="2", to="two@example.org"))
    assert send() == 2
    assert ["two@example.org"] in server.envelopes
    assert states()[1] == (SENT, 1)


def test_words_of_the_server_are_shown_without_tokens(server):
    server.says = "554 rejected for https://clinic.example/m?AbC_d-1"
    queue()
    send()
    assert "AbC_d-1" not in Message.objects.get().last_error


def test_a_worker_ends_though_the_mail_server_hung_up(server):
    server.hangs_up_after = 1
    queue()
    running = worker()
    running.once()
    running.channels.close()
    running.channels.close()
    assert states() == [(SENT, 1)]
