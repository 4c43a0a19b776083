"""Real threads at one gate: everybody has looked before anybody may write (DESIGN.md, section 8).

Fifty clients that merely start together catch a look-then-insert now and then. Here a lock on the table holds back all
writes, not the reading, until each client is seen waiting; so whoever looks without a lock has looked at the old state.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection, connections, transaction

Result = TypeVar("Result")

MOST_CLIENTS = 60
DEADLINE, PAUSE = 60, 0.02

# Our own transaction would go on seeing the list of clients that it saw first.
FORGET = "SELECT pg_stat_clear_snapshot()"
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'
"""


def rush(calls: Sequence[Callable[[], Result]], *, table: str = "appointments_appointment") -> list[Result | Exception]:
    """Make all calls at once, each in a thread with a connection of its own, and let them write to `table` only when
    every one of them waits or has ended.

    Returns what each of them returned or raised, in their order.
    """
    assert len(calls) <= MOST_CLIENTS
    ends: list = [None] * len(calls)

    def run(place: int, call: Callable[[], Result]) -> None:
        try:
            ends[place] = call()
        except Exception as error:
            ends[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    with transaction.atomic(), connection.cursor() as gate:
        gate.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        for _poll in range(int(DEADLINE / PAUSE)):
            gate.execute(FORGET)
            gate.execute(WAITING)
            if gate.fetchone()[0] + sum(not thread.is_alive() for thread in threads) >= len(threads):
                break
            threading.Event().wait(PAUSE)
        else:
            raise AssertionError("not every client came to the gate")
    for thread in threads:
        thread.join(DEADLINE)
    assert not any(thread.is_alive() for thread in threads), "a client never came back"
    return ends
