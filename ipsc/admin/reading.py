"""Which messages somebody may read: those of their own work (rule P2)."""

import functools
import operator
from collections.abc import Collection

from django.db.models import Q

from ipsc.outbox.kinds import KINDS


def app_of(kind: str) -> str:
    return kind.partition(".")[0]


def readable(user) -> set[str]:
    """The apps whose messages somebody may read: those in which there is something else for them to do."""
    return {app for app in map(app_of, KINDS) if user.has_module_perms(app)}


def of_apps(apps: Collection[str]) -> Q:
    """The messages of these apps; none, for no app."""
    return functools.reduce(operator.or_, (Q(kind__startswith=f"{app}.") for app in sorted(apps)), Q(pk__in=[]))
