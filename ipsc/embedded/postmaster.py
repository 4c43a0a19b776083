"""Reading postmaster.pid, and proving that a process is the server of a data folder before it is signalled."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .locks import wait_until


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid says. It may be stale: after a crash the file stays, and its pid may be anybody's."""

    pid: int
    port: int
    socket_folder: Path
    ready: bool


def read(data: Path) -> Postmaster | None:
    """Return what the data folder's postmaster.pid says, or None while there is none or it is half written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(
            pid=int(lines[0]), port=int(lines[3]), socket_folder=Path(lines[4]), ready=lines[7].strip() == "ready"
        )
    except (OSError, ValueError, IndexError):
        return None


def read_pid(data: Path) -> int | None:
    """Return the pid in the first line of postmaster.pid, however little else the file holds."""
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def is_postmaster_of(pid: int, data: Path) -> bool:
    """Return whether the process ``pid`` is the PostgreSQL server of this data folder, and no other process.

    A backend has the same working folder, but not the server's command line.
    """
    process = Path("/proc") / str(pid)
    if Path("/proc/self/cwd").exists():
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            return (
                os.path.basename(arguments[0]) == b"postgres"
                and b"-D" in arguments
                and os.path.samefile(process / "cwd", data)
            )
        except OSError:
            # No such process, or one of another user: not ours to touch.
            return False
    # Systems without /proc: fixed arguments, and the pid is a number.
    listed = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603
    return "postgres" in listed.stdout and f"-D {data}" in listed.stdout


def stop(data: Path, *, within: float) -> None:
    """Stop the server that postmaster.pid names, if that process is one, and wait until it has ended.

    :raises TimeoutError: it is still there after ``within`` seconds.
    """
    pid = read_pid(data)
    if pid is None or not _signal_if_postmaster(pid, data):
        return
    if not wait_until(lambda: not is_postmaster_of(pid, data), within=within):
        raise TimeoutError(f"the server with process id {pid} did not stop within {within:.0f} seconds")


def _signal_if_postmaster(pid: int, data: Path) -> bool:
    """Send the signal for a fast shutdown; return whether the process was the server and got it."""
    if not hasattr(os, "pidfd_open"):
        if is_postmaster_of(pid, data):
            os.kill(pid, signal.SIGINT)
            return True
        return False
    try:
        # The descriptor first, then the proof: should the pid pass to another process in between, nothing is hit.
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if not is_postmaster_of(pid, data):
            return False
        signal.pidfd_send_signal(handle, signal.SIGINT)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True
