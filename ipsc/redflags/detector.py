"""Which signs that cannot wait a text may name (rule F2), by lists of phrases that staff edit.

It leans towards a hit. A comma ends a denial, so does "and", and a sign that itself says one of the single words in
the list of denials (cannot pass urine) is never denied. History is only another denial: "... years ago". What counts as
just now for an accident is what the lists say, since nothing here reads a calendar.
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ipsc.redflags.lines import JOINERS, LONGEST_STEM, TOKEN, Part, folded, usable
from ipsc.redflags.words import NEGATIONS

MOST_TEXT = 10_000  # characters of a text that are read
MOST_WORDS = 80  # characters of a text that are quoted
MOST_PLACES = 200  # places of a word that are looked at: nobody says one more often, but to slow us down
NEAR = 8  # words that may stand between those of a phrase
AHEAD, BEHIND = 4, 6  # words between a denial and what it denies, after it and before it
FARTHEST = 30


def word_set(text: str) -> frozenset[str]:
    return frozenset(map(folded, text.split()))


# Where a denial ends although the sentence goes on. A Hindi clause ends with its verb.
TURNS = word_set(
    "but however though although yet since because due except besides lekin magar par parantu kyunki warna "
    "लेकिन मगर पर परंतु किंतु बल्कि क्योंकि"
)
TURNS_AHEAD = word_set("now and also plus aur ab abhi bhi और अब अभी भी तथा")
ENDS = word_set("hai hain h hein है हैं")
ORS = word_set("or nor ya या")
LISTS_ON = word_set("or nor ya aur and na या और ना न")


@dataclass(frozen=True)
class Hit:
    """A sign that a text may name, and the part of the text that says so (at most 80 characters)."""

    sign: str
    words: str


class Denial(NamedTuple):
    """A phrase that denies what stands before it, after it, both or (a harmless "no relief") neither."""

    groups: tuple[frozenset[str], ...]
    near: int
    before: bool
    after: bool


class Token(NamedTuple):
    """A word of a text: as compared, where it stands, and the stretches it belongs to."""

    word: str
    start: int
    end: int
    sentence: int
    clause: int
    ahead: int  # the stretch that a denial reaches forwards
    behind: int  # the stretch that a denial reaches backwards


class Page:
    """A text cut into words, with the places of each word and of each beginning of a word."""

    def __init__(self, text: str) -> None:
        self.text = text[:MOST_TEXT]
        self.tokens = list(tokens(self.text))
        self._index: dict[str, list[int]] = defaultdict(list)
        self._places: dict[frozenset[str], list[int]] = {}
        for place, token in enumerate(self.tokens):
            self._index[token.word].append(place)
            for length in range(2, min(len(token.word), LONGEST_STEM) + 1):
                self._index[token.word[:length] + "*"].append(place)

    def places(self, group: frozenset[str]) -> list[int]:
        """Where any word of the group stands, in order."""
        if group not in self._places:
            found = {place for word in group if word in self._index for place in self._index[word]}
            self._places[group] = sorted(found)[:MOST_PLACES]
        return self._places[group]

    def matches(self, groups: tuple[frozenset[str], ...], near: int) -> Iterator[tuple[int, ...]]:
        """The places of the words of a phrase, wherever one word of each group stands close by in one clause."""
        columns = sorted((self.places(group) for group in groups), key=len)
        if not columns[0]:
            return
        for first in sorted(set().union(*columns)):
            if match := self._closest(columns, first, len(groups) + near):
                yield match

    def _closest(self, columns: list[list[int]], first: int, span: int) -> tuple[int, ...] | None:
        chosen: list[int] = []
        for column in columns:
            at = bisect_left(column, first)
            while at < len(column) and column[at] in chosen:
                at += 1
            if at == len(column) or column[at] - first >= span:
                return None
            chosen.append(column[at])
        same = all(self.tokens[place].clause == self.tokens[first].clause for place in chosen)
        return tuple(sorted(chosen)) if same and first in chosen else None

    def quote(self, match: tuple[int, ...], most: int) -> str:
        """What the patient wrote from the first to the last of these words, on one line."""
        return plain(self.text[self.tokens[match[0]].start : self.tokens[match[-1]].end])[:most].strip()


def find(text: str, lists: Mapping[str, str]) -> list[Hit]:
    """The signs that `text` may name, each once, in the order of `lists`: sign -> lines, and the denials (rule F2).

    Only the first 10,000 characters are read, and the first 1,000 lines of a list. Lines that cannot be used are passed
    over; nothing in either argument raises.
    """
    page = Page(text)
    denied = Denied(page, denials(lists.get(NEGATIONS, "")))
    signs = (sign for sign in lists if sign != NEGATIONS)
    return [Hit(sign, words) for sign in signs if (words := first_words(page, denied, lists[sign]))]


def plain(text: str) -> str:
    """Text on one line, without what does not print; the joiners of Devanagari stay."""
    kept = (" " if unicodedata.category(each).startswith("C") and each not in JOINERS else each for each in text)
    return " ".join("".join(kept).split())


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, each with the number of its sentence and of the stretches within."""
    sentence = clause = ahead = behind = 0
    for mark in TOKEN.finditer(text):
        word = folded(mark["word"]) if mark["word"] else ""
        sentence += bool(mark["stop"])
        clause += bool(mark["stop"] or mark["pause"])
        turns = bool(mark["turn"]) or word in TURNS
        ahead += turns or word in TURNS_AHEAD
        behind += turns
        if word:
            yield Token(word, mark.start(), mark.end(), sentence, clause, ahead, behind)
        ahead += word in ENDS
        behind += word in ENDS


