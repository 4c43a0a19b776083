"""What concerns every test. The settings stand in tests/settings.py."""

import pytest
from hypothesis import HealthCheck, settings

from tests import chromium

# How fast a machine makes up examples is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the browser tests where there is no browser."""
    if chromium.find():
        return
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=in_browser)


def pytest_terminal_summary(terminalreporter) -> None:
    if not chromium.find():
        terminalreporter.write_line("No Chromium found: the browser tests were left out (set CHROMIUM, or install it).")
