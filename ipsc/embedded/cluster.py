"""Starting or joining the server of a folder.

Three lock files, always taken in this order:

``start``       exclusive, for the moment in which a process starts, joins or stops the server
``use``         shared, by every process that uses the server, until that process ends
``supervisor``  exclusive, by the supervisor, as long as it has a server
"""

import os
import threading
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from . import places, postmaster, server
from .locks import exclusive, is_locked, open_lock_file, try_lock, wait_until
from .postmaster import Postmaster
from .server import START_SECONDS, EmbeddedServerError

# Longer than a start: whoever waits may wait for a stop, an initdb and a start of others.
LOCK_SECONDS = 3 * START_SECONDS
LEAVE_SECONDS = 0.1


class Cluster:
    """The server of one folder, as this process sees it.

    ``fsync=False`` is for tests: a crash of the machine may cost the data, a crash of the server does not. It counts
    for the process that starts the server.
    """

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.folder = folder.resolve()
        self.fsync = fsync
        self._use: int | None = None
        self._thread_lock = threading.Lock()

    def ensure(self) -> Postmaster:
        """Start the server or join it; return where it answers. Cheap when it runs: asked before each connection.

        :raises ImproperlyConfigured: the folder, the account or the binaries cannot serve.
        :raises EmbeddedServerError: the server does not start.
        """
        with self._thread_lock:
            try:
                places.prepare(self.folder)
                with exclusive(self.folder / "start", within=LOCK_SECONDS):
                    self._mark_use()
                    return self._join_or_start()
            except TimeoutError as problem:
                raise EmbeddedServerError(f"the embedded database is not available: {problem}.") from problem
            except OSError as problem:
                raise ImproperlyConfigured(
                    f"the embedded database cannot use {problem.filename or self.folder}: {problem.strerror}. "
                    "Make the folder writable, set IPSC_VAR_DIR to another one, or set DATABASE_URL."
                ) from problem

    def leave(self) -> None:
        """Give up the use of the server; if this was the last, stop it now and return when it has ended.

        :raises TimeoutError: it does not end within 60 seconds.
        """
        with self._thread_lock:
            if self._use is None:
                return
            with exclusive(self.folder / "start", within=LOCK_SECONDS):
                os.close(self._use)
                self._use = None
                # Looked at more than once: the supervisor, woken by our going, has the lock for an instant.
                if not wait_until(lambda: not is_locked(self.folder / "use"), within=LEAVE_SECONDS):
                    return
                postmaster.stop(places.find(self.folder).data, within=START_SECONDS)
                wait_until(lambda: not self._is_supervised(), within=START_SECONDS)

    def after_fork(self) -> None:
        """Make this object usable in a forked child: the use is inherited, a thread lock may be held by nobody."""
        self._thread_lock = threading.Lock()

    def _mark_use(self) -> None:
        """Take the shared lock that keeps the server running, unless this process has it."""
        descriptor = open_lock_file(self.folder / "use")
        if self._use is not None and _same_file(self._use, descriptor):
            os.close(descriptor)
            return
        # A first use; or the folder was deleted and made anew; or somebody closed our descriptor, whose number may be
        # another file's by now and is therefore left alone.
        if not wait_until(lambda: try_lock(descriptor, shared=True), within=START_SECONDS):
            os.close(descriptor)
            raise TimeoutError(f"{self.folder / 'use'} stayed locked")
        self._use = descriptor

    def _join_or_start(self) -> Postmaster:
        place = places.find(self.folder)
        if self._is_supervised():
            if running := server.running(place):
                return running
            # It runs and cannot be reached (its socket was cleaned away), or it is just ending.
            postmaster.stop(place.data, within=START_SECONDS)
            if not wait_until(lambda: not self._is_supervised(), within=START_SECONDS):
                raise TimeoutError("its supervisor does not answer; is the folder in use by another container?")
        # A server whose supervisor was killed is stopped; anybody else's process is left alone.
        postmaster.stop(place.data, within=START_SECONDS)
        if left := postmaster.read(place.data):
            places.remove_socket_folder(left.socket_folder, place)
        # If it stayed, a file that names some other live process would keep the server from starting.
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        server.initialise(place, fsync=self.fsync)
        return server.start(place, fsync=self.fsync)

    def _is_supervised(self) -> bool:
        return is_locked(self.folder / "supervisor")


def _same_file(descriptor: int, other: int) -> bool:
    try:
        return os.path.sameopenfile(descriptor, other)
    except OSError:
        return False
