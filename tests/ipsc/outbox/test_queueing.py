"""What comes into the outbox: with its cause and not without it, once, to the right address (rule M1)."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from ipsc import outbox
from ipsc.history import SITE
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox import NotResendable, Order
from ipsc.outbox.kinds import KINDS
from tests.factories import NOW
from tests.ipsc.outbox.cast import NOTE, later, order, queue, row, send

pytestmark = pytest.mark.django_db


def test_a_message_holds_its_cause():
    queue(order(facts={"starts_at": "2026-11-26"}, part="3d"))
    message = Message.objects.get()
    assert (message.kind, message.channel, message.to, message.version) == (NOTE, "email", "one@example.org", 0)
    assert (message.about, message.about_id) == ("ipsc.clinicsettings", 1)
    assert (message.state, message.attempts, message.by) == (MessageState.QUEUED, 0, "site")
    assert message.facts == {"starts_at": "2026-11-26"}
    assert list(Message.objects.of(row())) == [message]


def test_the_same_cause_makes_one_message():
    queue(order(), order())
    queue(order(to="two@example.org"))
    assert [each.to for each in Message.objects.all()] == ["one@example.org"]


@pytest.mark.parametrize(
    "difference", [{"version": 1}, {"channel": Channel.SMS}, {"part": "1d"}, {"kind": "tests.other"}]
)
def test_another_cause_makes_another_message(difference):
    queue(order(), order(**difference))
    assert Message.objects.count() == 2


def test_what_is_rolled_back_leaves_no_message():
    with transaction.atomic():
        outbox.queue(order(), by=SITE, now=NOW)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_queue_outside_a_transaction():
    about = row()
    assert not connection.in_atomic_block
    with pytest.raises(TransactionManagementError):
        outbox.queue(order(about=about), by=SITE, now=NOW)
    assert not Message.objects.exists()


def test_what_staff_chose_not_to_send_is_recorded_and_not_sent(mailoutbox):
    queue(order(), withheld=True)
    assert send(later(days=1)) == 0
    message = Message.objects.get()
    assert (message.state, message.ended_at) == (MessageState.WITHHELD, NOW)
    assert not mailoutbox


def test_what_cannot_be_sent_fails_at_once_and_says_why():
    queue(order(problem="Variable 1 is too long."))
    message = Message.objects.get()
    assert (message.state, message.last_error) == (MessageState.FAILED, "Variable 1 is too long.")


def test_it_withdraws_what_has_not_gone_out(mailoutbox):
    queue(order(part="3d"), order(part="1d", due_at=later(days=2)), order(kind="tests.other", due_at=later(days=9)))
    send()
    assert outbox.withdraw(about=row(), now=NOW, why="Moved.", kinds=(NOTE,)) == 1
    states = {each.key.rpartition(":")[2]: (each.state, each.last_error) for each in Message.objects.filter(kind=NOTE)}
    assert states == {"3d": ("sent", ""), "1d": ("withdrawn", "Moved.")}
    assert send(later(days=3)) == 0


def test_what_is_still_to_come_follows_a_new_address():
    queue(order(part="3d"), order(part="1d", due_at=later(days=2)), order(channel=Channel.SMS, to="+919800000001"))
    send_first = Message.objects.get(key__endswith="3d")
    Message.objects.filter(pk=send_first.pk).update(state=MessageState.WITHDRAWN, ended_at=NOW)
    assert outbox.readdress(about=row(), channel=Channel.EMAIL, to="two@example.org", now=NOW) == 1
    assert {each.to for each in Message.objects.pending()} == {"two@example.org", "+919800000001"}
    assert Message.objects.get(pk=send_first.pk).to == "one@example.org", "the ledger does not change"


def test_what_has_no_address_any_more_is_withdrawn():
    queue()
    outbox.readdress(about=row(), channel=Channel.EMAIL, to="", now=NOW)
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_staff_send_again_what_failed_and_the_first_row_stays(mailoutbox):
    queue(order(problem="Nobody there."))
    first = Message.objects.get()
    again = outbox.resend(message=first, to="two@example.org", by=SITE, now=later(hours=1))
    assert send(later(hours=1)) == 1
    assert [each.to for each in mailoutbox] == [["two@example.org"]]
    again.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, again.state) == (MessageState.FAILED, MessageState.SENT)


@pytest.mark.parametrize("state", ["waiting", "withdrawn", "again"])
def test_it_refuses_to_send_again_what_waits_or_is_not_true_any_more(state):
    queue(order(problem="Nobody there." if state == "again" else ""))
    message = Message.objects.get()
    if state == "withdrawn":
        outbox.withdraw(about=row(), now=NOW, why="Moved.", kinds=(NOTE,))
    if state == "again":
        outbox.resend(message=message, to="two@example.org", by=SITE, now=NOW)
    with pytest.raises(NotResendable, match="on its way already"):
        outbox.resend(message=message, to="two@example.org", by=SITE, now=NOW)


def test_every_kind_has_its_templates():
    from django.template.loader import get_template

    for kind in KINDS.values():
        name = kind.templates or kind.name
        if name in (NOTE, "appointments.find", "courses.find"):
            continue
        for end in ("subject.txt", "txt", "html"):
            get_template(f"messages/{name.replace('.', '/')}.{end}")


def test_a_key_of_nothing_names_its_part():
    empty = Order(kind=NOTE, about=None, version=0, channel="email", to="", language="en", due_at=NOW, part="4711")
    assert empty.key == f"-:{NOTE}:0:email:4711"
