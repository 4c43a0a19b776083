"""What loading and removing samples shares in all apps (rule F3): never in production, and one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ipsc.verbs import Refusal

# What the history says of rows that were loaded, and of those that were removed.
FIRST_CONTENT, REMOVED = "first content", "samples removed"
# Any number does, as long as nothing else takes this lock.
LOCK = 0x1F5C


class NoSamplesHere(Refusal):
    words = _("This is production (IPSC_MODE): sample content is never loaded here.")


@dataclass(frozen=True)
class Line:
    """A row that goes, or that stays and why."""

    kind: str | Promise
    label: str
    why: str | Promise = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.label}" + (f" – {self.why}" if self.why else "")


def lines(rows: Iterable[Model], why: str | Promise = "") -> Iterator[Line]:
    return (Line(row._meta.verbose_name or "", str(row), why) for row in rows)


def refuse_in_production() -> None:
    """:raises NoSamplesHere: samples are not shown in this mode."""
    if not settings.SHOWS_SAMPLES:
        raise NoSamplesHere


def one_at_a_time() -> None:
    """Wait until no other transaction loads, fills or removes samples; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
