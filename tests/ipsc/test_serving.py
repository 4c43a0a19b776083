"""The steps of ``manage.py run``, one by one. The whole of it is run in tests/faults/test_run.py."""

import os
import socket
import stat
import threading
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from django.db import connection

from ipsc.roles import MANAGER
from ipsc.serving import environment, steps
from ipsc.serving.environment import CannotServe


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    """An environment with nothing set but the folder for what running makes."""
    monkeypatch.setattr(environment, "BASE_DIR", tmp_path)
    with mock.patch.dict(os.environ, {"IPSC_VAR_DIR": str(tmp_path / "var")}, clear=True):
        yield os.environ


class TestEnvironment:
    def test_it_sets_what_a_demonstration_needs(self, surroundings, tmp_path):
        environment.prepare(mode="demonstration")
        assert surroundings["IPSC_MODE"] == "demonstration"
        assert surroundings["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
        assert len((tmp_path / "var" / "secret_key").read_text()) > 50

    def test_what_is_set_stays(self, surroundings, tmp_path):
        given = {"IPSC_MODE": "development", "SECRET_KEY": "mine", "ALLOWED_HOSTS": "clinic.example"}
        surroundings |= given
        environment.prepare(mode="demonstration")
        assert given.items() <= surroundings.items()
        assert not (tmp_path / "var").exists()

    def test_the_file_env_is_heeded(self, surroundings, tmp_path):
        (tmp_path / ".env").write_text("IPSC_MODE=production\n")
        environment.prepare(mode="demonstration")
        assert surroundings["IPSC_MODE"] == "production"

    def test_production_gets_neither_secret_nor_hosts(self, surroundings, tmp_path):
        surroundings["IPSC_MODE"] = "production"
        environment.prepare(mode="demonstration")
        assert "ALLOWED_HOSTS" not in surroundings
        assert not (tmp_path / "var").exists()

    @pytest.mark.parametrize(
        ("host", "expected"),
        [("0.0.0.0", "*"), ("::", "*"), ("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]"), ("[::]", "*")],
    )
    def test_the_host_that_is_served_is_allowed(self, surroundings, host, expected):
        surroundings["HOST"] = host
        environment.prepare(mode="demonstration")
        assert expected in surroundings["ALLOWED_HOSTS"].split(",")

    def test_the_secret_is_made_once_for_its_owner_alone(self, tmp_path):
        threads = [threading.Thread(target=environment.keep_secret, args=[tmp_path]) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        first = (tmp_path / "secret_key").read_text()
        environment.keep_secret(tmp_path)
        assert (tmp_path / "secret_key").read_text() == first
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600

    def test_an_empty_secret_is_no_secret(self, tmp_path):
        (tmp_path / "secret_key").touch()
        environment.keep_secret(tmp_path)
        assert (tmp_path / "secret_key").read_text()

    def test_a_folder_that_cannot_be_made_is_said(self, tmp_path):
        (tmp_path / "var").touch()
        with pytest.raises(CannotServe, match="Set IPSC_VAR_DIR"):
            environment.keep_secret(tmp_path / "var")

    @pytest.mark.parametrize("port", ["0", "65536", "-1", "8000a", "८०००", "1e3"])
    def test_what_is_no_port_is_refused(self, surroundings, port):
        surroundings["PORT"] = port
        with pytest.raises(CannotServe, match="PORT is"):
            environment.address()

    def test_a_port_that_is_just_closing_is_free(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port)):
                accepted, _ = server.accept()
                accepted.close()  # the side that closes first keeps the port in TIME_WAIT
        environment.check_free("127.0.0.1", port)


class TestSteps:
    @pytest.fixture
    def said(self):
        return []

    def test_the_first_manager_is_made_once(self, db):
        password = steps.make_first_manager()
        manager = User.objects.get()
        assert manager.check_password(password)
        assert manager.is_staff
        assert not manager.is_superuser
        assert [group.name for group in manager.groups.all()] == [MANAGER]
        assert steps.make_first_manager() is None
        assert User.objects.count() == 1

    def test_a_site_with_staff_gets_no_manager(self, db):
        User.objects.create_user("someone", is_staff=True)
        assert steps.make_first_manager() is None

    def test_a_database_too_old_is_refused(self, db, said, monkeypatch):
        monkeypatch.setattr(connection, "get_database_version", lambda: (14, 9))
        with pytest.raises(CannotServe, match="PostgreSQL 14; the site needs 15"):
            steps.check_database(said.append)

    def test_a_database_without_missing_migrations_is_left_alone(self, db, said, monkeypatch):
        monkeypatch.setattr(steps, "call_command", lambda *args, **options: pytest.fail("called"))
        steps.migrate(said.append)
        assert said == ["Migrations: none missing"]

    @pytest.fixture
    def source(self, tmp_path, settings, monkeypatch):
        """One static file in the only place where static files come from."""
        (tmp_path / "source").mkdir()
        (tmp_path / "source" / "site.css").write_text("a {}")
        settings.STATIC_ROOT = tmp_path / "static"

        class Finder(BaseFinder):
            def list(self, ignore_patterns):
                yield "site.css", FileSystemStorage(tmp_path / "source")

        monkeypatch.setattr(steps, "get_finders", lambda: [Finder()])
        collected = []

        def collect(name, **options):
            collected.append(name)
            settings.STATIC_ROOT.mkdir(exist_ok=True)

        monkeypatch.setattr(steps, "call_command", collect)
        return tmp_path / "source" / "site.css", collected

    def test_static_files_are_collected_when_one_has_changed(self, source, said, settings):
        file, collected = source
        steps.collect_static(said.append)
        steps.collect_static(said.append)
        assert len(collected) == 1
        file.write_text("a {} b {}")
        steps.collect_static(said.append)
        assert len(collected) == 2
        settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "another"}}
        steps.collect_static(said.append)
        assert len(collected) == 3
        settings.STATIC_ROOT.rmdir()
        steps.collect_static(said.append)
        assert len(collected) == 4

    def test_collecting_that_failed_is_done_again(self, source, said, monkeypatch):
        def fail(*args, **options):
            raise OSError("disk full")

        steps.settings.STATIC_ROOT.mkdir()  # half of it
        with monkeypatch.context() as broken:
            broken.setattr(steps, "call_command", fail)
            with pytest.raises(OSError, match="disk full"):
                steps.collect_static(said.append)
        steps.collect_static(said.append)
        assert source[1] == ["collectstatic"]
