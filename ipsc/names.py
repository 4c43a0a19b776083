"""Finding people by what is said on the phone: a name in either script, digits, a reference."""

import re

from anyascii import anyascii
from django.db.models import Q, QuerySet

MOST_NAME = 400


def search_key(name: str) -> str:
    """What `search_name` holds: the name in Latin letters, then the bones of each of its words between slashes."""
    letters = spelled(name)
    return " ".join([letters, *(f"/{bones(word)}/" for word in letters.split() if len(bones(word)) > 1)])[:MOST_NAME]


def bones(word: str) -> str:
    """What two spellings of a name have in common: its consonants, h and doubled letters aside.

    A script without the vowel between two consonants spells रमेश as rmes; people write Ramesh. Sunita, Suneeta and
    सुनीता are snt, too.
    """
    kept = word[:1] + re.sub(r"[^a-z0-9]|[aeiouyh]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", kept.replace("w", "v").replace("z", "j").replace("q", "k").replace("ck", "k"))


def spelled(name: str) -> str:
    """A name in plain Latin letters and lower case, whatever script it was typed in."""
    # A NUL that somebody searches for would be an error of the database.
    letters = "".join(each for each in anyascii(name) if each.isprintable() or each.isspace())
    return " ".join(letters.lower().split())[:MOST_NAME]


def matching(rows: QuerySet, text: str) -> QuerySet:
    """The rows that `text` may mean.

    Four or more digits are the end of a phone number or part of a reference; anything else is a name, found by each of
    its words in any order, as they are written or by their bones, and by similar spelling (trigrams).
    """
    digits = re.sub(r"\D", "", anyascii(text))
    letters = spelled(text)
    if not letters:
        return rows.none()
    if len(digits) >= 4 and not re.search(r"[a-z]", letters):
        found = Q(phone__endswith=digits[-10:])
        if hasattr(rows.model, "reference"):
            found |= Q(reference__contains=digits)
        return rows.filter(found)
    words = Q()
    for word in letters.split():
        same_bones = Q(search_name__contains=f"/{bones(word)}/") if len(bones(word)) > 1 else Q()
        words &= Q(search_name__contains=word) | same_bones
    return rows.filter(words | Q(search_name__trigram_word_similar=letters))
