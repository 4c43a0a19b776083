"""The worker: what it does with each message, and with a database or a kind that fails."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from ipsc.models import Message, MessageState
from ipsc.outbox import claiming
from ipsc.outbox import worker as module
from ipsc.outbox.kinds import KINDS, Content, NoLongerTrue
from ipsc.outbox.problems import Unclear
from ipsc.outbox.worker import POLL, Worker, next_day_time
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.ipsc.outbox.cast import NOTE, later, note, order, queue, send, worker

pytestmark = pytest.mark.django_db


def become(monkeypatch, prepare=None, **options) -> None:
    monkeypatch.setitem(KINDS, NOTE, note(prepare, **options))


def raising(error: Exception):
    def prepare(message):
        raise error

    return prepare


def test_it_sends_what_is_due_and_keeps_what_it_sent(mailoutbox):
    queue()
    assert send() == 1
    [letter] = mailoutbox
    assert (letter.subject, letter.to, letter.body) == ("A note", ["one@example.org"], "The text.\n")
    message = Message.objects.get()
    assert (message.state, message.subject, message.body) == (MessageState.SENT, "A note", "The text.\n")
    assert (message.ended_at, message.receipt) == (NOW, letter.extra_headers["Message-ID"])


def test_the_ledger_keeps_no_link(mailoutbox, monkeypatch):
    become(monkeypatch, lambda message: Content({"secret": "https://x.example/m?AbC_d-1 and /hi/manage/AbC~d/now"}))
    queue()
    send()
    assert "AbC_d-1" in mailoutbox[0].body
    assert "https://x.example/m?… and /hi/manage/…/now" in Message.objects.get().body


def test_a_subject_is_one_line_whatever_stands_in_it(mailoutbox, monkeypatch):
    become(monkeypatch, lambda message: Content({"about": "X\r\nBcc: all@example.org"}))
    queue()
    send()
    assert mailoutbox[0].subject == "A note about X Bcc: all@example.org"
    assert mailoutbox[0].recipients() == ["one@example.org"]


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyError("x"), ZeroDivisionError()])
def test_one_that_cannot_be_made_breaks_no_other(monkeypatch, mailoutbox, error):
    def prepare(message):
        if message.to == "one@example.org":
            raise error
        return Content()

    become(monkeypatch, prepare)
    queue(order(), order(part="2", to="two@example.org"))
    assert send() == 2
    first, second = Message.objects.order_by("pk")
    assert (first.state, first.attempts) == (MessageState.QUEUED, 1)
    assert type(error).__name__ in first.last_error
    assert first.next_attempt_at > NOW
    assert second.state == MessageState.SENT
    assert len(mailoutbox) == 1


def test_one_of_an_unknown_kind_fails_and_says_so():
    queue(order(kind="tests.gone"))
    send()
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.FAILED, "No such kind: tests.gone")


def test_what_is_not_true_any_more_is_withdrawn_with_its_reason(monkeypatch, mailoutbox):
    become(monkeypatch, raising(NoLongerTrue("The visit has begun.")))
    queue()
    send()
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.WITHDRAWN, "The visit has begun.")
    assert not mailoutbox


@pytest.mark.parametrize(("seconds", "state"), [(-1, MessageState.SENT), (0, MessageState.WITHDRAWN)])
def test_what_comes_too_late_to_be_of_use_is_withdrawn(seconds, state):
    queue(order(worthless_at=later(hours=1)))
    send(later(hours=1, seconds=seconds))
    assert Message.objects.get().state == state


def test_a_later_version_takes_the_place_of_an_earlier_one_that_still_waits(mailoutbox):
    queue(order(version=0))
    queue(order(version=1))
    assert send() == 2
    first, second = Message.objects.order_by("pk")
    assert (first.state, second.state) == (MessageState.WITHDRAWN, MessageState.SENT)
    assert first.last_error == "A later change has a message of its own."


def test_a_later_version_that_was_withdrawn_takes_no_place(mailoutbox):
    queue(order(version=0))
    queue(order(version=1))
    Message.objects.filter(version=1).update(state=MessageState.WITHDRAWN, ended_at=NOW)
    send()
    assert len(mailoutbox) == 1


def test_by_another_channel_or_about_another_row_nothing_is_replaced(mailoutbox):
    queue(order(version=0), order(version=1, about=None), order(version=1, channel="sms", to="+919800000001"))
    send()
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("moment", "day", "clock"),
    [
        (at(TODAY, "07:59"), TODAY, "08:00"),
        (at(TODAY, "20:00"), TOMORROW, "08:00"),
        (at(TODAY, "23:59"), TOMORROW, "08:00"),
        (at(TODAY, "00:00"), TODAY, "08:00"),
    ],
)
def test_what_goes_by_day_waits_for_the_morning(monkeypatch, mailoutbox, moment, day, clock):
    become(monkeypatch, by_day=True)
    queue(order(due_at=moment))
    send(moment)
    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_attempt_at) == (MessageState.QUEUED, 0, at(day, clock))
    send(at(day, clock))
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("clock", ["08:00", "12:00", "19:59"])
def test_by_day_it_goes_at_once(clock):
    assert next_day_time(at(TODAY, clock)) == at(TODAY, clock)


def test_it_ends_between_two_messages_when_told_to(mailoutbox, monkeypatch):
    queue(*(order(part=str(number)) for number in range(5)))
    running = worker()

    def prepare(message):
        running.stop.set()
        return Content()

    become(monkeypatch, prepare)
    running.run()
    assert len(mailoutbox) == 1
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 4


def test_it_looks_again_each_second(monkeypatch):
    pauses = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            pauses.append(timeout)
            self.set()
            return True

    Worker(Stop(), now=lambda: NOW).run()
    assert pauses == [POLL] == [1.0]


def test_what_was_sent_while_the_database_was_away_is_noted_when_it_is_back(monkeypatch, mailoutbox):
    queue()
    down = [3]
    note_sent = claiming.sent

    def sent(message, **values):
        if down[0]:
            down[0] -= 1
            raise OperationalError("the server closed the connection unexpectedly")
        return note_sent(message, **values)

    monkeypatch.setattr(claiming, "sent", sent)
    monkeypatch.setattr(module, "_hang_up", lambda: None)
    monkeypatch.setattr(module, "POLL", 0)
    assert send() == 1
    assert Message.objects.get().state == MessageState.SENT
    assert len(mailoutbox) == 1


def test_a_database_that_is_away_when_it_looks_is_waited_for(monkeypatch, mailoutbox):
    queue()
    take, down = claiming.take, [2]

    def failing(*, now):
        if down[0]:
            down[0] -= 1
            raise OperationalError("starting up")
        return take(now=now)

    running = worker()
    waits = []

    def wait(timeout=None):
        waits.append(timeout)
        if len(mailoutbox):
            running.stop.set()
        return running.stop.is_set()

    monkeypatch.setattr(claiming, "take", failing)
    monkeypatch.setattr(module, "_hang_up", lambda: None)
    monkeypatch.setattr(running.stop, "wait", wait)
    running.run()
    assert len(mailoutbox) == 1
    assert len(waits) == 3


def test_no_transaction_is_open_while_a_message_is_sent(monkeypatch, django_capture_on_commit_callbacks):
    depth = []
    monkeypatch.setattr(
        "ipsc.outbox.sending.Channels.send",
        lambda self, message, content: depth.append(len(transaction.get_connection().savepoint_ids)) or 1 / 0,
    )
    queue()
    before = len(transaction.get_connection().savepoint_ids)
    send()
    assert depth == [before]


def test_it_takes_back_what_a_dead_worker_had():
    queue()
    claiming.take(now=NOW)
    assert send(NOW + claiming.CLAIM - timedelta(seconds=1)) == 0
    assert send(NOW + claiming.CLAIM) == 1
    assert Message.objects.get().state == MessageState.SENT


class Killed(BaseException):
    """kill -9, as far as the code can see it: nothing after this line runs."""


def test_a_worker_killed_between_claim_and_sending_loses_nothing_and_sends_once(monkeypatch, mailoutbox):
    queue()
    with monkeypatch.context() as patched:
        patched.setattr(module.Channels, "send", lambda *args: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            send()
    assert Message.objects.get().state == MessageState.SENDING
    assert send(later(minutes=4)) == 0, "its claim still stands"
    assert send(later(minutes=6)) == 1
    assert len(mailoutbox) == 1


def test_a_worker_killed_between_sending_and_noting_sends_a_copy_with_the_same_name(monkeypatch, mailoutbox):
    queue()
    with monkeypatch.context() as patched:
        patched.setattr(claiming, "sent", lambda *args, **values: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            send()
    assert len(mailoutbox) == 1
    assert send(later(minutes=6)) == 1
    first, second = mailoutbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    row = Message.objects.get()
    assert (row.state, row.attempts) == (MessageState.SENT, 2)


def test_what_may_have_arrived_before_it_was_withdrawn_is_noted(monkeypatch):
    queue()
    claiming.take(now=NOW)
    become(monkeypatch, raising(NoLongerTrue("The visit has ended.")))
    send(later(minutes=6))
    row = Message.objects.get()
    assert row.state == MessageState.WITHDRAWN
    assert row.last_error == f"The visit has ended. {claiming.MAY_HAVE}"


def test_what_may_have_arrived_is_tried_once_more_and_not_for_ever(monkeypatch):
    queue()
    monkeypatch.setattr(module.Channels, "send", lambda *args: (_ for _ in ()).throw(Unclear("No answer.")))
    send()
    assert Message.objects.get().state == MessageState.QUEUED
    send(later(minutes=1))
    row = Message.objects.get()
    assert (row.state, row.attempts, row.last_error) == (MessageState.FAILED, 2, "No answer.")
