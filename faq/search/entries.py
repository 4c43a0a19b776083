"""What the search knows of questions, brought up to date whenever something of them is published."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import connection, transaction

from faq.html import text_of
from faq.models import Question, SearchEntry, SearchWord
from faq.models.search import LONGEST_WORD
from faq.search.folding import plain, sound
from faq.search.query import words_of
from faq.search.stops import STOPS

# Any number that nothing else of the site locks. One rewrite at a time: the counters of words are then never out by
# one, and no two rewrites wait for each other's rows.
LOCK = 0x1F5C_FA05
AT_ONCE = 200


def write(question_ids: Collection[int]) -> int:
    """Make the entries of these questions, and the counters of their words, agree with what is published of them.

    Call it in the transaction that changed them: a text or a title published, keywords changed, a text taken back, a
    question about to be deleted (`forget`). Costs the words of these questions, however many others there are. Returns
    how many of them can be searched now.
    """
    with transaction.atomic():
        _lock()
        return _write(question_ids)


def forget(question_ids: Collection[int]) -> None:
    """Take these questions out of the search; what a verb calls before it deletes them."""
    with transaction.atomic():
        _lock()
        before = _words_of_entries(question_ids)
        SearchEntry.objects.filter(pk__in=question_ids).delete()
        _count(before, [])


def write_all() -> int:
    """Make everything again, counters included; return how many questions can be searched."""
    with transaction.atomic():
        _lock()
        SearchEntry.objects.all().delete()
        SearchWord.objects.all().delete()
        ids = list(Question.objects.order_by("pk").values_list("pk", flat=True))
        return sum(_write(ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _write(question_ids: Collection[int]) -> int:
    before = _words_of_entries(question_ids)
    questions = Question.objects.filter(pk__in=question_ids).prefetch_related("wordings").order_by("pk")
    entries = [entry for question in questions if (entry := entry_of(question))]
    SearchEntry.objects.filter(pk__in=question_ids).exclude(pk__in=[entry.pk for entry in entries]).delete()
    fields = ["title_en", "title_hi", "keywords", "body_en", "body_hi", "words"]
    SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["question"], update_fields=fields)
    _count(before, [entry.words for entry in entries])
    return len(entries)


def entry_of(question: Question) -> SearchEntry | None:
    """The entry of a question whose wordings are loaded; None if none of them is published."""
    texts = {f"{each}_{language}": "" for each in ("title", "body") for language in ("en", "hi")}
    for wording in question.wordings.all():
        if wording.is_public_text:
            texts[f"title_{wording.language}"] = " ".join(plain(wording.title).split())
            texts[f"body_{wording.language}"] = " ".join(plain(text_of(wording.answer)).split())
    if not (texts["title_en"] or texts["title_hi"]):
        return None
    keywords = " ".join(plain(question.keywords).split())
    words = dict.fromkeys(vocabulary([keywords]), 0) | dict.fromkeys(vocabulary(texts.values()), 1)
    return SearchEntry(question=question, keywords=keywords, words=words, **texts)


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The different words of texts that somebody may look for."""
    found = {word[:LONGEST_WORD] for text in texts for word in words_of(text)}
    return {word for word in found if word not in STOPS and sound(word)}


def _words_of_entries(question_ids: Collection[int]) -> list[dict[str, int]]:
    return list(SearchEntry.objects.filter(pk__in=question_ids).values_list("words", flat=True))


# A row that would count nothing is never written: what goes to nought goes away, and what is new is more than nought.
COUNT = """
WITH change AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[]) AS given (word, sound, entries, shown)
), gone AS (
    DELETE FROM faq_searchword AS known USING change
    WHERE known.word = change.word AND known.entries + change.entries <= 0
), kept AS (
    UPDATE faq_searchword AS known SET entries = known.entries + change.entries, shown = known.shown + change.shown
    FROM change WHERE known.word = change.word AND known.entries + change.entries > 0
)
INSERT INTO faq_searchword (word, sound, entries, shown)
SELECT word, sound, entries, shown FROM change
WHERE entries > 0 AND NOT EXISTS (SELECT FROM faq_searchword AS known WHERE known.word = change.word)
"""


def _count(before: Iterable[dict[str, int]], after: Iterable[dict[str, int]]) -> None:
    """Take the words of `before` off the counters and add those of `after`."""
    entries: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for sign, texts in ((-1, before), (1, after)):
        for words in texts:
            for word, seen in words.items():
                entries[word] += sign
                shown[word] += sign * seen
    changed = sorted(word for word in entries if entries[word] or shown[word])
    sounds = [sound(word)[:LONGEST_WORD] for word in changed]
    with connection.cursor() as cursor:
        numbers = [[count[word] for word in changed] for count in (entries, shown)]
        cursor.execute(COUNT, [changed, sounds, *numbers])
