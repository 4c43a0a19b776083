"""The storm of `make storm`, a small one: visits booked, moved and cancelled while all that sends is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", ["1"])
def test_a_small_storm_loses_nothing_and_tells_nothing_untrue(seed):
    command = [sys.executable, "-m", "tests.faults.storm", "--visits", "80", "--seed", seed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok   ") == 6
    assert "FAIL" not in done.stdout
