"""The parent of the embedded server: starts it, and stops it when nobody uses it any more.

A script of its own, run by ``cluster``; standard library only, so that it stays small. It is the server's parent in
order to reap it and to know at once when it has ended. Its argument is a JSON object:

``command`` ``environment`` ``uid`` ``gid``   the server; uid and gid null for the caller's own
``start`` ``use``                             paths of the lock files
``socket_folder``                             removed at the end

It inherits the locked descriptor of the file ``supervisor`` and keeps it: that says that there is one.
"""

import ctypes
import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import Any

FAST_SECONDS = 60
IMMEDIATE_SECONDS = 10
POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1


def main(order: dict[str, Any]) -> None:
    """Run the server until it ends, until nobody uses it, or until this process is told to end."""
    if os.fork():
        os._exit(0)  # the caller waits for this one only, so the other is nobody's child and leaves no zombie
    os.setsid()  # the terminal's Ctrl-C is not for the server
    events: queue.SimpleQueue[str] = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: events.put("told to end"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    start, use = (os.open(order[name], os.O_RDWR) for name in ("start", "use"))
    dropped = {} if order["uid"] is None else {"user": order["uid"], "group": order["gid"], "extra_groups": []}
    server = subprocess.Popen(  # noqa: S603 – the command comes from server.py
        order["command"],
        env=order["environment"],
        cwd="/",
        stdin=subprocess.DEVNULL,
        preexec_fn=end_with_parent,  # no thread runs yet
        **dropped,
    )

    def watch_server() -> None:
        server.wait()
        events.put("ended")

    def watch_use() -> None:
        fcntl.flock(use, fcntl.LOCK_EX)
        fcntl.flock(use, fcntl.LOCK_UN)
        events.put("unused")

    for watch in (watch_server, watch_use):
        threading.Thread(target=watch, daemon=True).start()

    while (event := events.get()) == "unused" and server.poll() is None:
        if try_lock(start):
            # In the order that every process keeps: the lock for starting, then the lock of use. Whoever came meanwhile
            # holds the second by now.
            if try_lock(use):
                break
            fcntl.flock(start, fcntl.LOCK_UN)
            threading.Thread(target=watch_use, daemon=True).start()
        else:
            # Somebody is starting or leaving, and may be waiting for the server to end: not waited for in turn.
            time.sleep(POLL_SECONDS)
            events.put("unused")

    if event != "ended":
        stop(server)
    shutil.rmtree(order["socket_folder"], ignore_errors=True)
    # The locks go with the process, that of starting among them: who waits for it finds the server gone.
    os._exit(0)


def try_lock(descriptor: int) -> bool:
    """Take the exclusive lock if nobody holds any; return whether it was taken."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def end_with_parent() -> None:
    """In the server's process, before it is the server: have the kernel stop it should the supervisor be killed.

    Linux only. Elsewhere such a server goes on, until the next start finds and stops it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """End the server in order; by force only if it does not end in a minute."""
    for number, seconds in ((signal.SIGINT, FAST_SECONDS), (signal.SIGQUIT, IMMEDIATE_SECONDS), (signal.SIGKILL, None)):
        server.send_signal(number)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
