"""The embedded server under what really happens: many at once, odd paths, kills, stale files, root and not."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ipsc.embedded import accounts, postmaster
from tests.faults.processes import (
    Client,
    eventually,
    nothing_runs_in,
    ordinary_account,
    processes_naming,
    python_for_everybody,
    servers_of,
    supervisors_of,
)

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def folder():
    """A folder for a cluster, open to all accounts; whatever a test leaves running in it is ended after."""
    # Not tmp_path: pytest closes it to everybody else, and that is a case of its own below.
    base = Path(tempfile.mkdtemp(prefix="ipsc test "))
    base.chmod(0o755)
    yield base / "postgres"
    if not eventually(lambda: nothing_runs_in(base), within=10):
        for pid in processes_naming(str(base)):
            os.kill(pid, signal.SIGKILL)
    location = base / "postgres" / "location"
    if location.exists():
        shutil.rmtree(location.read_text().strip())
    shutil.rmtree(base)


def test_six_processes_at_first_start_share_one_server_and_leave_none(folder):
    clients = [Client(folder) for _ in range(6)]
    for client in clients:
        client.ask()
    answers = [client.answer() for client in clients]

    assert len({answer["started"] for answer in answers}) == 1, answers
    assert len(servers_of(folder)) == len(supervisors_of(folder)) == 1

    for client in clients[:-1]:
        assert client.end() == ""
    assert clients[-1].connect() == answers[-1], "the server stopped while it had a user"
    assert clients[-1].end() == ""
    assert eventually(lambda: nothing_runs_in(folder))
    assert not Path(answers[0]["socket"]).exists()


@pytest.mark.parametrize(
    "name", ["with a space", "quotes ' \" and $HOME `id` \\", "दर्द", "long/" + "/".join(["x" * 60] * 5)]
)
def test_it_starts_in_a_folder_of_any_name(folder, name):
    with Client(folder / name) as client:
        assert client.connect()["data"] == f"{(folder / name).resolve()}/data"
        assert client.end() == ""
    assert eventually(lambda: nothing_runs_in(folder))


def test_it_starts_with_an_empty_environment(folder):
    # No XDG_RUNTIME_DIR, HOME, PATH or LANG. Every client here runs with warnings as errors.
    with Client(folder, environment={}) as client:
        assert "started" in client.connect()
        assert client.end() == ""


def test_it_does_not_heed_the_variables_of_another_postgresql(folder):
    strange = {"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGUSER": "x", "PGDATA": "/nowhere", "PGDATABASE": "x"}
    with Client(folder, environment=os.environ | strange) as client:
        assert "started" in client.connect()


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
        children = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(server)], capture_output=True, text=True)
        (backend,) = (int(line.split()[0]) for line in children.stdout.splitlines() if "postgres: ipsc" in line)
        os.kill(backend, signal.SIGKILL)  # the server now restarts all its processes
        assert "started" in client.connect()


def test_a_killed_supervisor_takes_the_server_with_it(folder):
    with Client(folder) as client:
        before = client.connect()
        os.kill(supervisors_of(folder)[0], signal.SIGKILL)
        assert client.connect()["started"] > before["started"]
        assert len(servers_of(folder)) == len(supervisors_of(folder)) == 1
    assert eventually(lambda: nothing_runs_in(folder))


def test_all_killed_at_once_is_a_start_like_any_other(folder):
    with Client(folder) as client:
        before = client.connect()
        for pid in (*supervisors_of(folder), *servers_of(folder), client.process.pid):
            os.kill(pid, signal.SIGKILL)
    with Client(folder) as client:
        assert client.connect()["started"] > before["started"]


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


def test_a_socket_that_was_cleaned_away_is_replaced(folder):
    with Client(folder) as client:
        before = client.connect()
        shutil.rmtree(before["socket"])
        assert client.connect()["started"] > before["started"]
        assert len(servers_of(folder)) == 1


def test_a_socket_folder_that_others_can_enter_is_not_used(folder):
    with Client(folder) as client:
        before = client.connect()
        Path(before["socket"]).chmod(0o777)
        after = client.connect()
        assert after["socket"] != before["socket"]


def test_a_deleted_folder_begins_anew(folder):
    with Client(folder) as client:
        before = client.connect()
        shutil.rmtree(folder)
        after = client.connect()
        assert after["started"] > before["started"]
        with Client(folder) as other:
            assert other.connect()["started"] == after["started"]
    assert eventually(lambda: nothing_runs_in(folder), within=90)


def test_an_interrupted_first_start_is_begun_again(folder):
    (folder / "data-unfinished" / "base").mkdir(parents=True)
    (folder / "data-unfinished" / "PG_VERSION").write_text("18\n")
    with Client(folder) as client:
        assert "started" in client.connect()
    assert not (folder / "data-unfinished").exists()


def test_data_of_another_version_are_refused_in_words(folder):
    with Client(folder) as client:
        client.connect()
        client.end()
    assert eventually(lambda: nothing_runs_in(folder))
    (folder / "data" / "PG_VERSION").write_text("17\n")
    with Client(folder) as client:
        assert "was made by PostgreSQL 17, and PostgreSQL 18 is installed" in client.connect()["problem"]


def test_a_server_that_does_not_start_says_why(folder):
    with Client(folder) as client:
        client.connect()
        client.end()
    assert eventually(lambda: nothing_runs_in(folder))
    (folder / "data" / "postgresql.conf").write_text("nonsense = 1\n")
    with Client(folder) as client:
        problem = client.connect()["problem"]
        assert problem.startswith("EmbeddedServerError")
        assert 'unrecognized configuration parameter "nonsense"' in problem


def test_a_folder_that_cannot_be_made_is_refused_in_words(folder):
    folder.write_text("a file in the way")
    with Client(folder) as client:
        problem = client.connect()["problem"]
        assert problem.startswith("ImproperlyConfigured: the embedded database cannot use")
        assert "IPSC_VAR_DIR" in problem
    folder.unlink()


@as_root_only
def test_an_ordinary_user_runs_the_server_itself(folder):
    account, python = ordinary_account(), python_for_everybody()
    if not python:
        pytest.skip("there is no Python here that an ordinary user can run")
    os.chown(folder.parent, account.uid, account.gid)
    with Client(folder, uid=account.uid) as client, Client(folder, uid=account.uid) as other:
        answer = client.connect()
        assert answer["started"] == other.connect()["started"]
        assert (folder / "data").stat().st_uid == account.uid
        assert folder.stat().st_mode & 0o077 == 0
        assert client.end() == other.end() == ""
    assert eventually(lambda: nothing_runs_in(folder))
    # Root comes later, to the same data: it runs the server under the account that owns them.
    with Client(folder) as root:
        assert root.connect()["data"] == answer["data"]
        assert (folder / "data").stat().st_uid == account.uid
        with Client(folder, uid=account.uid) as client:
            assert "started" in client.connect()


@as_root_only
def test_an_ordinary_user_is_told_that_a_folder_is_not_its_own(folder):
    if not python_for_everybody():
        pytest.skip("there is no Python here that an ordinary user can run")
    with Client(folder) as root:
        root.connect()
        with Client(folder, uid=ordinary_account().uid) as client:
            assert "Permission denied. Make the folder writable" in client.connect()["problem"]


@as_root_only
def test_root_keeps_data_apart_where_the_servers_account_cannot_go(folder):
    folder.parent.chmod(0o700)
    with Client(folder) as client:
        before = client.connect()
        assert before["data"].startswith("/var/lib/ipsc/")
        assert before["data"] in (folder / "README").read_text()
        client.end()
    assert eventually(lambda: not processes_naming(before["data"]))
    with Client(folder) as client:
        assert client.connect()["data"] == before["data"]
    # A copy of the folder must not open the data of the original.
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    with Client(copy) as client:
        assert "was moved or copied" in client.connect()["problem"]


def test_no_process_but_the_server_of_the_folder_passes_for_it(folder):
    with Client(folder) as client, Client(folder.with_name("other")) as other:
        client.connect()
        other.connect()
        (server,), (stranger,) = servers_of(folder), servers_of(folder.with_name("other"))
        data = folder / "data"
        assert postmaster.is_postmaster_of(server, data)
        assert not postmaster.is_postmaster_of(stranger, data)
        assert not postmaster.is_postmaster_of(os.getpid(), data)
        backends = [pid for pid in processes_naming("postgres: ") if Path(f"/proc/{pid}/cwd").resolve() == data]
        assert not any(postmaster.is_postmaster_of(pid, data) for pid in backends)


def test_production_without_a_database_is_refused_in_one_line():
    environment = {"IPSC_MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "clinic.example"}
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=Path(__file__).parent.parent.parent,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("IPSC cannot start: set DATABASE_URL")
    assert refused.stderr.count("\n") == 1