@lru_cache(maxsize=64)
def phrases(lines: str) -> tuple[tuple[Part, ...], ...]:
    """The lines of a list, taken apart; those that cannot be used are left out."""
    return tuple(dict.fromkeys(parts for _line, parts in usable(lines) if parts))


@lru_cache(maxsize=16)
def denials(lines: str) -> tuple[Denial, ...]:
    """The list of denials, those of most words first: "no relief" goes before "no"."""
    found = []
    for line, parts in usable(lines):
        groups = tuple(group for part in parts for group in part.groups)
        text = line.strip().replace("…", "...")
        if groups:
            near = NEAR if len(parts) > 1 else min(len(groups) - 1, 1)
            found.append(Denial(groups, near, before=text.startswith("..."), after=text.endswith("...")))
    return tuple(sorted(found, key=lambda denial: -len(denial.groups)))


def first_words(page: Page, denied: "Denied", lines: str) -> str:
    """What the patient wrote where a phrase of the list stands and is not denied; empty when none does."""
    for parts in phrases(lines):
        found = [standing(page, denied, part) for part in parts]
        whole = [match for match in found if match]
        if len(whole) == len(found):
            whole.sort()
            return " … ".join(page.quote(match, MOST_WORDS // len(whole) - 3) for match in whole)
    return ""


def standing(page: Page, denied: "Denied", part: Part) -> tuple[int, ...] | None:
    """The first place where a part stands, is not denied and has nothing harmless beside it."""
    for match in page.matches(part.groups, NEAR):
        if not denied.covers(match) and not harmless(page, part, match):
            return match
    return None


def harmless(page: Page, part: Part, match: tuple[int, ...]) -> bool:
    """Whether a word stands near, in the same sentence, that takes the meaning away: fell *in love*, years *ago*."""
    places = page.places(part.harmless) if part.harmless else []
    near = places[bisect_left(places, match[0] - NEAR) : bisect_left(places, match[-1] + NEAR + 1)]
    return any(page.tokens[place].sentence == page.tokens[match[0]].sentence for place in near)


class Denied:
    """What the denials of a page cover: where a sign denied from before begins, where one denied from behind ends."""

    def __init__(self, page: Page, rules: tuple[Denial, ...]) -> None:
        self.page = page
        self.own = frozenset[str]().union(*(rule.groups[0] for rule in rules if len(rule.groups) == 1))
        self.begins: set[int] = set()
        self.ends: set[int] = set()
        taken: set[int] = set()
        for rule in rules:
            for match in page.matches(rule.groups, rule.near):
                if taken.isdisjoint(match):
                    taken.update(match)
                    self._deny(rule, match)

    def covers(self, match: tuple[int, ...]) -> bool:
        """Whether a match is denied. One that itself says a denying word never is: cannot pass urine."""
        if any(self.page.tokens[place].word in self.own for place in match):
            return False
        return match[0] in self.begins or match[-1] in self.ends

    def _deny(self, rule: Denial, match: tuple[int, ...]) -> None:
        first, last = match[0], match[-1]
        if rule.after:
            self.begins.update(match, self._reach(last, 1, AHEAD))
        # "Fever: no": with nothing behind it to deny, it denies what stands before it.
        if rule.before or (rule.after and self._closes(last)):
            self.ends.update(self._reach(first, -1, BEHIND))

    def _closes(self, place: int) -> bool:
        tokens = self.page.tokens
        return place + 1 == len(tokens) or tokens[place + 1].clause != tokens[place].clause

    def _reach(self, place: int, step: int, most: int) -> Iterator[int]:
        """The places that a denial reaches; a list of things (a or b, c or d) carries it on."""
        words, left = self.page.tokens, most
        for at in range(place + step, min(max(place + step * FARTHEST, -1), len(words)), step):
            here, before = words[at], words[at - step]
            turned = here.ahead != before.ahead if step > 0 else here.behind != before.behind
            paused = here.clause != before.clause and not (step > 0 and self._lists_on(at))
            if left < 0 or turned or paused or here.sentence != before.sentence:
                return
            yield at
            left = most if here.word in LISTS_ON else left - 1

    def _lists_on(self, at: int) -> bool:
        """Whether a comma stands in "no fever, numbness or weakness": before short things joined by or."""
        return any(token.word in ORS for token in self.page.tokens[at : at + 3])
