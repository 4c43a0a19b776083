"""Searches that found nothing, for editors: what people miss, and never what one person typed."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from faq.models import FruitlessSearch
from faq.models.search import ENOUGH, LONGEST_TERM, SHORTEST_TERM
from faq.search.query import MOST_TEXT, cut
from ipsc.dates import clinic_day

MOST_KEPT = 1_000  # different terms
KEPT_FOR = timedelta(days=90)
# Letters of a mark: one in 65,536 places has the same, so that a mark leads to nobody. The last twenty are kept.
MARK, MOST_PLACES = 4, 20

# One statement. Where there is no room, the term goes that nobody has looked for lately, those without words first. A
# place that is among the last twenty does not count again: one visitor alone never makes two of one.
COUNT = """
WITH room AS (
    DELETE FROM faq_fruitlesssearch WHERE key IN (
        SELECT key FROM faq_fruitlesssearch
        WHERE (SELECT count(*) FROM faq_fruitlesssearch) >= %(most)s
            AND NOT EXISTS (SELECT FROM faq_fruitlesssearch WHERE key = %(key)s)
        ORDER BY term <> '', last_on, times LIMIT 1 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO faq_fruitlesssearch AS known (key, term, times, places, first_on, last_on)
VALUES (%(key)s, '', 1, %(mark)s, %(today)s, %(today)s)
ON CONFLICT (key) DO UPDATE SET
    term = CASE WHEN known.times + 1 >= %(enough)s THEN %(term)s ELSE '' END,
    times = known.times + 1,
    places = right(known.places || ' ' || excluded.places, %(longest)s),
    last_on = greatest(known.last_on, excluded.last_on)
WHERE position(excluded.places IN known.places) = 0
RETURNING times
"""


def count(text: str, *, place: str, now: datetime) -> bool:
    """Count a search that found nothing, from `place` (an address, as limits count it); say whether it counted.

    One statement, and none for a text that may be about a person or says too little: one with a digit or an @, one of
    fewer than 3 or more than 60 letters. The words are kept from the third different place on.
    """
    term = term_of(text)
    if not term:
        return False
    values: dict[str, Any] = {
        "key": _hash("term", term),
        "term": term,
        # With the term in it: whoever looks for two things leaves two marks that nobody can put together.
        "mark": _hash("place", f"{place}\n{term}")[:MARK],
        "longest": MOST_PLACES * (MARK + 1) - 1,
        "today": clinic_day(now),
        "enough": ENOUGH,
        "most": MOST_KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        return cursor.fetchone() is not None


def term_of(text: str) -> str:
    """The words of a text as they would be kept; empty for a text that is not counted."""
    term = " ".join(cut(text).typed)
    # Very long words have lost their ends in the term.
    may_be_kept = len(term) >= SHORTEST_TERM and len(" ".join(text.split())) <= LONGEST_TERM and len(text) <= MOST_TEXT
    return term if may_be_kept and not any(each.isnumeric() or each in "@＠" for each in text) else ""


def forget(*, now: datetime) -> int:
    """Delete what nobody has looked for in 90 days; return how many. For `manage.py sweep`."""
    return FruitlessSearch.objects.filter(last_on__lte=clinic_day(now) - KEPT_FOR).delete()[0]


def _hash(what: str, value: str) -> str:
    return salted_hmac(f"faq.search.fruitless.{what}", value, algorithm="sha256").hexdigest()
