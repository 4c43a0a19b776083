"""Finding people and bookings by what is said on the phone: a name in either script, digits, a reference."""

import re

from anyascii import anyascii
from django.db.models import Q, QuerySet

MOST_NAME = 400


def spelled(name: str) -> str:
    """A name in plain Latin letters and lower case, whatever script it was typed in, as `search_name` holds it."""
    # A NUL that somebody searches for would be an error of the database.
    letters = "".join(each for each in anyascii(name) if each.isprintable() or each.isspace())
    return " ".join(letters.lower().split())[:MOST_NAME]


def matching(rows: QuerySet, text: str) -> QuerySet:
    """The rows that `text` may mean.

    Four or more digits are the end of a phone number or part of a reference; anything else is a name, found by each of
    its words in any order and by similar spelling (trigrams).
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
        words &= Q(search_name__contains=word)
    return rows.filter(words | Q(search_name__trigram_word_similar=letters))
