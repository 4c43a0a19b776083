"""Processes of the site, started, killed and looked for."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipsc.embedded import accounts, binaries

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECONDS = 60
# A client of the embedded database: obeys one word a line, answers with JSON.
CLIENT = """
import json, os, sys
if order := json.loads(sys.argv[1])["uid"]:
    os.setgroups([]); os.setgid(order); os.setuid(order)
import django
from django.conf import settings
from django.db import connection
engine = {"ENGINE": "ipsc.embedded", "NAME": "ipsc", "EMBEDDED_DIR": sys.stdin.readline().rstrip("\\n"),
          "EMBEDDED_FSYNC": False}
settings.configure(DATABASES={"default": engine})
django.setup()
for word in sys.stdin:
    try:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_postmaster_start_time()::text, current_setting('data_directory')")
            started, data = cursor.fetchone()
        answer = {"started": started, "data": data, "socket": connection.settings_dict["HOST"]}
    except Exception as problem:
        answer = {"problem": f"{type(problem).__name__}: {problem}"}
    print(json.dumps(answer), flush=True)
"""


def eventually(condition: Callable[[], Any], within: float = SECONDS) -> bool:
    """Return whether ``condition`` comes true within so many seconds, looking often."""
    deadline, pause = time.monotonic() + within, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.05)
    return True


def processes() -> Iterator[tuple[int, int, str]]:
    """Give process id, parent's process id and command line of every process; zombies are left out."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(["/bin/ps", "-axwwo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        for row in (line.split(maxsplit=2) for line in listed.stdout.splitlines()):
            yield int(row[0]), int(row[1]), row[2]
        return
    for process in Path("/proc").iterdir():
        # Many end while they are looked at.
        with suppress(OSError, ValueError):
            command = (process / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if command:
                yield int(process.name), parent, command


def processes_naming(text: str) -> dict[int, str]:
    """Return the command lines that contain ``text``, by process id."""
    return {pid: command for pid, _, command in processes() if text in command}


def servers_of(folder: Path) -> list[int]:
    """Return the process ids of the PostgreSQL servers (not their children) whose data lie in ``folder``."""
    return [pid for pid, command in processes_naming(f"-D {folder}/data ").items() if "supervisor.py" not in command]


def supervisors_of(folder: Path) -> list[int]:
    return [pid for pid, command in processes_naming(f"{folder}/data").items() if "supervisor.py" in command]


def backends_of(server: int) -> list[int]:
    """Return the process ids of the connections that a server serves."""
    return [pid for pid, parent, command in processes() if parent == server and "postgres: ipsc" in command]


def nothing_runs_in(folder: Path) -> bool:
    return not processes_naming(str(folder))


class Client:
    """A process that uses the database in ``folder``; a context manager that leaves none behind."""

    def __init__(
        self,
        folder: Path,
        *,
        uid: int | None = None,
        environment: dict[str, str] | None = None,
        first_on_path: Path | None = None,
    ) -> None:
        python = sys.executable if uid is None else python_for_everybody()
        path = os.pathsep.join([str(first_on_path)] * bool(first_on_path) + import_path())
        self.process = subprocess.Popen(
            [python, "-W", "error", "-c", CLIENT, json.dumps({"uid": uid})],
            env=(os.environ if environment is None else environment) | {"PYTHONPATH": path},
            cwd="/",
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._tell(str(folder))

    def ask(self) -> None:
        """Have it open a new connection; ``answer`` waits for what comes of it."""
        self._tell("connect")

    def answer(self) -> dict[str, str]:
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"problem": self.process.stderr.read()}

    def connect(self) -> dict[str, str]:
        self.ask()
        return self.answer()

    def end(self) -> str:
        """Let it end in order; return what it wrote to stderr."""
        _, complaints = self.process.communicate(timeout=SECONDS)
        return complaints

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SECONDS)

    def _tell(self, text: str) -> None:
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        # Also after its end, however it came: its pipes are still open.
        self.kill()


def import_path() -> list[str]:
    return [str(BASE_DIR), str(binaries.installed())]


def ordinary_account() -> accounts.Account | None:
    """Return an account that root may become in order to be an ordinary user, or None: no root, or none there."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return accounts.Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return None


def python_for_everybody() -> str | None:
    """Return a Python of this version that an ordinary user can run, with the site's code; None if there is none."""
    account = ordinary_account()
    if account is None or not all(accounts.may_reach(account, Path(folder)) for folder in import_path()):
        return None
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = (sys.executable, shutil.which(name, path="/usr/local/bin"), shutil.which(name, path="/usr/bin"))
    return next((path for path in found if path and accounts.may_reach(account, Path(path))), None)
