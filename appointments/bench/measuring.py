"""Runs the actions turn by turn, small and large in one go, so that whatever else the machine does meets both alike."""

import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest import mock

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.middleware.gzip import GZipMiddleware
from django.template.backends.django import Template

from appointments.bench.actions import Action
from appointments.bench.databases import using
from appointments.diary import Openings
from appointments.views import choosing

WARM_UP = 5


@dataclass
class Series:
    """The durations of one action on one database, in milliseconds, in the order in which they were measured."""

    milliseconds: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20, method="inclusive")[-1]

    def ratio_to(self, other: "Series") -> float:
        """The median of the ratios of what was measured in the same turn."""
        return statistics.median(
            mine / theirs for mine, theirs in zip(self.milliseconds, other.milliseconds, strict=True)
        )


def measure(
    actions: Sequence[Sequence[Action]], databases: Sequence[BaseDatabaseWrapper], *, rounds: int
) -> list[list[Series]]:
    """Time the actions of each database, `rounds` times; returns series in the same arrangement."""
    series = [[Series() for _ in each] for each in actions]
    places = list(zip(databases, actions, series, strict=True))
    for database, mine, found in places:
        with using(database):
            for action, one in zip(mine, found, strict=True):
                for _ in range(WARM_UP):
                    timed(action)
                one.queries = count_queries(action)
    gc.collect()
    gc.freeze()
    for turn in range(rounds):
        # Whoever is first in a turn is second in the next one.
        for database, mine, found in places if turn % 2 else reversed(places):
            with using(database):
                for action, one in zip(mine, found, strict=True):
                    one.milliseconds.append(timed(action))
    gc.unfreeze()
    return series


def timed(action: Action) -> float:
    """Do it once; return how long it took, in milliseconds."""
    given = action.prepare()
    begun = time.perf_counter_ns()
    action.act(*given)
    ended = time.perf_counter_ns()
    action.clean(*given)
    return (ended - begun) / 1e6


def over_and_over(action: Action, *, rounds: int) -> Series:
    """Time one action by itself. It then finds all its code and data in the processor's caches, as no server does."""
    return Series([timed(action) for _ in range(rounds)])


def count_queries(action: Action) -> int:
    """How many statements the action sends, transaction control left out."""
    sent = []

    def note(execute, sql, parameters, many, context):
        sent.append(sql)
        return execute(sql, parameters, many, context)

    given = action.prepare()
    with connection.execute_wrapper(note):
        action.act(*given)
    action.clean(*given)
    return sum(not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT")) for sql in sent)


class Stopwatch:
    """Adds up time by part; a part inside another one counts for itself alone."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inside: list[int] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._inside.append(0)
        begun = time.perf_counter_ns()
        try:
            yield
        finally:
            took = time.perf_counter_ns() - begun
            self.spent[name] += took - self._inside.pop()
            if self._inside:
                self._inside[-1] += took

    def around(self, name: str, function: Callable) -> Callable:
        def run(*arguments, **options):
            with self.part(name):
                return function(*arguments, **options)

        return run


def profile(action: Action, *, rounds: int) -> dict[str, float]:
    """Where the time of the times page goes: milliseconds by part, on average, with the watching itself."""
    watch = Stopwatch()

    def query(execute, sql, parameters, many, context):
        with watch.part("queries"):
            return execute(sql, parameters, many, context)

    parts = [
        ("arithmetic", choosing, "openings"),
        *(("arithmetic", Openings, name) for name in ("on", "soonest", "count_on")),
        ("template", Template, "render"),
        ("compression", GZipMiddleware, "process_response"),
    ]
    with ExitStack() as stack:
        for name, owner, attribute in parts:
            stack.enter_context(mock.patch.object(owner, attribute, watch.around(name, getattr(owner, attribute))))
        stack.enter_context(connection.execute_wrapper(query))
        for _ in range(rounds):
            with watch.part("all else of Django"):
                action.act(*action.prepare())
    return {name: spent / rounds / 1e6 for name, spent in watch.spent.most_common()}
