"""A site of its own for pictures: fresh database, samples, a free port; nothing is left of it afterwards."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.pictures.files import BASE_DIR

SECONDS_TO_START, SECONDS_TO_END = 180, 30
# Signs reception in without a password: none is known here, and none can come into a picture.
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
user = get_user_model().objects.get(username="reception")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


class DidNotStart(Exception):
    """The site was not there in time, or ended at once; the text holds what it said last."""


@dataclass(frozen=True)
class Demonstration:
    """`session` is the key of a session in which the reception is signed in."""

    url: str
    session: str


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Serve one for the length of the block.

    :raises DidNotStart: it was not there in time.
    """
    # The database server may still be putting its files away when the site has ended.
    with tempfile.TemporaryDirectory(prefix="ipsc-pictures-", ignore_cleanup_errors=True) as folder:
        port = free_port()
        environment = environment_for(Path(folder), port)
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/health/ready", process, log)
            yield Demonstration(url, sign_in(environment))
        finally:
            end(process)
            until(lambda: not list(Path(folder).glob("var/**/postmaster.pid")), SECONDS_TO_END)


def environment_for(folder: Path, port: int) -> dict[str, str]:
    """This process's environment with all that could lead to another site's data set, so that no .env sets it."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "ipsc.settings",
        "IPSC_MODE": "demonstration",
        "IPSC_VAR_DIR": str(folder / "var"),
        "IPSC_HTTPS": "false",
        "IPSC_BEHIND_PROXY": "false",
        "DATABASE_URL": "embedded",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    """Return when the site answers.

    :raises DidNotStart: it ended, or does not answer in time.
    """
    until(lambda: process.poll() is not None or answers(url), SECONDS_TO_START)
    if process.poll() is not None or not answers(url):
        raise DidNotStart(log.read_text(errors="replace")[-2000:])


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Return as soon as `condition` holds, or after so many seconds."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition() and time.monotonic() < deadline:
        pause.wait(0.2)


def sign_in(environment: dict[str, str]) -> str:
    """The key of a new session of the reception."""
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", SIGN_IN],
        cwd=BASE_DIR,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=SECONDS_TO_START,
    )
    return told.stdout.split()[-1]


def end(process: subprocess.Popen) -> None:
    """Ask it to end, as Ctrl-C would; it takes its database with it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
