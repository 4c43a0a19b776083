"""What must hold when the storm is over. Each check returns the faults that it found, in words."""

import json
from collections import Counter
from pathlib import Path

from appointments import messages
from appointments.models import Appointment, Status
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox.sending import message_id
from tests.faults.storm.deeds import ROLLED_BACK

CAUSES = {"booked", "moved", "cancelled"}


def causes() -> dict[tuple[int, int], str]:
    """What was committed, by visit and version, as the history has it: each cause has exactly one message by e-mail."""
    found = {}
    rows = Appointment.history.model.objects.order_by("id", "sequence", "history_id")
    before: dict[int, str] = {}
    for pk, sequence, status, reason in rows.values_list("id", "sequence", "status", "history_change_reason"):
        if pk not in before:
            found[pk, sequence] = messages.BOOKED.name
        elif reason == "moved":
            found[pk, sequence] = messages.MOVED.name
        elif status == Status.CANCELLED and before[pk] != Status.CANCELLED:
            found[pk, sequence] = messages.CANCELLED.name
        before[pk] = status
    return found


def changes():
    return Message.objects.exclude(kind=messages.REMINDER.name)


def every_cause_has_its_message() -> list[str]:
    wanted = causes()
    rows = Counter(changes().values_list("about_id", "version", "kind"))
    there = {(*place, kind) for place, kind in wanted.items()}
    faults = [f"no message for {each}" for each in sorted(there - set(rows))]
    faults += [f"a message without a cause: {each}" for each in sorted(set(rows) - there)]
    return faults + [f"{count} messages for {each}" for each, count in rows.items() if count != 1]


def nothing_rolled_back_has_a_message() -> list[str]:
    known = set(Appointment.objects.values_list("pk", flat=True))
    strays = Message.objects.exclude(about_id__in=known).count()
    told = Appointment.objects.filter(name=ROLLED_BACK).count()
    return [f"{strays} messages about nothing"] * bool(strays) + [f"{told} visits that were undone"] * bool(told)


def all_has_ended() -> list[str]:
    left = changes().exclude(state__in=[MessageState.SENT, MessageState.WITHDRAWN])
    return [f"{each.key} is {each.state}: {each.last_error}" for each in left[:20]]


def the_last_word_was_sent() -> list[str]:
    """Whatever was withdrawn, a later message about the same visit has gone out."""
    newest: dict[int, Message] = {}
    for each in changes().filter(channel=Channel.EMAIL).order_by("pk"):
        newest[each.about_id] = each
    return [f"the last message of visit {pk} is {each.state}" for pk, each in newest.items() if each.state != "sent"]


def reminders_are_of_what_is_booked() -> list[str]:
    pending = Counter(Message.objects.pending().filter(kind=messages.REMINDER.name).values_list("about_id", "version"))
    faults = []
    for pk, sequence, status in Appointment.objects.values_list("pk", "sequence", "status"):
        mine = {version: count for (about, version), count in pending.items() if about == pk}
        if status == Status.CANCELLED and mine:
            faults.append(f"cancelled visit {pk} has reminders")
        if status == Status.BOOKED and set(mine) - {sequence}:
            faults.append(f"visit {pk} has reminders of an older version")
    return faults


def arrived(log: Path) -> Counter:
    """How often each Message-ID was taken by the mail server."""
    return Counter(json.loads(line)["id"] for line in log.read_text().splitlines())


def what_was_sent_arrived(log: Path) -> tuple[list[str], dict[str, int]]:
    """Compare ledger and mail server; also count what came twice, and what came though it was withdrawn later."""
    counts, rows = arrived(log), {message_id(each): each for each in changes()}
    faults = [f"the mail server has {each}, and no row has" for each in set(counts) - set(rows)]
    told = Counter()
    for name, row in rows.items():
        times = counts[name]
        if row.state == MessageState.SENT and not times:
            faults.append(f"{row.key} is marked sent and never arrived")
        if times > row.attempts:
            faults.append(f"{row.key} arrived {times} times in {row.attempts} attempts")
        told["messages that arrived"] += bool(times)
        told["came more than once (a blow fell between taking and noting)"] += times > 1
        told["arrived, then withdrawn (likewise, and a later change came)"] += row.state == "withdrawn" and bool(times)
        told["withdrawn for a later change"] += row.state == MessageState.WITHDRAWN
        told["needed more than one attempt"] += row.attempts > 1
    return faults, dict(told)
