"""Bootstrap's style sheet, out of its package."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from ipsc.staticfiles import BootstrapFinder

STYLES = "bootstrap/bootstrap.min.css"


def test_it_finds_the_style_sheet_and_its_map():
    for path in (STYLES, f"{STYLES}.map"):
        assert Path(finders.find(path)).is_file()
    assert Path(finders.find(STYLES)).read_text().rstrip().endswith("/*# sourceMappingURL=bootstrap.min.css.map */")


def test_it_answers_both_ways_of_asking():
    finder = BootstrapFinder()
    assert finder.find(STYLES, find_all=True) == [finder.find(STYLES)]
    assert finder.find("bootstrap/none.css", find_all=True) == []


@pytest.mark.parametrize(
    "path",
    [
        "bootstrap/css/bootstrap.css",
        "bootstrap/bootstrap.bundle.min.js",
        "bootstrap.min.css",
        "bootstrap/../bootstrap.min.css",
        "bootstrap/../../bootstrap/__init__.py",
        "",
    ],
)
def test_it_serves_nothing_else_of_the_package(path):
    assert not BootstrapFinder().find(path)


def test_it_is_collected_with_nothing_else_of_the_package(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert sorted(path.name for path in (tmp_path / "bootstrap").rglob("*")) == [
        "bootstrap.min.css",
        "bootstrap.min.css.map",
    ]


def test_it_leaves_out_what_collectstatic_is_told_to_ignore():
    assert [name for name, _storage in BootstrapFinder().list(["*.map"])] == ["bootstrap.min.css"]
