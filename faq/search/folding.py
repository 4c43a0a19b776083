"""How a word sounds, roughly, in either script: what misspellings of it have in common. Pure.

vertebroplasty and vertibroplasty, kyphoplasty and kifoplasty, हड्डी and haddi, कमर and kamar sound alike here.
Devanagari is first spelled in Latin letters. Every a inside a word goes, because Devanagari does not write it, and
people who type Hindi in Latin letters write as many as they please.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# What joins or divides letters of Devanagari without being one: nobody types it twice alike.
JOINERS = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
NASAL = re.compile("[ंँ]")
DEVANAGARI = re.compile("[\u0900-\u097f]")

# In this order: from the line with ch on, c stands for its sound.
LATIN = [
    (r"[^a-z0-9]", ""),
    (r"[cst]ion", "sn"),
    (r"sch|sh", "s"),
    (r"ck|cc(?![eiyh])|c(?![eiyh])|q", "k"),
    (r"c(?=[eiy])", "s"),
    (r"ch", "c"),
    (r"(?<=[kp])tur[ea]?(?=s?$)", "cr"),
    (r"ph", "f"),
    (r"x", "ks"),
    (r"z", "j"),
    (r"w", "v"),
    (r"(?<=[bcdgjkprtl])h", ""),
    (r"(?<=[a-z0-9])a", ""),
    (r"[eiy]+", "i"),
    (r"[ou]+", "u"),
    (r"(.)\1+", r"\1"),
    (r"(?<=..[^aius])i(?=s?$)|(?<=..)[iu]?h$", ""),
]
RULES = [(re.compile(pattern), instead) for pattern, instead in LATIN]


def plain(text: str) -> str:
    """Text as it is stored and compared: composed alike, without joiners; what does not print becomes a space."""
    text = JOINERS.sub("", unicodedata.normalize("NFC", text))
    return "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The sound of a word of either script: small Latin letters and digits, empty where the word has none."""
    # A picture has a name in letters too, but nobody says it.
    said = "".join(each for each in word if unicodedata.category(each)[0] in "LMN")
    letters = anyascii(NASAL.sub("न", said)).lower()
    if DEVANAGARI.search(word):
        letters = re.sub(r"c(?!h)", "ch", letters.replace("'", ""))
    for pattern, instead in RULES:
        letters = pattern.sub(instead, letters)
    return letters


def sound_of_phrase(words: str) -> str:
    """The sound of several words, closed up: backbone and back bone are one."""
    return "".join(sound(word) for word in words.split())


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out, changed or swapped with their neighbour (optimal alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and right == one[row - 2]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
