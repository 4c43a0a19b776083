"""What the words of a query may mean: themselves, words that sound or look alike, and what the answers say instead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from faq.search.folding import distance, sound
from faq.search.knowing import Known, known
from faq.search.query import Query

# What a word weighs when it is not the one that was typed: the beginning of one, one that sounds the same, one that
# looks alike, and a word of the answers for a lay word. Found by trial on the tables in tests/faq/search.
BEGINNING, SAME_SOUND, ALIKE, LAY = 0.6, 0.9, 0.8, 0.8
# How many of the closest spellings are looked for, and how much less alike than the closest they may be.
MOST_ALIKE, LESS_ALIKE = 3, 0.15


@dataclass(frozen=True)
class Term:
    """A word to look for in so many questions. Of the terms of one group, the best counts; groups add up."""

    group: str
    word: str
    weight: float
    entries: int
    beginning: bool = False


@dataclass(frozen=True)
class Meaning:
    """What to look for in `total` questions, and the query as it would have been typed without a mistake.

    `corrected` is empty where there was none.
    """

    terms: list[Term]
    corrected: str
    total: int

    def worth(self, term: Term) -> float:
        """The weight of a term, times how much a word tells that stands in so many questions (BM25's weight)."""
        total = max(self.total, term.entries)
        return term.weight * log(1 + (total - term.entries + 0.5) / (term.entries + 0.5))


def understand(query: Query) -> Meaning:
    """What to look for, of the words that the texts have; one query."""
    rows = known(query)
    lay = list(_lay(query, rows))
    covered = {place for row in lay for place in _places(row)}
    terms, corrected = [], list(query.typed)
    for place in query.places:
        mine = [row for row in rows if row.place == place]
        terms += [_term(place, row) for row in mine if row.kind in ("here", "begun")]
        near = _alike(query.typed[place], [row for row in mine if row.kind == "near"])
        # Where the list says what a word means, nothing is guessed.
        near = [each for each in near if each[0] == 1 or place not in covered]
        terms += [Term(_group(place), row.words, _near(likeness), row.entries) for likeness, row in near]
        if place not in covered and not any(row.shown or row.kind == "begun" for row in mine if row.kind != "near"):
            corrected[place] = _correction(query.typed[place], near) or corrected[place]
    terms += _meant(lay)
    total = next(row.entries for row in rows if row.kind == "total")
    return Meaning(terms, "" if corrected == list(query.typed) else " ".join(corrected), total)


def likeness(typed: str, other: str) -> float:
    """How alike two words are: 1 for the same sound, 0 for words that are not the same with a mistake in it.

    A letter wrong in four to six of the sound, two in up to nine, three in more; the first one is seldom wrong.
    """
    mine, theirs = sound(typed), sound(other)
    if mine == theirs:
        # The sound of a short word leaves little: delay is not dil.
        tells = len(mine) > 4 or typed.isascii() != other.isascii()
        return float(tells or distance(typed, other) <= max(1, len(typed) // 3))
    length = max(len(mine), len(theirs))
    allowed = 0 if length < 4 else 1 if length < 7 else 2 if length < 10 else 3
    # What needs no counting goes first: most of the neighbours end here.
    if length - min(len(mine), len(theirs)) > allowed or (mine[0] != theirs[0] and length < 7):
        return 0.0
    if any(map(str.isdigit, mine + theirs)) or (wrong := distance(mine, theirs)) > allowed:
        return 0.0
    return 1 - wrong / length


def _group(place: int) -> str:
    return f"typed {place}"


def _term(place: int, row: Known) -> Term:
    beginning = row.kind == "begun"
    return Term(_group(place), row.words, BEGINNING if beginning else 1, row.entries, beginning)


def _near(likeness: float) -> float:
    return SAME_SOUND if likeness == 1 else ALIKE * likeness


def _alike(word: str, rows: Sequence[Known]) -> list[tuple[float, Known]]:
    """The closest spellings with their likeness, from 0 to 1, the closest first."""
    rated = sorted(((likeness(word, row.words), row) for row in rows), key=lambda each: (-each[0], -each[1].shown))
    return [each for each in rated if each[0] and each[0] >= rated[0][0] - LESS_ALIKE][:MOST_ALIKE]


def _correction(typed: str, near: Iterable[tuple[float, Known]]) -> str:
    """The closest word of the same script that readers see."""
    readable = (row.words for _likeness, row in near if row.shown and row.words.isascii() == typed.isascii())
    return next(readable, "")


def _places(row: Known) -> range:
    return range(row.place, row.place + row.length)


def _lay(query: Query, rows: Iterable[Known]) -> Iterator[Known]:
    """What the lay words of the query mean, the longest at each place: cement injection, and not cement beside it."""
    heard = [row for row in rows if row.kind == "lay" and _is_said(query, row)]
    heard += [row for row in rows if row.kind == "like lay" and likeness(query.typed[row.place], row.words)]
    taken: dict[int, str] = {}
    for row in sorted(heard, key=lambda row: (-row.length, distance(_said(query, row), row.words), row.words)):
        if all(taken.get(place, row.words) == row.words for place in _places(row)):
            taken |= dict.fromkeys(_places(row), row.words)
            yield row


def _said(query: Query, row: Known) -> str:
    return " ".join(query.typed[place] for place in _places(row))


def _is_said(query: Query, row: Known) -> bool:
    """Whether the words that sound like a lay phrase look like it too, and are not all small ones."""
    if not set(_places(row)) & set(query.places):
        return False
    return bool(likeness(_said(query, row).replace(" ", ""), row.words.replace(" ", "").lower()))


def _meant(lay: list[Known]) -> list[Term]:
    meanings = [(f"lay {row.place} {row.meant}", row, sum(each.words == row.words for each in lay)) for row in lay]
    return [Term(group, row.meant, LAY / count**0.5, row.entries) for group, row, count in meanings if row.entries]
