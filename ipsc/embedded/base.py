"""The database engine ``ipsc.embedded``: Django's PostgreSQL backend, connected to the embedded server.

Settings: NAME, EMBEDDED_DIR (the data folder), EMBEDDED_FSYNC (True unless set) and OPTIONS as for PostgreSQL.
"""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.postgresql import base as postgresql
from psycopg2 import errors, sql

from .client import DatabaseClient
from .cluster import Cluster
from .locks import POLL_SECONDS
from .server import START_SECONDS, SUPERUSER

# What libpq says while a server starts, stops, recovers from the loss of a backend, or has just gone: worth another
# attempt, which starts it again if need be.
PASSING = (
    "starting up",
    "shutting down",
    "in recovery mode",
    "not yet accepting connections",
    "Connection refused",
    "No such file or directory",
    "Connection reset by peer",
    "server closed the connection unexpectedly",
)

_clusters: dict[Path, Cluster] = {}
_clusters_lock = threading.Lock()


def cluster_of(folder: Path, *, fsync: bool = True) -> Cluster:
    """Return this process's one object for the cluster in ``folder``; starts nothing."""
    with _clusters_lock:
        return _clusters.setdefault(folder, Cluster(folder, fsync=fsync))


def leave_clusters() -> None:
    """Give up every embedded server that this process used, and wait for one that has no other user to stop.

    For a process that is about to end anyway and wants its server to end first: the first process of a container
    takes all others with it.
    """
    for cluster in _clusters.values():
        cluster.leave()


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection to the embedded server, which is started or joined before each new one."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; make the database if the server has none of that name.

        :raises EmbeddedServerError: the server does not start (a django.db.OperationalError).
        :raises ImproperlyConfigured: its folder, account or binaries cannot serve.
        """
        deadline = time.monotonic() + START_SECONDS
        while True:
            conn_params |= self._find_server()
            try:
                return super().get_new_connection(conn_params)
            except psycopg2.OperationalError as problem:
                if f'database "{conn_params["dbname"]}" does not exist' in str(problem):
                    _make_database(conn_params)
                elif time.monotonic() > deadline or not any(words in str(problem) for words in PASSING):
                    raise
                else:
                    time.sleep(POLL_SECONDS)

    def _find_server(self) -> dict[str, str]:
        try:
            folder = Path(self.settings_dict["EMBEDDED_DIR"])
        except KeyError:
            raise ImproperlyConfigured("the database engine ipsc.embedded needs EMBEDDED_DIR.") from None
        server = cluster_of(folder, fsync=self.settings_dict.get("EMBEDDED_FSYNC", True)).ensure()
        address = {"host": str(server.socket_folder), "port": str(server.port), "user": SUPERUSER}
        # For dbshell and whoever else reads the settings of a connection.
        self.settings_dict |= {name.upper(): value for name, value in address.items()}
        return address


def _make_database(conn_params: dict[str, Any]) -> None:
    address = {name: conn_params[name] for name in ("host", "port", "user")}
    connection = psycopg2.connect(dbname="postgres", **address)
    try:
        connection.autocommit = True
        # Another process may be making it at this moment.
        with connection.cursor() as cursor, contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(conn_params["dbname"])))
    finally:
        connection.close()


def _after_fork_in_child() -> None:
    """Forget the parent's connections: two processes on one socket would read each other's answers.

    psycopg2 knows the process that connected and sends nothing when the object goes.
    """
    global _clusters_lock
    _clusters_lock = threading.Lock()
    for cluster in _clusters.values():
        cluster.after_fork()
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.connection = None


os.register_at_fork(after_in_child=_after_fork_in_child)
