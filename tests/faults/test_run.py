"""``manage.py run`` from the outside: started, used, refused, ended."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.processes import BASE_DIR, SECONDS, eventually, nothing_runs_in

COMMAND = [sys.executable, "manage.py", "run"]
LAST_LINE = "Ctrl-C ends it."


@pytest.fixture
def var():
    """A folder for what running makes, with a space in its name and open to the account of the server."""
    with tempfile.TemporaryDirectory(prefix="ipsc run ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        assert eventually(lambda: nothing_runs_in(Path(folder)))


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(var: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IPSC", "SECRET", "DJANGO"))}
    # DATABASE_URL empty and not absent: a file .env must not supply one here.
    return kept | {"DATABASE_URL": "", "IPSC_VAR_DIR": str(var)} | more


@contextmanager
def started(var: Path, port: int, **more: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """Start the site and give it with what it said until it was ready; it does not outlive the block."""
    with subprocess.Popen(
        COMMAND,
        cwd=BASE_DIR,
        env=environment(var, PORT=str(port), **more),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as site:
        try:
            said = ""
            for line in site.stdout:
                said += line
                if LAST_LINE in line:
                    break
            assert LAST_LINE in said, said
            yield site, said
        finally:
            with suppress(ProcessLookupError):
                os.killpg(site.pid, signal.SIGKILL)


def answer(port: int, path: str, host: str = "127.0.0.1") -> int:
    with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=SECONDS) as response:
        return response.status


def test_it_makes_everything_once_and_ends_without_a_trace(var, port):
    # The first start, ended by SIGTERM.
    with started(var, port) as (site, said):
        assert f"http://127.0.0.1:{port}/hi/" in said
        assert [answer(port, path) for path in ("/", "/hi/", "/admin/login/", "/health/ready")] == [200] * 4
        assert len(re.findall(r"First account: manager, password \S{15,}", said)) == 1
        assert "Applying auth.0001_initial" in said
        assert stat.S_IMODE((var / "secret_key").stat().st_mode) == 0o600
        secret = (var / "secret_key").read_text()

        # A browser keeps connections open, some of which it never uses.
        with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as used:
            used.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert used.recv(12) == b"HTTP/1.1 200"
            site.send_signal(signal.SIGTERM)
            assert site.wait(timeout=SECONDS) == 0
        assert site.stdout.read() == ""
        # Not "soon": the command comes back when its database has stopped.
        assert nothing_runs_in(var)

    # The second, ended by Ctrl-C: the terminal sends the signal to all processes of the group.
    with started(var, port, HOST="0.0.0.0") as (site, said):
        assert "Migrations: none missing" in said
        assert "Static files: unchanged" in said
        assert "password" not in said
        assert (var / "secret_key").read_text() == secret
        assert answer(port, "/") == 200
        os.killpg(site.pid, signal.SIGINT)
        assert site.wait(timeout=SECONDS) == 0
        assert site.stdout.read() == ""
        assert nothing_runs_in(var)

    # The third, killed.
    with started(var, port) as (site, _):
        os.killpg(site.pid, signal.SIGKILL)
    assert eventually(lambda: nothing_runs_in(var))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "Address already in use. Set HOST or PORT, e.g. PORT="),
        ({"PORT": "http"}, "PORT is 'http'; set it to a number"),
        ({"PORT": "65536"}, "PORT is '65536'; set it to a number"),
        ({"HOST": "203.0.113.1"}, "cannot listen on 203.0.113.1:"),
        ({"IPSC_MODE": "production"}, "set SECRET_KEY"),
        ({"IPSC_MODE": "demo"}, "IPSC_MODE is 'demo'"),
        ({"IPSC_VAR_DIR": "/dev/null/var"}, "Set IPSC_VAR_DIR to a writable folder"),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/x", "HOST": "127.0.0.2"}, "Connection refused"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line_at_once(tmp_path, wrong, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = subprocess.run(
            COMMAND,
            cwd=BASE_DIR,
            env=environment(tmp_path, PORT=str(port)) | wrong,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    assert refused.returncode == 1
    assert refused.stderr.startswith("IPSC cannot start: ")
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "postgres").exists(), "long work came before the look"


def test_an_old_python_is_refused_in_one_line():
    pretend = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path('manage.py', run_name='__main__')"
    refused = subprocess.run([sys.executable, "-c", pretend], cwd=BASE_DIR, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "IPSC needs Python 3.11 or newer; this is Python 3.10.\n"


def test_importing_the_settings_starts_and_writes_nothing(tmp_path):
    for mode in ("demonstration", "development"):
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import django; django.setup(); from django.db import connection; connection.vendor",
            ],
            cwd=BASE_DIR,
            env=environment(tmp_path, IPSC_MODE=mode, DJANGO_SETTINGS_MODULE="ipsc.settings"),
            check=True,
        )
    assert list(tmp_path.iterdir()) == []
