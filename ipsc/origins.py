"""From which page of the site somebody came, where one app keeps it and another knows what it means.

An origin stands in an address as `from=<kind>-<id>`: the kind is registered by the app whose pages they are, the id is
an opaque one, so that the address tells nothing of what somebody has read (rule M2).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict

from ipsc.identifiers import ALPHABET

PARAMETER = "from"
LONGEST = 20
# The longest kind leaves room for the ten characters of an opaque id.
KIND = re.compile(r"[a-z]{1,9}")
ORIGIN = re.compile(rf"({KIND.pattern})-([{ALPHABET}]+)")


@dataclass(frozen=True)
class Origin:
    """What an origin means to staff. `url` is a page that each of them may open, empty where there is none."""

    words: str
    url: str = ""


# Takes ids, and gives those that it knows; one query at most, however many they are.
Resolver = Callable[[Collection[str]], Mapping[str, Origin]]

RESOLVERS: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Make a kind known; the same resolver may come again.

    :raises ImproperlyConfigured: another one has this kind, or it is not one to nine small letters from a to z.
    """
    if not KIND.fullmatch(kind):
        raise ImproperlyConfigured(f"{kind!r} is no kind of origin: one to nine small letters")
    if RESOLVERS.setdefault(kind, resolver) != resolver:
        raise ImproperlyConfigured(f"two kinds of origin are named {kind!r}")


def read(text: str) -> str:
    """The origin that a text is, whether or not its row exists; empty for anything else."""
    return text if _parts(text) else ""


def of(query: QueryDict) -> str:
    """The first origin that an address names, or nothing."""
    return next(filter(None, map(read, query.getlist(PARAMETER))), "")


def as_query(origin: str) -> dict[str, str]:
    """The part of a query that says it; none for no origin."""
    return {PARAMETER: origin} if origin else {}


def described(texts: Iterable[str]) -> dict[str, Origin]:
    """What these origins mean, each resolver asked once; those that nobody knows are left out."""
    ids = defaultdict(set)
    for kind, public_id in filter(None, map(_parts, texts)):
        ids[kind].add(public_id)
    found = {kind: RESOLVERS[kind](wanted) for kind, wanted in ids.items()}
    return {f"{kind}-{public_id}": origin for kind, known in found.items() for public_id, origin in known.items()}


def _parts(text: str) -> tuple[str, str] | None:
    # The length comes first: whatever an address holds is matched by no pattern before.
    match = ORIGIN.fullmatch(text) if len(text) <= LONGEST else None
    return (match[1], match[2]) if match and match[1] in RESOLVERS else None
