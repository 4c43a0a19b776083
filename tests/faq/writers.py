"""The FAQ's cast: topics and questions made by the verbs, and the people who write and publish them."""

import itertools

from django.contrib.auth.models import Group, User

from faq import editing
from faq.models import Draft, Language, Question, Topic, Wording
from ipsc.history import SITE, Actor
from ipsc.roles import EDITOR, PUBLISHER
from tests.factories import NOW

_numbers = itertools.count(1)


def topic(**fields) -> Topic:
    """A published topic."""
    number = next(_numbers)
    values = {"title": f"Topic {number}", "slug": f"topic-{number}", "published": True, "order": number} | fields
    return editing.amend_topic(topic=Topic(), values=values, by=SITE, now=NOW)


def question(title: str = "Is it safe?", of: Topic | None = None, **fields) -> Question:
    """A question without any text."""
    return editing.new_question(topic=of or topic(), title=title, by=SITE, now=NOW, **fields)


def draft(title: str = "Is it safe?", answer: str = "<p>Ask the doctor.</p>", **fields) -> Draft:
    return Draft(title=title, answer=answer, **fields)


def drafted(row: Question | None = None, text: Draft | None = None, language: str = Language.ENGLISH) -> Wording:
    """A question with a draft."""
    row = row or question()
    found = Wording.objects.filter(question=row, language=language).first()
    seen = found.sequence if found else 0
    return editing.save_draft(
        question=row, language=language, draft=text or draft(), seen=seen, by=SITE, now=NOW, why=""
    )


def published(row: Question | None = None, text: Draft | None = None, language: str = Language.ENGLISH) -> Wording:
    """A question that the public reads in this language."""
    made = drafted(row, text, language)
    return editing.publish(question=made.question, language=language, seen=made.sequence, by=SITE, now=NOW)


def account(role: str, name: str = "") -> User:
    """Somebody of the staff with one role."""
    user, _made = User.objects.get_or_create(username=name or role.lower().replace(" ", "-"), is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    return user


def editor() -> Actor:
    return Actor.staff(account(EDITOR))


def publisher() -> Actor:
    return Actor.staff(account(PUBLISHER))
