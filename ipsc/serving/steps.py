"""What has to be there before the site can be served. Each step looks first and does only what is missing."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ipsc.demonstration import new_password
from ipsc.embedded.locks import exclusive
from ipsc.roles import MANAGER
from ipsc.serving.environment import PREPARE_SECONDS, CannotServe

Say = Callable[[str], None]
OLDEST_POSTGRESQL = 15


def prepare(say: Say) -> None:
    """Make database, content, accounts and static files ready, telling each step.

    :raises CannotServe: the database server is older than PostgreSQL 15.
    :raises TimeoutError: another process has been at it for five minutes.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    # Two first starts at once (two ports, one folder) would migrate the same tables.
    with exclusive(settings.VAR_DIR / "prepare.lock", within=PREPARE_SECONDS):
        check_database(say)
        migrate(say)
        account = make_first_manager()
        if settings.SHOWS_SAMPLES:
            call_command("load_samples")
        # After the services, since a topic leads on to one of them.
        call_command("load_faq")
        if settings.SHOWS_SAMPLES:
            call_command("load_demo")
        if not settings.DEBUG:
            collect_static(say)
    if account:
        say(f"First account: manager, password {account}  (shown this once; change it in the admin)")


def check_database(say: Say) -> None:
    """Connect, which starts the embedded server, and look at its version.

    :raises CannotServe: it is older than PostgreSQL 15.
    """
    connection.ensure_connection()
    version = connection.get_database_version()[0]
    if version < OLDEST_POSTGRESQL:
        raise CannotServe(f"the database is PostgreSQL {version}; the site needs {OLDEST_POSTGRESQL} or newer.")
    where = connection.settings_dict.get("EMBEDDED_DIR") or connection.settings_dict["HOST"] or "this machine"
    say(f"Database: PostgreSQL {version} in {where}")


def migrate(say: Say) -> None:
    """Apply the migrations that are missing, a line for each."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False)
    else:
        say("Migrations: none missing")


@transaction.atomic
def make_first_manager() -> str | None:
    """Make the account ``manager`` if there is no staff account yet; return its password, which is kept nowhere."""
    if User.objects.filter(is_staff=True).exists():
        return None
    password = new_password()
    manager = User.objects.create_user("manager", password=password, is_staff=True)
    manager.groups.add(Group.objects.get(name=MANAGER))
    return password


def collect_static(say: Say) -> None:
    """Collect, hash and compress the static files, unless none has changed since the last time."""
    record = settings.STATIC_ROOT.with_name("static.fingerprint")
    current = fingerprint()
    if record.exists() and record.read_text() == current and settings.STATIC_ROOT.exists():
        say("Static files: unchanged")
        return
    say("Static files: collecting …")
    call_command("collectstatic", interactive=False, verbosity=0)
    # Last: should collecting be interrupted, the next start does it again.
    record.write_text(current)


def fingerprint() -> str:
    """Return a text that changes when a static file, or the way they are stored, does. Reads no file's content."""
    lines = [json.dumps(settings.STORAGES["staticfiles"], sort_keys=True, default=str), str(settings.STATIC_ROOT)]
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            lines.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
