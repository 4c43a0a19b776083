"""What all verbs share: one transaction, refusals in words, deadlocks retried."""

import functools
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.functional import Promise

Result = TypeVar("Result")

TRIES = 4
DEADLOCK, SERIALIZATION_FAILURE = "40P01", "40001"


class Refusal(Exception):
    """A change that cannot be made. `words` may be shown to whoever asked for it."""

    words: str | Promise = ""

    def __init__(self, words: str | Promise = "") -> None:
        self.words = words or self.words
        super().__init__(self.words)

    def __str__(self) -> str:
        return str(self.words)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that the database upheld, or an empty text."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def verb(
    *, refusals: Mapping[str, type[Refusal]], redrawn: frozenset[str] = frozenset()
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function a verb.

    It runs in one transaction. A constraint named in `refusals` becomes that refusal; one in `redrawn` (a random value
    that was taken) and a deadlock make it run again, at most TRIES times in all.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        @functools.wraps(function)
        def run(**kwargs) -> Result:
            for left in reversed(range(TRIES)):
                try:
                    with transaction.atomic():
                        return function(**kwargs)
                except IntegrityError as error:
                    name = constraint_of(error)
                    if name in refusals:
                        raise refusals[name]() from error
                    if name not in redrawn or not left:
                        raise
                except OperationalError as error:
                    code = getattr(error.__cause__, "pgcode", None)
                    # Inside somebody's transaction a deadlock has already ended all of it: only they can begin again.
                    if code not in (DEADLOCK, SERIALIZATION_FAILURE) or not left or connection.in_atomic_block:
                        raise
            raise AssertionError("the last try returns or raises")

        return run

    return decorate
