"""The worker that sends messages and sweeps, as a process beside the site (`manage.py send_messages --sweep`)."""

import os
import subprocess
import sys
from contextlib import suppress

from .environment import BASE_DIR

SECONDS_TO_END = 10


class Sender:
    """One worker of this `manage.py run`; it ends with it, even where that is killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, str(BASE_DIR / "manage.py"), "send_messages", "--sweep"]
        command += ["--with-parent", str(os.getpid())]
        # In a group of its own: Ctrl-C goes to all of a group, and would meet Python before it can take it calmly.
        self._process = subprocess.Popen(command, cwd=BASE_DIR, process_group=0)  # noqa: S603 – nothing from outside

    def stop(self) -> None:
        """Let it finish the message that it has in hand, then end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(SECONDS_TO_END)
