"""gunicorn inside this process, configured for the site."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

from ipsc.embedded.base import leave_clusters

from .environment import in_brackets
from .sender import Sender

WORKERS = 2


class Site(BaseApplication):
    """The site on one address; ``ready`` is called once, when all workers can answer."""

    def __init__(self, host: str, port: int, ready: Callable[[], None], sender: Sender) -> None:
        # Shared by the workers. One that is still starting would not end in time when told to at that moment.
        self._started = multiprocessing.Value("i", 0)
        self._ready = ready
        self.options = {
            "bind": f"{in_brackets(host)}:{port}",
            "workers": WORKERS,
            "threads": 8,
            "worker_class": "gthread",
            "timeout": 60,
            # Pages take a moment, so does the end: nobody waits long for Ctrl-C.
            "graceful_timeout": 6,
            "logger_class": "ipsc.logs.Gunicorn",
            "loglevel": "error",  # a worker that Ctrl-C reached first is no warning
            "control_socket_disable": True,
            "post_worker_init": self._note_start,
            # In the parent, after its workers: an embedded server without other users ends before the prompt is back.
            "on_exit": lambda arbiter: self._end(sender),
        }
        super().__init__()

    def _note_start(self, _worker: Any) -> None:
        with self._started.get_lock():
            self._started.value += 1
            is_last = self._started.value == WORKERS
        if is_last:
            self._ready()

    @staticmethod
    def _end(sender: Sender) -> None:
        sender.stop()
        leave_clusters()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Only now: in the worker, with the settings made.
        from ipsc.wsgi import application

        return application


def serve(host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; does not return but ends the process."""
    connections.close_all()
    sender = Sender()
    sender.start()
    Site(host, port, ready, sender).run()
