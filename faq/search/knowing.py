"""What the texts and the list of lay words know of the words of a query. One statement, at most, for all of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from faq.search.folding import sound
from faq.search.query import Query

SHORTEST_BEGINNING = 3

# `here` is in how many questions a word stands, in whatever form; `begun` the same for words that begin with the last
# one, as if it were still being typed. Neighbours by likeness are for those that neither a text nor the list has. The
# number of questions is an estimate where there are many: to count them takes longer than to find one.
KNOW = """
WITH typed AS MATERIALIZED (
    SELECT place, word, sound,
        stood.here, stood.shown,
        EXISTS (SELECT FROM faq_layword AS lay WHERE active AND lay.sound = given.sound) AS explained,
        CASE WHEN goes_on THEN (SELECT max(entries) FROM faq_searchword AS known
            WHERE known.word ~>~ given.word AND known.word ~<~ (given.word || chr(1114111))) END AS begun
    FROM unnest(%(places)s::int[], %(words)s::text[], %(sounds)s::text[], %(go_on)s::bool[])
    AS given (place, word, sound, goes_on) CROSS JOIN LATERAL (
        SELECT max(entries) AS here, max(shown) AS shown FROM faq_searchword AS known
        WHERE known.stem = to_tsvector('ipsc_hindi', given.word) AND known.stem <> ''
    ) AS stood
)
SELECT 'total', -1, 0, '', '', CASE WHEN few < 1000 THEN few ELSE greatest(reltuples, few) END::int, 0
FROM (SELECT count(*) AS few FROM (SELECT FROM faq_searchentry LIMIT 1000) AS first) AS counted
JOIN pg_class ON oid = 'faq_searchentry'::regclass
UNION ALL
SELECT 'here', place, 1, word, '', here, shown FROM typed WHERE here > 0
UNION ALL
SELECT 'begun', place, 1, word, '', begun, 0 FROM typed WHERE begun > 0
UNION ALL
SELECT 'near', place, 1, near.word, '', near.entries, near.shown FROM typed CROSS JOIN LATERAL (
    SELECT * FROM faq_searchword AS known WHERE known.sound = typed.sound AND known.word <> typed.word
    ORDER BY entries DESC, word LIMIT 8
) AS near
UNION ALL
SELECT 'near', place, 1, near.word, '', near.entries, near.shown FROM typed CROSS JOIN LATERAL (
    SELECT * FROM faq_searchword AS known WHERE known.sound %% typed.sound AND known.sound <> typed.sound
    ORDER BY similarity(known.sound, typed.sound) DESC, entries DESC, word LIMIT 8
) AS near WHERE here IS NULL AND begun IS NULL AND NOT explained
UNION ALL
SELECT kind, place, length, lay.words, meant.word, coalesce((SELECT max(entries) FROM faq_searchword AS known
    WHERE known.stem = to_tsvector('ipsc_hindi', meant.word) AND known.stem <> ''), 0), 0
FROM (
    SELECT 'lay' AS kind, place, length, id FROM faq_layword JOIN unnest(
        %(starts)s::int[], %(lengths)s::int[], %(heard)s::text[]
    ) AS heard (place, length, sound) USING (sound) WHERE active
    UNION ALL
    SELECT 'like lay', place, 1, near.id FROM typed CROSS JOIN LATERAL (
        SELECT * FROM faq_layword AS lay WHERE active AND lay.sound %% typed.sound AND lay.sound <> typed.sound
        ORDER BY similarity(lay.sound, typed.sound) DESC, words LIMIT 4
    ) AS near WHERE here IS NULL AND begun IS NULL AND NOT explained
) AS said JOIN faq_layword AS lay USING (id)
CROSS JOIN LATERAL regexp_split_to_table(lower(trim(lay.means)), '[\\s,;]+') AS meant (word)
"""


class Known(NamedTuple):
    """A row of KNOW: what is known of the typed words from `place` on.

    `words` is the word itself, one near it or a lay word, which has its meaning in `meant`. `entries` are the questions
    that have the word, or the meaning; `shown` those in which readers see it.
    """

    kind: str
    place: int
    length: int
    words: str
    meant: str
    entries: int
    shown: int


def known(query: Query) -> list[Known]:
    """All that is known of a query that is not empty. One query."""
    starts, lengths, heard = zip(*query.phrases(), strict=True)
    given: dict[str, Any] = {
        "places": list(query.places),
        "words": query.words,
        "sounds": list(map(sound, query.words)),
        "go_on": list(_go_on(query)),
        "starts": list(starts),
        "lengths": list(lengths),
        "heard": list(heard),
    }
    with connection.cursor() as cursor:
        cursor.execute(KNOW, given)
        return [Known(*row) for row in cursor.fetchall()]


def _go_on(query: Query) -> Iterator[bool]:
    """For each word, whether it may be only the beginning of one."""
    for place in query.places:
        yield place == len(query.typed) - 1 and len(query.typed[place]) >= SHORTEST_BEGINNING
