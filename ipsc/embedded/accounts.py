"""The account that the server runs under. PostgreSQL refuses root, so for root it is another one."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# Accounts that most systems have; none is ever made. initdb insists on one with an entry in the user database.
PREFERRED = ("postgres", "nobody", "daemon", "www-data")


@dataclass(frozen=True)
class Account:
    """A user of the system, by name and by numbers."""

    name: str
    uid: int
    gid: int


def for_server(data: Path) -> Account | None:
    """Return the account to run the server under, or None: the one this process has.

    For root it is the owner of data that exist already (somebody else may have made them), else a preferred account,
    else any that is not root.

    :raises ImproperlyConfigured: there is no such account.
    """
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise ImproperlyConfigured(
                f"the embedded database needs a user with a name, and user id {os.geteuid()} has none; "
                "run as another user, or set DATABASE_URL."
            ) from None
        return None
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    if data.exists():
        owner = data.stat().st_uid
        chosen = [entry for entry in entries.values() if entry.pw_uid == owner]
    else:
        chosen = [entries[name] for name in PREFERRED if name in entries] or list(entries.values())
    if not chosen:
        raise ImproperlyConfigured(
            "PostgreSQL refuses to run as root, and this system has no other account for it; set DATABASE_URL."
        )
    return Account(chosen[0].pw_name, chosen[0].pw_uid, chosen[0].pw_gid)


def may_reach(account: Account, path: Path) -> bool:
    """Return whether ``account`` can enter every folder above ``path`` and read and run (or enter) ``path`` itself.

    Looks at plain modes only: where an access list grants more, the answer is a needless no.
    """
    path = path.resolve()
    return _allows(account, path, 0o5) and all(_allows(account, folder, 0o1) for folder in path.parents)


def _allows(account: Account, path: Path, wanted: int) -> bool:
    found = path.stat()
    if found.st_uid == account.uid:
        granted = found.st_mode >> 6
    elif found.st_gid == account.gid:
        granted = found.st_mode >> 3
    else:
        granted = found.st_mode
    return granted & wanted == wanted
