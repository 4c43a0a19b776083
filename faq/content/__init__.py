"""The first content: written in a file that loads once, and never over anything that staff have made of it."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from appointments.models import Service
from faq.editing.publishing import publish
from faq.editing.writing import save_draft
from faq.models import Draft, Language, Question, Topic
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

FOLDER = Path(__file__).parent
WHY = "first content"
# Any number does, as long as nothing else takes this lock.
LOCK = 0x1F5D


@dataclass
class Loaded:
    """What a load has made or, when it was dry, would make; each by its key."""

    topics: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.topics and not self.questions:
            return f"Questions: nothing to load, {len(self.kept)} are there already."
        return (
            f"Questions: {len(self.questions)} in {len(self.topics)} new topics; {len(self.kept)} were there already."
        )


def files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.toml") if path.name != "lay_words.toml")


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@verb(refusals={})
def load(*, by: Actor, now: datetime, dry: bool = False) -> Loaded:
    """Load each topic and question of the files that was never loaded before.

    A question is known by its key in the file, whatever has become of its words, its place and its address since; so
    nothing that staff have changed is ever written over.
    """
    done = Loaded()
    one_at_a_time()
    for path in files():
        found = read(path)
        keys = [f"{found['slug']}/{each['slug']}" for each in found["questions"]]
        known = set(Question.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
        topic = _topic(found, known, done, by=by, dry=dry)
        for place, (key, each) in enumerate(zip(keys, found["questions"], strict=True), start=1):
            if key in known:
                done.kept.append(key)
                continue
            done.questions.append(key)
            if not dry and topic is not None:
                _question(topic, key, each, order=place * 10, by=by, now=now)
    return done


def one_at_a_time() -> None:
    """Wait until no other transaction loads; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _topic(found: dict[str, Any], known: set[str], done: Loaded, *, by: Actor, dry: bool) -> Topic | None:
    """The topic of a file: the one in which its questions stand by now, the one of this address, or a new one."""
    old = Question.objects.filter(source_key__in=known).select_related("topic").first()
    topic = old.topic if old else Topic.objects.filter(slug=found["slug"]).first()
    if topic is None:
        done.topics.append(found["slug"])
        names = ("slug", "title", "title_hi", "medical_name", "medical_name_hi", "introduction", "introduction_hi")
        # What somebody books who has read and is not sure; staff choose another one, or none.
        service = Service.objects.public().filter(first_choice=True).first()
        topic = Topic(published=True, order=10, service=service, **{name: found.get(name, "") for name in names})
        if dry:
            return None
        save_as(topic, by=by, why=WHY)
    return topic


def _question(topic: Topic, key: str, each: dict[str, Any], *, order: int, by: Actor, now: datetime) -> None:
    question = Question(
        topic=topic,
        slug=each["slug"],
        order=order,
        keywords=each.get("keywords", ""),
        red_flags=each.get("red_flags", False),
        to_confirm=each.get("to_confirm", ""),
        source_key=key,
    )
    save_as(question, by=by, why=WHY)
    for language, ending in ((Language.ENGLISH, ""), (Language.HINDI, "_hi")):
        draft = Draft(title=each[f"question{ending}"], answer=each[f"answer{ending}"])
        made = save_draft(question=question, language=language, draft=draft, seen=0, by=by, now=now, why=WHY)
        publish(question=question, language=language, seen=made.sequence, by=by, now=now, why=WHY)
