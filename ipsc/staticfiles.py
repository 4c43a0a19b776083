"""Static files that come out of an installed package instead of this tree."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from bootstrap_wrapper import get_bootstrap_css_dir
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

PREFIX = "bootstrap"
# The style sheet, and the map that its last line names: storage with a manifest refuses the one without the other.
FILES = ("bootstrap.min.css", "bootstrap.min.css.map")


class PackageStorage(FileSystemStorage):
    """The package's folder; collectstatic puts `prefix` before the names of its files."""

    prefix = PREFIX


class BootstrapFinder(BaseFinder):
    """Bootstrap's one style sheet as ``bootstrap/bootstrap.min.css``; the rest of the package stays where it is."""

    def __init__(self, *args, **options) -> None:
        self.storage = PackageStorage(location=get_bootstrap_css_dir())
        super().__init__(*args, **options)

    def check(self, **options):
        """Nothing here can be configured wrongly."""
        return []

    def find(self, path, find_all=False, **options):
        """The file behind a static path; an empty list for any other path. Django 5.2 asks for all in two ways."""
        wanted = PurePosixPath(path.replace("\\", "/"))
        found = [self.storage.path(name) for name in FILES if wanted == PurePosixPath(PREFIX, name)]
        return found if find_all or options.get("all") or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageStorage]]:
        """What collectstatic collects."""
        for name in FILES:
            if not matches_patterns(name, ignore_patterns or []):
                yield name, self.storage
