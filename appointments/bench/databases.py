"""A database for each size, next to the site's own and kept between runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from appointments.bench import seeding

Say = Callable[[str], None]


def prepare(prefix: str, size: int, *, today: date, say: Say) -> BaseDatabaseWrapper:
    """Return a connection to the database of `size` stored appointments, which is made if it is missing.

    One that was made by another version of the seeding, or not to its end, is made again.
    """
    name = f"{prefix}_{size}"
    mark = f"ipsc bench, seeding {seeding.VERSION}"
    database = connect(name)
    if _mark_of(name) != mark:
        say(f"Making {name} …")
        remove(name)
        _run(f'CREATE DATABASE "{name}"')
        with using(database):
            _migrate()
            with transaction.atomic():
                seeding.seed(size, today=today)
            # The planner's statistics, and the visibility that a table gets from a vacuum after so many inserts.
            seeding.settle()
        _run(f"COMMENT ON DATABASE \"{name}\" IS '{mark}'")
        return database
    with using(database):
        _migrate()
        with transaction.atomic():
            seeding.renew_ahead(size, today=today)
        seeding.settle()
    return database


def connect(name: str) -> BaseDatabaseWrapper:
    """A connection of its own to another database of the site's server."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict | {"NAME": name}
    return type(connections[DEFAULT_DB_ALIAS])(settings, DEFAULT_DB_ALIAS)


@contextmanager
def using(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Let `database` stand for the site's own, in this thread. Its connection stays open afterwards."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def remove(name: str) -> None:
    _run(f'DROP DATABASE IF EXISTS "{name}"')


def _migrate() -> None:
    # Content types are remembered by the alias, which several databases share here.
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0, interactive=False)
    ContentType.objects.clear_cache()


def _mark_of(name: str) -> str | None:
    """The comment of a database: what made it, to the end. None if there is no such database."""
    with connections[DEFAULT_DB_ALIAS]._nodb_cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else None


def _run(statement: str) -> None:
    """Run a statement that concerns whole databases, and stands outside any of those that it concerns."""
    with connections[DEFAULT_DB_ALIAS]._nodb_cursor() as cursor:
        cursor.execute(statement)
