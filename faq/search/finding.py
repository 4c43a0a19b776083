"""Questions for what somebody typed, the best first. At most three queries."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.safestring import SafeString

from faq.models import Question
from faq.search.extracts import OPTIONS, marked
from faq.search.meaning import Meaning, understand
from faq.search.query import cut

MOST_HITS = 20
# A word that stands in at most ALL_OF questions is rare: they are all compared. Of a common word, which tells little,
# SOME_OF are, and those that other words of the query lead to.
ALL_OF, SOME_OF = 100, 25
# What a word weighs in the answer, in the keywords and in the question. Nothing has the weight C.
WEIGHTS = "{0.25, 0.25, 0.7, 1.0}"
# Letters of an answer that an extract is taken from.
LONGEST_READ = 6_000


@dataclass(frozen=True)
class Hit:
    """A question that was found. `language` is that of `title` and of `extract`, which marks what was looked for."""

    question: Question
    language: str
    title: str
    extract: SafeString


@dataclass(frozen=True)
class Found:
    """What came of a search: at most 20 hits.

    `looked_for` are the words that were searched in the end; `corrected` is the query with them, where one that nobody
    wrote here was taken for another; `is_empty_query` says that there was no word to look for.
    """

    hits: list[Hit] = field(default_factory=list)
    corrected: str = ""
    looked_for: list[str] = field(default_factory=list)
    is_empty_query: bool = False


class Row(NamedTuple):
    question_id: int
    language: str
    title: str
    piece: str
    begins: str


# A question's score is, over all groups, that of the group's best term: what the term is worth, by where and how often
# it stands in the question. `met` are the questions that are compared, each vector unpacked once: those with a word of
# every group, all that have a rare word, and some of those that have a common one in their heads, or else anywhere.
SEARCH = """
WITH term AS MATERIALIZED (
    SELECT * FROM (
        SELECT name, worth, most, CASE WHEN beginning THEN to_tsquery('simple', word)
            ELSE plainto_tsquery('ipsc_hindi', word) END AS query
        FROM unnest(%(names)s::text[], %(worths)s::float[], %(mosts)s::int[], %(words)s::text[], %(beginnings)s::bool[])
        AS given (name, worth, most, word, beginning)
    ) AS read WHERE numnode(query) > 0
), every AS MATERIALIZED (
    SELECT string_agg(concat('(', query, ')'), ' | ')::tsquery AS query FROM term
), whole AS MATERIALIZED (
    SELECT string_agg(concat('(', query, ')'), ' & ')::tsquery AS query FROM (
        SELECT string_agg(concat('(', query, ')'), ' | ') AS query FROM term GROUP BY name
    ) AS grouped
), together AS MATERIALIZED (
    SELECT question_id FROM whole CROSS JOIN LATERAL (
        SELECT question_id FROM faq_searchentry WHERE vector @@ query LIMIT %(all_of)s
    ) AS everything
), met AS MATERIALIZED (
    SELECT question_id, ts_filter(vector, '{{a,b,d}}') AS vector FROM faq_searchentry WHERE question_id IN (
        SELECT question_id FROM together
        UNION
        SELECT question_id FROM term CROSS JOIN LATERAL (
            SELECT question_id FROM faq_searchentry WHERE head @@ query LIMIT most
        ) AS above
        UNION
        SELECT question_id FROM term CROSS JOIN LATERAL (
            SELECT question_id FROM faq_searchentry WHERE vector @@ query LIMIT most
        ) AS anywhere WHERE most = %(all_of)s OR NOT EXISTS (SELECT FROM together)
    )
), scored AS MATERIALIZED (
    SELECT question_id, sum(score) AS score FROM (
        SELECT question_id, name, max(worth * ts_rank(%(places)s::float4[], vector, query)) AS score
        FROM met CROSS JOIN term GROUP BY question_id, name
    ) AS grouped GROUP BY question_id
), best AS (
    SELECT question_id, score FROM scored WHERE question_id IN ({published})
    ORDER BY score DESC, question_id LIMIT %(most_hits)s
)
SELECT question_id, language, title, ts_headline(
    CASE language WHEN 'hi' THEN 'ipsc_hindi' ELSE 'ipsc_english' END::regconfig,
    left(body, %(longest_read)s), every.query, %(options)s
), left(body, 40)
FROM best JOIN faq_searchentry USING (question_id) CROSS JOIN every CROSS JOIN LATERAL (
    SELECT * FROM (VALUES ('en', title_en, body_en), ('hi', title_hi, body_hi)) AS written (language, title, body)
    WHERE title <> '' ORDER BY language = %(language)s DESC LIMIT 1
) AS shown
ORDER BY score DESC, question_id
"""


def find(text: str, *, language: str, at: datetime) -> Found:
    """Questions that the public may see at this moment, for whatever somebody typed; nothing in `text` raises.

    Texts of both languages are searched. A hit has the text of `language` ("en" or "hi"), or the other where there is
    none. No query where there is nothing to look for; two where nothing is found; three otherwise.
    """
    query = cut(text)
    if query.is_empty:
        return Found(is_empty_query=True)
    meaning = understand(query)
    rows = _search(meaning, language=language, at=at) if meaning.terms else []
    looked_for = list(dict.fromkeys(term.word for term in meaning.terms))
    if not rows:
        return Found(looked_for=looked_for)
    questions = Question.objects.select_related("topic").in_bulk([row.question_id for row in rows])
    hits = [
        Hit(questions[row.question_id], row.language, row.title, marked(row.piece, row.begins))
        for row in rows
        if row.question_id in questions
    ]
    return Found(hits, meaning.corrected, looked_for)


def _search(meaning: Meaning, *, language: str, at: datetime) -> list[Row]:
    published, parameters = Question.objects.published(at).order_by().values("pk").query.sql_with_params()
    terms = meaning.terms
    given: dict[str, Any] = {
        "names": [term.group for term in terms],
        "worths": [meaning.worth(term) for term in terms],
        "mosts": [ALL_OF if term.entries <= ALL_OF else SOME_OF for term in terms],
        "words": [f"'{term.word}':*" if term.beginning else term.word for term in terms],
        "beginnings": [term.beginning for term in terms],
        "all_of": ALL_OF,
        "places": WEIGHTS,
        "most_hits": MOST_HITS,
        "longest_read": LONGEST_READ,
        "options": OPTIONS,
        "language": language,
    }
    named = {f"published_{number}": value for number, value in enumerate(parameters)}
    condition = published % tuple(f"%({name})s" for name in named)
    with connection.cursor() as cursor:
        cursor.execute(SEARCH.format(published=condition), given | named)
        return [Row(*row) for row in cursor.fetchall()]
