"""The database engine from the inside: connections, forks, locks, places and accounts."""

import os
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

from ipsc.embedded import accounts, binaries, locks, places, postmaster, server
from ipsc.embedded.accounts import Account
from ipsc.embedded.base import DatabaseWrapper
from ipsc.embedded.client import DatabaseClient
from ipsc.embedded.cluster import Cluster
from ipsc.embedded.places import Place

STRANGER = Account("stranger", os.geteuid() + 4000, os.getegid() + 4000)

needs_the_embedded_server = pytest.mark.skipif(
    connections.settings["default"]["ENGINE"] != "ipsc.embedded", reason="DATABASE_URL names another database"
)


@pytest.fixture
def engine(db):
    """A second connection to the test database."""
    made = DatabaseWrapper({**connection.settings_dict}, "default")
    yield made
    made.close()


def ask(wrapper, sql):
    with wrapper.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@needs_the_embedded_server
class TestConnecting:
    def test_it_reaches_a_server_of_its_own_without_tcp(self, engine):
        assert ask(engine, "SHOW listen_addresses") == ""
        assert ask(engine, "SHOW max_connections") == "300"
        assert ask(engine, "SHOW server_encoding") == "UTF8"
        assert ask(engine, "SHOW lc_messages") == "C.UTF-8"
        socket = Path(ask(engine, "SHOW unix_socket_directories").strip('"'))
        assert socket.stat().st_mode & 0o077 == 0

    def test_it_runs_the_tests_without_fsync(self, engine):
        assert ask(engine, "SHOW fsync") == "off"

    def test_it_has_the_extensions_that_the_site_uses(self, engine):
        names = ("btree_gist", "pg_trgm", "unaccent")
        assert ask(engine, f"SELECT count(*) FROM pg_available_extensions WHERE name IN {names}") == 3

    def test_it_connects_without_a_database_name(self, engine):
        with engine._nodb_cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone() == ("postgres",)

    def test_it_makes_a_database_that_is_missing(self, engine):
        missing = DatabaseWrapper({**engine.settings_dict, "NAME": f'odd "name" {os.getpid()}'}, "default")
        try:
            assert ask(missing, "SELECT current_database()") == f'odd "name" {os.getpid()}'
        finally:
            missing.close()
            with engine._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "odd ""name"" {os.getpid()}"')

    def test_it_asks_for_the_folder(self, engine):
        nowhere = {name: value for name, value in engine.settings_dict.items() if name != "EMBEDDED_DIR"}
        with pytest.raises(ImproperlyConfigured, match="EMBEDDED_DIR"):
            DatabaseWrapper(nowhere, "default").connect()

    def test_a_forked_child_gets_a_connection_of_its_own(self, db):
        parents = ask(connection, "SELECT pg_backend_pid()")
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            try:
                os.write(writer, str(ask(connection, "SELECT pg_backend_pid()")).encode())
            finally:
                os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        with os.fdopen(reader) as told:
            childs = int(told.read())
        assert childs != parents
        # Nor has the child's end closed the parent's.
        assert ask(connection, "SELECT pg_backend_pid()") == parents

    def test_dbshell_runs_the_psql_of_the_same_version(self, db):
        connection.ensure_connection()
        arguments, _ = DatabaseClient.settings_to_cmd_args_env(
            connection.settings_dict, ["-Atc", "SELECT current_database(), current_user"]
        )
        assert Path(arguments[0]) == binaries.program("psql")
        said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
        assert said == f"{connection.settings_dict['NAME']}|{server.SUPERUSER}\n"


