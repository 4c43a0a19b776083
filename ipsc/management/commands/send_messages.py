import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ipsc.outbox.worker import Worker

LOOK_EVERY = 1.0  # seconds


class Command(BaseCommand):
    help = "Send the messages that are due, and go on doing so until SIGTERM or Ctrl-C. Any number may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due now, and end.")
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="End when this process, which has started it, has ended."
        )

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
        worker.run()


def watch_parent(stop: threading.Event, parent: int) -> None:
    """Set `stop` when this process has lost its parent, as after a kill -9 that nobody could pass on."""

    def look() -> None:
        while not stop.is_set():
            if os.getppid() != parent:
                stop.set()
            stop.wait(LOOK_EVERY)

    threading.Thread(target=look, name="parent", daemon=True).start()
