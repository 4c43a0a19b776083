import logging
import os
import signal
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from ipsc.outbox.worker import Worker

LOOK_EVERY = 1.0  # seconds
# A clinic that runs `manage.py run` and nothing else has no cron: its offers and unpaid places would stand still.
SWEEP_AFTER, SWEEP_EVERY = 60.0, 900.0  # seconds

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the messages that are due, and go on doing so until SIGTERM or Ctrl-C. Any number may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due now, and end.")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="End when this process, which has started it, has ended."
        )
        parser.add_argument("--sweep", action="store_true", help="Run the command `sweep` beside it, every 15 minutes.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker = Worker(stop)
        if options["once"]:
            self.stdout.write(f"Messages dealt with: {worker.drain()}.")
            return
        if options["with_parent"]:
            watch_parent(stop, options["with_parent"])
        if options["sweep"]:
            threading.Thread(target=sweep_until, args=(stop,), name="sweep", daemon=True).start()
        worker.run()


def sweep_until(stop: threading.Event, *, after: float = SWEEP_AFTER, every: float = SWEEP_EVERY) -> None:
    """Run `manage.py sweep` at intervals, in seconds, until `stop`; what goes wrong once is tried again."""
    pause = after
    while not stop.wait(pause):
        pause = every
        try:
            with open(os.devnull, "w") as nowhere:
                call_command("sweep", stdout=nowhere)
        except Exception:
            log.exception("The sweep did not end; it is tried again.")
        finally:
            connections.close_all()


def watch_parent(stop: threading.Event, parent: int) -> None:
    """Set `stop` when this process has lost its parent, as after a kill -9 that nobody could pass on."""

    def look() -> None:
        while not stop.is_set():
            if os.getppid() != parent:
                stop.set()
            stop.wait(LOOK_EVERY)

    threading.Thread(target=look, name="parent", daemon=True).start()
