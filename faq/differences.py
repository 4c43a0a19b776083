"""What changed between two plain texts, word by word, for the editor who is about to publish (rule F1)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Literal

Kind = Literal["same", "gone", "new"]

# Steps that comparing may cost at the worst, of 20 nanoseconds or so each: difflib is cubic on texts made for it.
MOST_STEPS = 80_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have, or only the old one ("gone"), or only the new one."""

    kind: Kind
    text: str


# Kinds of characters: w letters and digits, m marks that belong to the one before, s space, n line ends, apostrophes.
_TOKEN = re.compile(r"w[wm]*(?:'w[wm]*)*|s+|n|.m*")
_JOINERS = "\u200c\u200d"


@dataclass(slots=True)
class _Budget:
    steps: int = MOST_STEPS

    def allows(self, cost: int) -> bool:
        """Take the steps from what is left, if there are so many."""
        affordable = cost <= self.steps
        self.steps -= cost if affordable else 0
        return affordable


def differences(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in order: same and gone make up `old`, same and new make up `new`, to the letter.

    Lines are compared first, then the words within the lines that changed. Where that would take too long, what changed
    stands whole. A change is told in one stretch, first what went, then what came.
    """
    budget = _Budget()
    pieces: list[Piece] = []
    for piece in _compared(old.splitlines(keepends=True), new.splitlines(keepends=True), budget):
        if piece.kind == "new" and pieces and pieces[-1].kind == "gone":
            pieces += _compared(_tokens(pieces.pop().text), _tokens(piece.text), budget)
        else:
            pieces.append(piece)
    return _joined(pieces)


def _compared(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Piece]:
    """The pieces of two sequences; what both begin and end with costs nothing."""
    head = sum(1 for _ in takewhile(_equal, zip(old, new, strict=False)))
    yield from _told("same", old[:head])
    old, new = old[head:], new[head:]
    tail = sum(1 for _ in takewhile(_equal, zip(reversed(old), reversed(new), strict=False)))
    last, old, new = old[len(old) - tail :], old[: len(old) - tail], new[: len(new) - tail]
    if budget.allows(_cost(old, new)):
        for tag, i, j, k, m in SequenceMatcher(_is_gap, old, new, autojunk=False).get_opcodes():
            yield from _told("same" if tag == "equal" else "gone", old[i:j])
            yield from _told("new", [] if tag == "equal" else new[k:m])
    else:
        yield from (*_told("gone", old), *_told("new", new))
    yield from _told("same", last)


def _told(kind: Kind, words: Sequence[str]) -> Iterator[Piece]:
    if words:
        yield Piece(kind, "".join(words))


def _equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """The most steps that SequenceMatcher can take: each pass looks at every pair of equals, each match is a pass."""
    counts = Counter(word for word in new if not _is_gap(word))
    return (len(old) + sum(counts[word] for word in old)) * min(len(old), len(new))


def _tokens(text: str) -> list[str]:
    """The words, spaces, line ends and single signs of a text, in order and without loss."""
    kinds = "".join(map(_kind, text))
    return [text[found.start() : found.end()] for found in _TOKEN.finditer(kinds)]


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    if character in "\r\n":
        return "n"
    if character.isspace():
        return "s"
    if character in "'’":
        return "'"
    category = unicodedata.category(character)
    if category[0] == "M" or character in _JOINERS:
        return "m"
    return "w" if category[0] in "LN" or character == "_" else "."


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The same with neighbours of one kind made one."""
    joined: list[Piece] = []
    for same, run in groupby(pieces, key=lambda piece: piece.kind == "same"):
        told = list(run)
        kinds: tuple[Kind, ...] = ("same",) if same else ("gone", "new")
        for kind in kinds:
            joined += _told(kind, [piece.text for piece in told if piece.kind == kind])
    return joined


def _is_gap(text: str) -> bool:
    """White space within a line. It is no match by itself, or a rewritten line would be told as confetti."""
    return text.isspace() and len(text.splitlines()[0]) == len(text)
