"""File locks that the kernel takes back when their holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.02


def wait_until(holds: Callable[[], bool], *, within: float) -> bool:
    """Look until ``holds()`` is true or ``within`` seconds have passed; return whether it became true."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def open_lock_file(path: Path) -> int:
    """Open (and make) a lock file; the descriptor is not inherited by programs that this process runs.

    :raises OSError: the folder is missing or not writable.
    """
    # Not buffered and not a Python file: an object that is never closed would warn when the process ends.
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if nobody is in the way; return whether it was taken."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Return whether some process holds the lock, by trying it."""
    descriptor = open_lock_file(path)
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path, *, within: float) -> Iterator[None]:
    """Hold the exclusive lock of a file.

    :raises TimeoutError: somebody else held it for ``within`` seconds.
    :raises OSError: the file cannot be made.
    """
    descriptor = open_lock_file(path)
    try:
        if not wait_until(lambda: try_lock(descriptor), within=within):
            raise TimeoutError(f"{path} stayed locked for {within:.0f} seconds")
        yield
    finally:
        # Said aloud, not left to close(): a child forked meanwhile has a copy that would keep the lock.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
