"""How hard an English answer is to read, as a school grade."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyphen


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted in a text, and its Flesch-Kincaid grade: years of schooling in the United States.

    The grade is below zero for the shortest words and sentences, and has no upper end.
    """

    words: int
    sentences: int
    syllables: int
    grade: float


# One of: initials with dots (e.g.), a word with its apostrophes and hyphens, a number with its separators and per cent.
_WORD = re.compile(
    r"(?P<dotted>(?<![^\W\d_])(?:[A-Za-z]\.){2,}[A-Za-z]?(?![^\W\d_]))"
    r"|(?P<word>[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*)"
    r"|(?P<number>[0-9]+(?:[.,:][0-9]+)*\s?%?)"
)
_SENTENCE_END = re.compile(r"""(?<![.!?…।])[.!?…।]+(?=["'”’)\]]*(?:\s|$))""")
# A full stop after these ends no sentence; after the next ones it does before a capital, and after "no" (which is an
# answer more often than a number) it does not before a digit.
_SHORT = re.compile(r"\b(?:dr|mr|mrs|ms|prof|st|vs|approx|e\.g|i\.e)$", re.IGNORECASE)
_MAYBE = re.compile(r"\b(?:etc|a\.m|p\.m)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:no|nos|fig)$", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z]{1,4}")

# pyphen marks where a word may be hyphenated, which is near to its syllables but never more: printers leave some out.
# Of 168 words counted by hand, medical and plain, en_GB has 97 right and en_US 129, though the site spells British: its
# breaks follow the sound. What it misses would flatter an answer, so groups of vowels are counted too, and the larger
# number holds: 164 right.
_HYPHENS = pyphen.Pyphen(lang="en_US", left=2, right=2)
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
_SILENT = re.compile(r"(?<=[^aeiouy])(?:(?<!l)e|(?<=[aeiouy]l)e|(?<![td])ed|(?<![sczxgh])es)$")
# Two vowels that are two syllables: media, radio, biopsy, cryo-, variety, usual, osteo-, area.
_HIATUS = re.compile(
    r"(?<![aeioutcgxsln])i(?=a(?!ge)|o|um|us)|(?<=phys)i(?=o)|i(?=ety)|(?<=r)y(?=o)|(?<![qg])u(?=a)|(?<!p)e(?=o(?!u|n))"
    r"|(?<=[aeiou][rd])e(?=a$)"
)
_LONGEST = 50
_BELOW_TWENTY = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2)


def reading_level(text: str) -> Reading | None:
    """Count a plain text and grade it; None for a text without an English word. Any text will do.

    Flesch-Kincaid (Kincaid, Fishburne, Rogers and Chissom, 1975): 0.39 words per sentence + 11.8 syllables per word
    - 15.59. A line end ends a sentence, so that headings and items of a list count as sentences of their own. Numbers
    and abbreviations are words, with the syllables with which they are read aloud.
    """
    found = [[*_WORD.finditer(sentence)] for sentence in _sentences(text)]
    counted = [words for words in found if words]
    words = sum(map(len, counted))
    if not any(word.lastgroup != "number" for sentence in counted for word in sentence):
        return None
    syllables = sum(_syllables(word) for sentence in counted for word in sentence)
    grade = 0.39 * words / len(counted) + 11.8 * syllables / words - 15.59
    return Reading(words, len(counted), syllables, grade)


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        start = 0
        for end in _SENTENCE_END.finditer(line):
            if not _goes_on(line[max(start, end.start() - 10) : end.start()], line[end.end() : end.end() + 10]):
                yield line[start : end.end()]
                start = end.end()
        yield line[start:]


def _goes_on(before: str, after: str) -> bool:
    first = after.lstrip()[:1]
    if _MAYBE.search(before):
        return first.islower()
    return bool(_SHORT.search(before)) or (first.isdigit() and bool(_NUMBERED.search(before)))


def _syllables(found: re.Match[str]) -> int:
    text = found[0]
    if found.lastgroup == "number":
        return _of_number(text)
    if found.lastgroup == "dotted":
        return _of_letters(text)
    shouted = found.string.isupper() and " " in found.string.strip()
    return sum(_of_letters(part) if _spelt(part, shouted) else _of_word(part.lower()) for part in text.split("-"))


def _spelt(word: str, shouted: bool) -> bool:
    """MRI, CT, X: read letter by letter, unless the whole sentence is in capitals. A and I are words."""
    return bool(_CAPITALS.fullmatch(word)) and word not in ("A", "I") and not shouted


def _of_letters(text: str) -> int:
    return sum(3 if letter in "wW" else 1 for letter in text if letter.isalpha())


@lru_cache(maxsize=10_000)
def _of_word(word: str) -> int:
    plain = re.sub(r"['’]", "", word)
    if len(plain) > _LONGEST:
        return len(plain) // 3
    vowels = len(_VOWELS.findall(plain)) + len(_HIATUS.findall(plain)) - len(_SILENT.findall(plain))
    return max(vowels, len(_HYPHENS.positions(plain)) + 1)


def _of_number(text: str) -> int:
    spoken = sum(map(_of_whole, re.findall("[0-9]+", text)))
    return spoken + text.count(".") + 2 * text.count("%")


def _of_whole(digits: str) -> int:
    """Up to 99 as a number; longer ones digit by digit, as phone numbers and years nearly are."""
    number = int(digits[-2:])
    if len(digits) > 2:
        return sum(_BELOW_TWENTY[int(digit)] for digit in digits)
    if number < 20:
        return _BELOW_TWENTY[number]
    return 2 + (number // 10 == 7) + (_BELOW_TWENTY[number % 10] if number % 10 else 0)
