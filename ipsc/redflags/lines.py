"""How a line of the lists is read (rule F2).

A line is a phrase. Its words stand near each other, in any order, in one part of a sentence; `a/b` is either word,
`urin*` any ending, `+` parts that may stand anywhere in the text, `-word` a word that makes the phrase harmless, `#` a
remark. `LEG: leg/foot/पैर` names words: LEG stands for them in the other lines. In the list of denials `...` shows
where the denied words stand: `no ...`, `... nahi`. A denial without dots denies nothing: it keeps its words from
denying ("no relief").
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_LINES = 1_000  # lines of a list that are used
MOST_GROUPS = 12  # words in one line
LONGEST_STEM = 20
MOST_WORDS = 300  # words under one name

JOINERS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
APOSTROPHES = "'’‘ʼ`´＇"
TOKEN = re.compile(
    rf"(?P<word>\d+(?:[.,]\d+)+|(?:[^\W_]|[\u0300-\u036f\u0900-\u0963\u0966-\u097f{JOINERS}{APOSTROPHES}])+)"
    r"|(?P<stop>[.!?…।॥|\n\r\u2028\u2029。！？؟۔])"
    r"|(?P<pause>[,;•，、；،])"
    r"|(?P<turn>[)\]–—]|\s-+\s)"
)
HALF_NASAL = re.compile("[ङञणनम]\u094d(?=[क-घच-झट-ढत-धप-भ])")
ALIKE = str.maketrans(
    {"ॉ": "ा", "ऑ": "आ", "ी": "ि", "ई": "इ", "ू": "ु", "ऊ": "उ", "ँ": None, "ं": None, "़": None, "z": "j"}
)

Names = dict[str, frozenset[str]]


class UnusableLineError(ValueError):
    """A line that can match nothing; its only argument may be shown to whoever wrote it."""


class Part(NamedTuple):
    """What has to stand together: one word of each group, and none of the harmless ones beside."""

    groups: tuple[frozenset[str], ...]
    harmless: frozenset[str]


def folded(word: str) -> str:
    """A word as compared: case, accents, nukta, nasal dots, vowel length in Devanagari, z and j make no difference."""
    letters = unicodedata.normalize("NFKD", word.casefold()).casefold().translate(ALIKE)
    letters = "".join(each for each in letters if each.isalnum() or each in ".," or "\u0900" <= each <= "\u0963")
    letters = HALF_NASAL.sub("", letters).replace("यि", "इ").replace("ये", "ए").replace("aa", "a")
    return re.sub(r"([^\W\d])\1{2,}", r"\1", letters)


def parse(line: str, names: Names) -> tuple[Part, ...]:
    """The parts of a line; none for a comment, an empty line, or one that adds words to `names`.

    :raises UnusableLineError: when the line can match nothing, or is not written as lines are
    """
    if not line.strip() or line.strip().startswith("#"):
        return ()
    name, colon, words = (each.strip() for each in line.partition(":"))
    if colon and name.isupper() and name.isalnum():
        every = names.get(name, frozenset()).union(*(alternatives(piece, names) for piece in words.split()))
        if len(every) > MOST_WORDS:
            raise UnusableLineError(_("There are too many words under this name. Give some of them another name."))
        names[name] = every
        return ()
    parts = tuple(parse_part(each, names) for each in line.split("+"))
    if not all(part.groups for part in parts):
        raise UnusableLineError(_("There is no word in this line, or none on one side of a plus sign."))
    if sum(len(part.groups) for part in parts) > MOST_GROUPS:
        raise UnusableLineError(_("There are too many words in this line. Write shorter lines."))
    return parts


def parse_part(text: str, names: Names) -> Part:
    groups, harmless = [], frozenset[str]()
    for piece in text.replace("...", " ").replace("…", " ").split():
        if piece.startswith("-"):
            harmless |= alternatives(piece[1:], names)
        elif piece in names or "/" in piece or "*" in piece:
            groups.append(alternatives(piece, names))
        else:
            groups += [frozenset({folded(mark["word"])}) for mark in TOKEN.finditer(piece) if mark["word"]]
    return Part(tuple(group for group in groups if any(group)), harmless)


def alternatives(piece: str, names: Names) -> frozenset[str]:
    """The words between slashes, those of a name in its place.

    :raises UnusableLineError: when one of them is not one word, or a beginning is too short
    """
    if piece in names:
        # Not a copy: a thousand lines may use the name.
        return names[piece]
    found = set[str]()
    for each in piece.split("/"):
        stem = each.removesuffix("*")
        marks = [mark["word"] for mark in TOKEN.finditer(stem)]
        word = folded(stem) if marks == [stem] else ""
        if not word:
            raise UnusableLineError(_("A slash, a star or a minus sign stands without a single word beside it."))
        if each != stem and not 2 <= len(word) <= LONGEST_STEM:
            raise UnusableLineError(_("The beginning before a star is too short or too long."))
        found |= names.get(each, {word + "*" if each != stem else word})
    return frozenset(found)


def named(lines: str) -> Names:
    """The words that the lines of a list name, wherever in it they do."""
    names: Names = {}
    for line in lines.splitlines()[:MOST_LINES]:
        with suppress(UnusableLineError):
            parse(line, names)
    return names


def usable(lines: str) -> Iterator[tuple[str, tuple[Part, ...]]]:
    names = named(lines)
    for line in lines.splitlines()[:MOST_LINES]:
        try:
            yield line, parse(line, names)
        except UnusableLineError:
            continue


def problems(lines: str) -> list[tuple[int, str | Promise]]:
    """The lines of a list that cannot be used, each by its number (from 1) and the reason in words for staff."""
    found: list[tuple[int, str | Promise]] = []
    names = named(lines)
    for number, line in enumerate(lines.splitlines(), 1):
        if number > MOST_LINES:
            return [*found, (number, _("This list is too long. Only its first lines are used."))]
        try:
            parse(line, names)
        except UnusableLineError as error:
            found.append((number, error.args[0]))
    return found
