"""The worker that sends messages, as a process beside the site (`manage.py send_messages`)."""

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
        command = [sys.executable, str(BASE_DIR / "manage.py"), "send_messages", "--with-parent"]
        self._process = subprocess.Popen(command, cwd=BASE_DIR)  # noqa: S603 – no word of it comes from outside

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
