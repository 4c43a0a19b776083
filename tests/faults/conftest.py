"""What concerns the tests that start, kill and damage processes."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from tests.faults.processes import eventually, nothing_runs_in, processes_naming


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
