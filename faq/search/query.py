"""What somebody typed, cut into words. Pure: nothing of it but letters, marks and digits goes any further."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from faq.search.folding import plain, sound
from faq.search.stops import STOPS

MOST_TEXT = 200  # characters that are read
MOST_WORDS = 12
LONGEST_WORD = 60
# A lay phrase has at most so many words.
LONGEST_PHRASE = 4


@dataclass(frozen=True)
class Query:
    """`typed` are all words in small letters; `places` are the places of those that are looked for."""

    typed: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        return not self.places

    @property
    def words(self) -> list[str]:
        return [self.typed[place] for place in self.places]

    def phrases(self) -> Iterator[tuple[int, int, str]]:
        """Every run of at most four typed words, small ones among them, by its place, its length and its sound."""
        sounds = [sound(word) for word in self.typed]
        for place in range(len(sounds)):
            for length in range(1, min(LONGEST_PHRASE, len(sounds) - place) + 1):
                if found := "".join(sounds[place : place + length]):
                    yield place, length, found


def cut(text: str) -> Query:
    """The first twelve words of the first 200 characters, without those that say nothing (what, is, क्या, hai)."""
    typed = words_of(text[:MOST_TEXT])[: 3 * MOST_WORDS]
    places = [place for place, word in enumerate(typed) if word not in STOPS and sound(word)]
    return Query(tuple(typed), tuple(places[:MOST_WORDS]))


def words_of(text: str) -> list[str]:
    """The words of a text in small letters. Whatever is no letter, mark or digit only divides them."""
    letters = "".join(
        each if unicodedata.category(each)[0] in "LMN" else _between(each) for each in plain(text).lower()
    )
    return [word[:LONGEST_WORD] for word in letters.split() if re.search(r"[^\W_]", word)]


def _between(character: str) -> str:
    # don't and patient's are one word each.
    return "" if character in "'’" else " "
