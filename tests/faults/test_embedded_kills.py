"""The embedded server when processes are killed, and what is never killed itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ipsc.embedded import accounts, locks, postmaster
from tests.faults.processes import (
    Client,
    backends_of,
    eventually,
    nothing_runs_in,
    servers_of,
    supervisors_of,
)


def test_a_killed_user_is_counted_out(folder):
    with Client(folder) as first, Client(folder) as second:
        before = first.connect()
        assert second.connect()["started"] == before["started"]
        first.kill()
        assert second.connect()["started"] == before["started"], "the server stopped while it had a user"
        second.kill()
    assert eventually(lambda: nothing_runs_in(folder))


def test_a_killed_server_is_started_again_with_its_data(folder):
    with Client(folder) as client:
        before = client.connect()
        os.kill(servers_of(folder)[0], signal.SIGKILL)
        after = client.connect()
        assert after["data"] == before["data"]
        assert after["started"] > before["started"]
        assert len(servers_of(folder)) == 1
        assert client.end() == ""
    assert eventually(lambda: nothing_runs_in(folder))


def test_a_killed_backend_does_not_keep_others_from_connecting(folder):
    with Client(folder) as client:
        client.connect()
        (server,) = servers_of(folder)
        (backend,) = backends_of(server)
        os.kill(backend, signal.SIGKILL)  # the server now restarts all its processes
        assert "started" in client.connect()


def test_backends_that_outlive_a_killed_server_are_waited_for(folder):
    with Client(folder) as client:
        before = client.connect()
        (server,) = servers_of(folder)
        (backend,) = backends_of(server)
        # It cannot notice that its server has gone, and keeps the shared memory.
        os.kill(backend, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
        with Client(folder) as other:
            other.ask()
            log = folder / "server.log"
            assert eventually(lambda: "pre-existing shared memory block" in log.read_text())
            os.kill(backend, signal.SIGCONT)
            assert other.answer()["started"] > before["started"]


def test_a_killed_supervisor_takes_the_server_with_it(folder):
    with Client(folder) as client:
        before = client.connect()
        os.kill(supervisors_of(folder)[0], signal.SIGKILL)
        if sys.platform == "linux":
            assert eventually(lambda: not servers_of(folder))
        assert client.connect()["started"] > before["started"]
        assert len(servers_of(folder)) == len(supervisors_of(folder)) == 1
    assert eventually(lambda: nothing_runs_in(folder))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the supervisor's threads in /proc")
def test_who_comes_while_the_supervisor_is_about_to_stop_the_server_keeps_it(folder):
    with Client(folder) as first, Client(folder) as second:
        before = first.connect()
        threads = Path(f"/proc/{supervisors_of(folder)[0]}/task")
        assert len(list(threads.iterdir())) == 3
        with locks.exclusive(folder / "start", within=10):
            first.kill()
            # The thread that waits for the last user has ended; the supervisor now waits for the lock held here.
            assert eventually(lambda: len(list(threads.iterdir())) == 2)
            use = locks.open_lock_file(folder / "use")
            assert locks.try_lock(use, shared=True)
        assert eventually(lambda: len(list(threads.iterdir())) == 3)
        assert second.connect()["started"] == before["started"]
        os.close(use)
    assert eventually(lambda: nothing_runs_in(folder))


def test_all_killed_at_once_is_a_start_like_any_other(folder):
    with Client(folder) as client:
        before = client.connect()
        for pid in (*supervisors_of(folder), *servers_of(folder), client.process.pid):
            os.kill(pid, signal.SIGKILL)
    with Client(folder) as client:
        assert client.connect()["started"] > before["started"]
        assert not Path(before["socket"]).exists()


def test_a_stale_pid_file_that_names_another_process_costs_that_process_nothing(folder):
    with Client(folder) as client:
        client.connect()
        stale = (folder / "data" / "postmaster.pid").read_text().splitlines()
        client.end()
    assert eventually(lambda: nothing_runs_in(folder))
    # Under the server's own account, where PostgreSQL itself would take it for a running server, in the data folder,
    # and of the server's name.
    account = accounts.for_server(folder / "data")
    bystander = subprocess.Popen(
        ["postgres", "-c", "read line; exit 7"],
        executable="/bin/sh",
        cwd=folder / "data",
        stdin=subprocess.PIPE,
        user=account.uid if account else None,
    )
    try:
        (folder / "data" / "postmaster.pid").write_text("\n".join([str(bystander.pid), *stale[1:]]) + "\n")
        with Client(folder) as client:
            assert "started" in client.connect()
            assert client.end() == ""
        assert eventually(lambda: nothing_runs_in(folder))
        assert bystander.poll() is None
    finally:
        bystander.communicate(b"go\n")
    assert bystander.returncode == 7


def test_no_process_but_the_server_of_the_folder_passes_for_it(folder):
    with Client(folder) as client, Client(folder.with_name("other")) as other:
        client.connect()
        other.connect()
        (server,), (stranger,) = servers_of(folder), servers_of(folder.with_name("other"))
        data = folder / "data"
        assert postmaster.is_postmaster_of(server, data)
        assert not postmaster.is_postmaster_of(stranger, data)
        assert not postmaster.is_postmaster_of(os.getpid(), data)
        backends = backends_of(server)
        assert backends
        assert not any(postmaster.is_postmaster_of(pid, data) for pid in backends)
