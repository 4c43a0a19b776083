"""The processes of the storm, and who kills them."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from tests.faults.processes import BASE_DIR, backends_of, servers_of

WORKERS = 3
# Seconds between two blows, and how long a mail server or a worker stays away.
BETWEEN, AWAY = (0.8, 3.0), (0.1, 1.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Processes:
    """Workers and mail server, each of which can be killed and started again."""

    def __init__(self, log: Path, port: int) -> None:
        self.log, self.port = log, port
        self.running: dict[str, subprocess.Popen] = {}

    def names(self) -> list[str]:
        return ["mail", *(f"worker {number}" for number in range(WORKERS))]

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "tests.faults.storm.mailserver", str(self.port), str(self.log)]
        if name != "mail":
            command = [sys.executable, "manage.py", "send_messages", "--with-parent", str(os.getpid())]
        self.running[name] = subprocess.Popen(command, cwd=BASE_DIR, stderr=subprocess.DEVNULL)

    def end(self, name: str, number: int = signal.SIGKILL) -> None:
        process = self.running.pop(name, None)
        if process:
            process.send_signal(number)
            process.wait(60)

    def end_all(self, number: int = signal.SIGTERM) -> None:
        for name in list(self.running):
            self.end(name, number)


class Chaos(threading.Thread):
    """Kills somebody at random, until `stop` is set; counts whom."""

    def __init__(self, processes: Processes, database: Path, dice: random.Random) -> None:
        super().__init__(name="chaos")
        self.processes, self.database, self.dice = processes, database, dice
        self.stop = threading.Event()
        self.killed = {"mail": 0, "worker": 0, "database": 0}

    def run(self) -> None:
        while not self.stop.wait(self.dice.uniform(*BETWEEN)):
            victim = self.dice.choices(["worker", "mail", "database"], weights=[6, 3, 1])[0]
            if victim == "database":
                self.fell_database()
            else:
                name = "mail" if victim == "mail" else f"worker {self.dice.randrange(WORKERS)}"
                self.processes.end(name)
                self.stop.wait(self.dice.uniform(*AWAY))
                self.processes.start(name)
            self.killed[victim] += 1

    def fell_database(self) -> None:
        """Kill one connection, upon which PostgreSQL drops all of them and recovers; or all of it at once."""
        for server in servers_of(self.database):
            backends = backends_of(server)
            victims = [*backends, server] if self.dice.random() < 0.5 else backends[:1]
            for pid in victims:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
