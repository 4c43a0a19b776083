"""How a message is taken: by one worker, in order, and again if that worker died (rule M1)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from ipsc.models import Message, MessageState
from ipsc.outbox import claiming
from ipsc.outbox.claiming import CLAIM, FIRST_PAUSE, JITTER, LONGEST_PAUSE, MOST_ATTEMPTS, ORPHANED
from tests.factories import NOW
from tests.ipsc.outbox.cast import later, order, queue, send

pytestmark = pytest.mark.django_db


def test_it_takes_what_is_due_oldest_first():
    queue(order(part="new"), order(part="old", due_at=later(hours=-1)), order(part="tomorrow", due_at=later(days=1)))
    taken = [claiming.take(now=NOW), claiming.take(now=NOW), claiming.take(now=NOW)]
    assert [each and each.key.rpartition(":")[2] for each in taken] == ["old", "new", None]


@pytest.mark.parametrize(("early", "taken"), [(1, False), (0, True), (-1, True)])
def test_it_takes_a_message_from_its_due_moment_on(early, taken):
    queue(order(due_at=NOW + timedelta(microseconds=early)))
    assert bool(claiming.take(now=NOW)) == taken


def test_a_claim_is_committed_and_counted_before_anything_is_sent():
    queue()
    message = claiming.take(now=NOW)
    assert (message.state, message.attempts, message.claimed_until) == (MessageState.SENDING, 1, NOW + CLAIM)
    assert not claiming.sent(Message(pk=0), now=NOW, to="x", channel="email", subject="", body="x", receipt="")


def test_taking_costs_two_queries_however_many_messages_there_are():
    queue(*(order(part=str(number)) for number in range(20)))
    with CaptureQueriesContext(
        connection,
    ) as few:
        claiming.take(now=NOW)
    queue(*(order(part=f"x{number}") for number in range(200)))
    with CaptureQueriesContext(connection) as many:
        claiming.take(now=NOW)
    assert len(few) == len(many) == 2


def test_what_a_dead_worker_had_is_taken_again_when_its_claim_has_run_out():
    queue()
    claiming.take(now=NOW)
    assert claiming.take_back(now=NOW + CLAIM - timedelta(microseconds=1)) == 0
    assert claiming.take_back(now=NOW + CLAIM) == 1
    message = claiming.take(now=NOW + CLAIM)
    assert (message.attempts, message.last_error) == (2, ORPHANED)


def test_a_message_that_kills_its_worker_each_time_is_given_up():
    queue()
    Message.objects.update(attempts=MOST_ATTEMPTS - 1)
    claiming.take(now=NOW)
    claiming.take_back(now=NOW + CLAIM)
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.FAILED, ORPHANED)


def test_a_worker_that_comes_back_late_changes_nothing_that_the_next_one_wrote():
    queue()
    slow = claiming.take(now=NOW)
    claiming.take_back(now=NOW + CLAIM)
    quick = claiming.take(now=NOW + CLAIM)
    assert claiming.sent(quick, now=NOW, to="one@example.org", channel="email", subject="s", body="b", receipt="2")
    assert not claiming.failed(slow, now=NOW, error="too slow")
    assert not claiming.sent(slow, now=NOW, to="one@example.org", channel="email", subject="s", body="b", receipt="1")
    message = Message.objects.get()
    assert (message.state, message.receipt, message.last_error) == (MessageState.SENT, "2", "")


def test_pauses_grow_to_a_limit_and_are_never_the_same_for_all():
    for attempt in range(1, MOST_ATTEMPTS + 1):
        found = [claiming.pause(attempt) for _ in range(50)]
        middle = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
        assert all(middle * (1 - JITTER) <= each <= middle * (1 + JITTER) for each in found)
        assert len(set(found)) > 1


def test_it_tries_for_most_of_a_day():
    total = sum((min(FIRST_PAUSE * 2**number, LONGEST_PAUSE) for number in range(MOST_ATTEMPTS - 1)), timedelta())
    assert timedelta(hours=12) < total < timedelta(days=1)


def test_the_last_attempt_in_vain_is_the_end():
    queue()
    Message.objects.update(attempts=MOST_ATTEMPTS - 1)
    claiming.failed(claiming.take(now=NOW), now=NOW, error="No.")
    message = Message.objects.get()
    assert (message.state, message.ended_at, message.last_error) == (MessageState.FAILED, NOW, "No.")
    assert claiming.take(now=later(days=30)) is None


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_take_each_message_once():
    """Fifty workers, gated: all ask in the same moment, while none of the rows can be written."""
    queue(*(order(part=str(number)) for number in range(50)))
    taken, gate = [], threading.Barrier(50)

    def work() -> None:
        try:
            gate.wait(60)
            if message := claiming.take(now=NOW):
                taken.append(message.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    # Whoever asked while others held the first rows may have found nothing; nothing is lost by that.
    while message := claiming.take(now=NOW):
        taken.append(message.pk)
    assert sorted(taken) == sorted(Message.objects.values_list("pk", flat=True))


def test_it_sends_each_once(mailoutbox):
    queue(*(order(part=str(number), to=f"{number}@example.org") for number in range(30)))
    assert send() == 30
    assert send() == 0
    assert len({each.to[0] for each in mailoutbox}) == len(mailoutbox) == 30


def test_it_knows_when_no_worker_runs():
    queue()
    assert claiming.waiting_too_long(now=later(minutes=9)) == 0
    assert claiming.waiting_too_long(now=later(minutes=10)) == 1
    message = claiming.take(now=NOW)
    assert claiming.waiting_too_long(now=later(minutes=10)) == 0
    assert claiming.waiting_too_long(now=later(minutes=16)) == 1
    claiming.failed(message, now=later(minutes=16), error="down")
    assert claiming.waiting_too_long(now=later(minutes=17)) == 0