class TestLocks:
    def test_an_exclusive_lock_is_waited_for_and_not_for_ever(self, tmp_path):
        path = tmp_path / "lock"
        with locks.exclusive(path, within=1), pytest.raises(TimeoutError), locks.exclusive(path, within=0.1):
            pass
        with locks.exclusive(tmp_path / "lock", within=0):
            pass

    def test_an_error_inside_gives_the_lock_back(self, tmp_path):
        with pytest.raises(ZeroDivisionError), locks.exclusive(tmp_path / "lock", within=0):
            1 / 0  # noqa: B018
        assert not locks.is_locked(tmp_path / "lock")

    def test_a_child_forked_inside_does_not_keep_the_lock(self, tmp_path):
        reader, writer = os.pipe()
        with locks.exclusive(tmp_path / "lock", within=0):
            if (child := os.fork()) == 0:
                os.close(writer)
                os.read(reader, 1)
                os._exit(0)
        try:
            assert not locks.is_locked(tmp_path / "lock")
        finally:
            os.close(writer)
            os.waitpid(child, 0)
            os.close(reader)

    def test_threads_that_start_at_once_take_turns(self, tmp_path):
        inside, seen = [], []

        def enter() -> None:
            with locks.exclusive(tmp_path / "lock", within=10):
                inside.append(1)
                seen.append(len(inside))
                inside.pop()

        threads = [threading.Thread(target=enter) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [1] * 8


class TestPlaces:
    def place(self, folder: Path) -> Place:
        return Place(folder, folder / "data", binaries.installed(), None)

    @pytest.fixture
    def runtime(self, tmp_path, monkeypatch):
        """A private folder as XDG_RUNTIME_DIR, for a user who is not root."""
        runtime = Path(tempfile.mkdtemp())  # tmp_path is too long for a socket
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        monkeypatch.setattr(places.os, "geteuid", lambda: os.stat(runtime).st_uid or 1)
        monkeypatch.setattr(places, "is_private", lambda folder, owner: folder.stat().st_mode & 0o077 == 0)
        yield runtime
        runtime.rmdir()

    def test_the_socket_lies_in_the_users_runtime_folder(self, tmp_path, runtime):
        folder = places.make_socket_folder(self.place(tmp_path))
        assert folder.parent == runtime
        assert folder.stat().st_mode & 0o777 == 0o700
        folder.rmdir()

    def test_a_runtime_folder_that_others_can_enter_is_not_used(self, tmp_path, runtime):
        runtime.chmod(0o755)
        folder = places.make_socket_folder(self.place(tmp_path))
        assert folder.parent != runtime
        folder.rmdir()

    def test_a_folder_too_long_for_a_socket_is_not_used(self, tmp_path, monkeypatch):
        long = tmp_path / ("x" * 90)
        long.mkdir()
        monkeypatch.setattr(places.tempfile, "gettempdir", lambda: str(long))
        folder = places.make_socket_folder(self.place(tmp_path))
        assert len(str(folder / ".s.PGSQL.5432")) <= places.LONGEST_SOCKET_PATH
        folder.rmdir()

    def test_a_folder_that_the_servers_account_cannot_enter_is_not_used(self, tmp_path, monkeypatch):
        monkeypatch.setattr(places, "_socket_bases", lambda: [tmp_path])
        place = Place(tmp_path, tmp_path / "data", binaries.installed(), STRANGER)
        tmp_path.chmod(0o700)
        with pytest.raises(ImproperlyConfigured, match="set TMPDIR"):
            places.make_socket_folder(place)

    def test_it_says_so_when_no_folder_will_do(self, tmp_path, monkeypatch):
        monkeypatch.setattr(places, "_socket_bases", lambda: [tmp_path / ("x" * 90), tmp_path / "missing"])
        with pytest.raises(ImproperlyConfigured, match="set TMPDIR"):
            places.make_socket_folder(self.place(tmp_path))

    @pytest.mark.parametrize("case", ["missing", "a file", "a link", "open", "somebody else's"])
    def test_only_a_real_private_folder_of_ours_is_private(self, tmp_path, case):
        folder, owner = tmp_path / "folder", os.geteuid()
        match case:
            case "a file":
                folder.touch(mode=0o600)
            case "a link":
                (tmp_path / "real").mkdir(mode=0o700)
                folder.symlink_to(tmp_path / "real")
            case "open":
                folder.mkdir()
                folder.chmod(0o710)
            case "somebody else's":
                folder.mkdir(mode=0o700)
                owner += 1
        assert not places.is_private(folder, owner)

    def test_a_private_folder_is(self, tmp_path):
        (tmp_path / "folder").mkdir(mode=0o700)
        assert places.is_private(tmp_path / "folder", os.geteuid())


class TestAccounts:
    @pytest.fixture
    def tree(self, tmp_path):
        """A file in two folders, as somebody sees it for whom all above is open."""
        (tmp_path / "outer" / "inner").mkdir(parents=True)
        file = tmp_path / "outer" / "inner" / "program"
        file.touch()
        file.chmod(0o755)
        return file

    @pytest.fixture(autouse=True)
    def open_above(self, tmp_path, monkeypatch):
        real = accounts._allows
        monkeypatch.setattr(
            accounts, "_allows", lambda who, path, wanted: path in tmp_path.parents or real(who, path, wanted)
        )
        tmp_path.chmod(0o755)

    def test_a_stranger_reaches_what_is_open_all_the_way(self, tree):
        assert accounts.may_reach(STRANGER, tree)

    @pytest.mark.parametrize(("part", "mode"), [(0, 0o700), (1, 0o750), (2, 0o700), (2, 0o744), (2, 0o711)])
    def test_one_closed_door_is_enough(self, tree, part, mode):
        (tree.parent.parent, tree.parent, tree)[part].chmod(mode)
        assert not accounts.may_reach(STRANGER, tree)

    def test_owner_and_group_count_with_their_own_rights(self, tree):
        found = tree.stat()
        tree.chmod(0o570)
        assert accounts.may_reach(Account("owner", found.st_uid, -1), tree)
        assert accounts.may_reach(Account("group", -1, found.st_gid), tree)
        tree.chmod(0o077)
        assert not accounts.may_reach(Account("owner", found.st_uid, -1), tree)

    def test_root_runs_the_server_under_an_account_that_the_system_has(self, tmp_path, monkeypatch):
        monkeypatch.setattr(accounts.os, "geteuid", lambda: 0)
        account = accounts.for_server(tmp_path / "missing")
        assert account.uid != 0
        assert account.name in {entry.pw_name for entry in accounts.pwd.getpwall()}

    def test_root_without_another_account_is_told(self, tmp_path, monkeypatch):
        monkeypatch.setattr(accounts.os, "geteuid", lambda: 0)
        monkeypatch.setattr(accounts.pwd, "getpwall", list)
        with pytest.raises(ImproperlyConfigured, match="refuses to run as root"):
            accounts.for_server(tmp_path / "missing")

    def test_a_user_without_a_name_is_told(self, tmp_path, monkeypatch):
        monkeypatch.setattr(accounts.os, "geteuid", lambda: 54321)
        with pytest.raises(ImproperlyConfigured, match="user id 54321 has none"):
            accounts.for_server(tmp_path / "missing")


class TestPostmasterFile:
    def test_it_reads_what_postgresql_writes(self, tmp_path):
        (tmp_path / "postmaster.pid").write_text("42\n/data\n1700000000\n5432\n/tmp/s\n\n  12 34\nready   \n")
        assert postmaster.read(tmp_path) == postmaster.Postmaster(42, 5432, Path("/tmp/s"), True)

    @pytest.mark.parametrize("text", [None, "", "42\n", "x\n/data\n1\n5432\n/tmp/s\n\n1 2\nready\n"])
    def test_half_a_file_is_no_server(self, tmp_path, text):
        if text is not None:
            (tmp_path / "postmaster.pid").write_text(text)
        assert postmaster.read(tmp_path) is None

    @pytest.mark.parametrize("pid", ["0", "1", "-1", "our own", "nonsense", "999999999"])
    def test_stopping_hits_no_process_that_is_no_server(self, tmp_path, pid):
        (tmp_path / "postmaster.pid").write_text(f"{os.getpid() if pid == 'our own' else pid}\n")
        postmaster.stop(tmp_path, within=0)


def test_leaving_what_was_never_used_does_nothing(tmp_path):
    Cluster(tmp_path / "cluster").leave()
    assert list(tmp_path.iterdir()) == []
