"""Making a data folder and starting its server. The caller holds the cluster's lock."""

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError

from . import binaries, places, postmaster, supervisor
from .locks import is_locked, open_lock_file, try_lock, wait_until
from .places import PORT, Place
from .postmaster import Postmaster

logger = logging.getLogger(__name__)

START_SECONDS = 60
SUPERUSER = "ipsc"
LARGEST_LOG = 5_000_000  # bytes
SETTINGS = {
    "listen_addresses": "",  # no TCP
    "port": str(PORT),  # only a part of the socket's name
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A refused statement holds a patient's name and complaint: the log gets the refusal without it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
UNSAFE_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedServerError(OperationalError):
    """The embedded server did not start or stop; the text says why, as far as the server said it."""


def running(place: Place) -> Postmaster | None:
    """Return where the server answers, or None if it is not ready or its socket is not there and private."""
    found = postmaster.read(place.data)
    if (
        found
        and found.ready
        and places.is_private(found.socket_folder, place.owner)
        and (found.socket_folder / f".s.PGSQL.{found.port}").exists()
    ):
        return found
    return None


def initialise(place: Place, *, fsync: bool) -> None:
    """Make the data folder, if there is none.

    :raises ImproperlyConfigured: there is one, of another version of PostgreSQL.
    :raises EmbeddedServerError: initdb failed.
    """
    if (place.data / "PG_VERSION").exists():
        made_by, ours = (place.data / "PG_VERSION").read_text().strip(), binaries.version().split(".")[0]
        if made_by != ours:
            raise ImproperlyConfigured(
                f"{place.data} was made by PostgreSQL {made_by}, and PostgreSQL {ours} is installed. Delete "
                f"{place.folder} to begin with an empty database, or dump it with the old version first."
            )
        return
    logger.info("Making the embedded database in %s", place.data)
    # Elsewhere first, then renamed: an interrupted initdb leaves nothing that looks finished.
    unfinished = place.data.with_name("data-unfinished")
    places.make_private(unfinished, place)
    command: list[str | Path] = [
        binaries.program("initdb", place.programs),
        "-D",
        unfinished,
        "-U",
        SUPERUSER,
        "--auth=trust",
    ]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", *([] if fsync else ["--no-sync"])]
    made = subprocess.run(  # noqa: S603 – our own command, no shell
        command,
        env=binaries.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=place.account.uid if place.account else None,
        group=place.account.gid if place.account else None,
        extra_groups=[] if place.account else None,
    )
    if made.returncode:
        raise EmbeddedServerError(f"the embedded database could not be made: {made.stderr.strip()}")
    unfinished.rename(place.data)


def start(place: Place, *, fsync: bool) -> Postmaster:
    """Start a supervisor, which starts the server, and wait until that is ready.

    :raises EmbeddedServerError: it is not within 60 seconds, or it ended.
    """
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.unlink()
    deadline = time.monotonic() + START_SECONDS
    lock = place.folder / "supervisor"
    while True:
        place.log.touch()
        began_at = place.log.stat().st_size
        _spawn_supervisor(place, SETTINGS if fsync else SETTINGS | UNSAFE_SETTINGS)
        wait_until(
            lambda: running(place) is not None or not is_locked(lock), within=max(0, deadline - time.monotonic())
        )
        if found := running(place):
            return found
        with place.log.open(errors="replace") as log:
            log.seek(began_at)
            said = log.read()
        # After a crash the last backends may need a moment to notice that their server has gone.
        if "pre-existing shared memory block" in said and time.monotonic() < deadline:
            continue
        why = said.strip() or f"it said nothing in {START_SECONDS} seconds"
        raise EmbeddedServerError(f"the embedded database did not start; see {place.log}: {why[-1000:]}")


def _spawn_supervisor(place: Place, settings: dict[str, str]) -> None:
    socket_folder = places.make_socket_folder(place)
    settings = settings | {"unix_socket_directories": f'"{socket_folder}"', "unix_socket_permissions": "0700"}
    lock = open_lock_file(place.folder / "supervisor")
    order = {
        "command": [
            str(binaries.program("postgres", place.programs)),
            *("-D", str(place.data)),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ],
        "environment": binaries.environment(),
        "uid": place.account and place.account.uid,
        "gid": place.account and place.account.gid,
        "start": str(place.folder / "start"),
        "use": str(place.folder / "use"),
        "socket_folder": str(socket_folder),
    }
    try:
        if not try_lock(lock):
            raise EmbeddedServerError("the embedded database has a supervisor that does not end")
        with place.log.open("ab") as log:
            # Isolated and without site-packages: neither the caller's PYTHON* variables nor -W reach it. It inherits
            # the locked descriptor, so that there is no moment without a holder.
            subprocess.run(  # noqa: S603 – our own command, no shell
                [sys.executable, "-I", "-S", Path(supervisor.__file__), json.dumps(order)],
                env=binaries.environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                check=True,
            )
    finally:
        os.close(lock)
