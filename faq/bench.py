"""How fast the search is over ten and over ten thousand questions.

All is made and measured in one transaction that is rolled back, in a database for trials: while it lasts, nobody can
publish there.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from faq.models import Question, Topic, Wording
from faq.search import entries, lay
from faq.search.finding import find

SMALL, LARGE = 10, 10_000
AIM = 3.0
# Beginnings, middles and ends of syllables: as many words as a language has, and no more alike than those are.
SYLLABLES = {
    "en": ("b br c d f fl g h j k l m n p pr r s st t tr v w y", "a e i o u ai ea ou", "- - n r l m s t nd ck"),
    "hi": ("क ख ग च ज ट ड त थ द न प फ ब भ म य र ल व श स ह", "- ा ि ी ु े ो", "- - न र ल म स त ड़ क"),
}
# Words that many of the questions share, the first most.
COMMON = {
    "en": "spine bone pain cement vertebroplasty fracture needle osteoporosis kyphoplasty recovery anaesthetic",
    "hi": "रीढ़ हड्डी दर्द सीमेंट वर्टिब्रोप्लास्टी फ्रैक्चर सुई ऑस्टियोपोरोसिस काइफ़ोप्लास्टी बुज़ुर्ग",
}
QUERIES = [
    "vertebroplasty",
    "vertibroplasty",
    "kifoplasty recovry",
    "osteoporsis",
    "kamar dard",
    "reedh ki haddi toot gayi",
    "how long will it take my mother to walk again",
    "cement injection in the spine for a broken bone",
    "हड्डी का सीमेंट",
    "बुजुर्गों के लिए सुरक्षित",
    "a long word that everybody needs",
    "xqzzv",
]


def measure(*, rounds: int, now: datetime, say: Callable[[str], None] = print, sizes: Sequence[int] = ()) -> float:
    """Search over two `sizes` of made-up questions (SMALL and LARGE), `rounds` times each; say and return the ratio."""
    medians = []
    if not connection.in_atomic_block:
        # What an earlier round has left behind would be read over and over.
        _run("VACUUM ANALYZE faq_searchentry, faq_searchword, faq_question, faq_wording, faq_layword")
    with transaction.atomic():
        _empty()
        lay.load()
        topic = Topic.objects.create(title="Trials", slug="trials-of-the-bench", published=True)
        for size in sizes or (SMALL, LARGE):
            seed(topic, size - Question.objects.count(), now=now)
            medians.append(median_of(rounds, now=now))
            say(f"search over {size:>6,} questions: median {medians[-1]:.2f} ms")
        transaction.set_rollback(True)
    ratio = medians[1] / medians[0]
    say(f"large : small {ratio:.1f} (aim: at most {AIM:.0f})")
    return ratio


def _empty() -> None:
    for table in ("searchentry", "searchword", "wording", "vote", "question_related", "oldquestionslug", "question"):
        _run(f"DELETE FROM faq_{table}")  # noqa: S608 – the names in the line above


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def median_of(rounds: int, *, now: datetime) -> float:
    """Milliseconds of one search, over all QUERIES."""
    taken = []
    for turn in range(rounds + 3):
        for text in QUERIES:
            begun = time.perf_counter_ns()
            find(text, language="en", at=now)
            if turn >= 3:
                taken.append((time.perf_counter_ns() - begun) / 1e6)
    return statistics.median(taken)


def seed(topic: Topic, count: int, *, now: datetime) -> None:
    """Add so many questions in both languages, published and ready to be found."""
    chance = random.Random(count)  # noqa: S311 – made-up text, the same every time
    words = {language: vocabulary(chance, language) for language in SYLLABLES}
    first = Question.objects.count()
    rows = (Question(topic=topic, slug=f"trial-{first + number}") for number in range(count))
    while some := list(islice(rows, 500)):
        Question.objects.bulk_create(some)
        wordings = [wording(chance, row, language, words[language], now) for row in some for language in words]
        Wording.objects.bulk_create(wordings)
        entries.write([row.pk for row in some])
    _run("ANALYZE faq_question, faq_wording, faq_searchentry, faq_searchword, faq_layword, faq_topic")


def vocabulary(chance: random.Random, language: str) -> list[str]:
    """Twelve thousand words, those first that are said most."""
    parts = [["" if each == "-" else each for each in part.split()] for part in SYLLABLES[language]]
    syllables = ["".join(chance.choice(part) for part in parts) for _ in range(600)]
    made = {"".join(chance.choices(syllables, k=chance.randint(1, 3))) for _ in range(12_000)}
    return COMMON[language].split() + sorted(made, key=lambda word: (len(word), word))


def wording(chance: random.Random, question: Question, language: str, words: Sequence[str], now: datetime) -> Wording:
    text = said(chance, words)
    answer = "".join(f"<p>{' '.join(islice(text, 25))}.</p>" for _ in range(3))
    title = f"{' '.join(islice(text, 7))}?"
    return Wording(question=question, language=language, version=1, title=title[:200], answer=answer, published_at=now)


def said(chance: random.Random, words: Sequence[str]) -> Iterator[str]:
    """Words without end; the rank of a word is as often small as Zipf's law has it."""
    while True:
        yield words[int(len(words) ** chance.random()) - 1]
