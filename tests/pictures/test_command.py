"""The command refuses what it cannot do, and its demonstration knows of no other site."""

import subprocess
import sys

import pytest

from tests import chromium
from tests.pictures import __main__ as command
from tests.pictures import demonstration


def test_it_refuses_a_part_that_it_does_not_know(capsys):
    assert command.main(["drawing"]) == 2
    assert "There are: drawings, screenshots." in capsys.readouterr().err


def test_it_says_what_is_missing_where_there_is_no_browser(monkeypatch, capsys):
    monkeypatch.setattr(chromium, "find", lambda: None)
    assert command.main([]) == 1
    assert "set CHROMIUM" in capsys.readouterr().err


def test_the_demonstration_never_opens_the_database_of_another_site(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "IPSC_VAR_DIR", "IPSC_MODE", "SECRET_KEY", "ALLOWED_HOSTS", "PORT"):
        monkeypatch.setenv(name, "of another site")
    found = demonstration.environment_for(tmp_path, 8123)
    assert "of another site" not in found.values()
    assert found["IPSC_VAR_DIR"].startswith(str(tmp_path))


def test_it_tells_why_the_site_did_not_start(tmp_path):
    log = tmp_path / "log"
    log.write_text("the port is taken")
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])
    process.wait()
    with pytest.raises(demonstration.DidNotStart, match="the port is taken"):
        demonstration.wait_for("http://127.0.0.1:1/", process, log)
