"""Where a question stands, when it is public, who looks after it; and the topics. Old addresses lead to the page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from faq.editing.refusals import AddressTaken, AddressUsed
from faq.editing.rights import demand_publisher, may_publish
from faq.models import OldQuestionSlug, OldTopicSlug, Question, Topic
from faq.search import entries
from faq.slugs import slug_of
from ipsc.history import Actor, acting, save_as
from ipsc.verbs import verb

# What everybody who writes may change of a question that the public reads; all else wants the right to publish.
FREE = frozenset({"keywords", "to_confirm", "reviewer", "order"})


@verb(refusals={})
def new_question(*, topic: Topic, title: str, by: Actor, now: datetime, **values: Any) -> Question:
    """Make a question without any text, at the end of its topic, with an address made from its `title`."""
    Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    taken = set(topic.questions.values_list("slug", flat=True))
    taken |= set(OldQuestionSlug.objects.filter(topic=topic).values_list("slug", flat=True))
    last = topic.questions.aggregate(last=models.Max("order"))["last"] or 0
    values.setdefault("slug", slug_of(title, taken))
    question = Question(topic=topic, **{"order": last + 10, **values})
    question.full_clean(exclude=["related"])
    save_as(question, by=by, why="")
    return question


@verb(refusals={"question_address_once": AddressUsed})
def amend_question(
    *,
    question: Question,
    values: Mapping[str, Any],
    by: Actor,
    now: datetime,
    related: Iterable[Question] | None = None,
    why: str = "",
) -> Question:
    """Change facts of a question. Where it was public, its old address leads to the new one from now on.

    :raises MayNotPublish: it is public, and `by` may not change this of it.
    :raises AddressTaken: the new address led to another question before.
    :raises AddressUsed: somebody has given it to another question in this moment.
    """
    topics = {question.topic_id, getattr(values.get("topic"), "pk", question.topic_id)}
    list(Topic.objects.select_for_update(no_key=True).filter(pk__in=topics).order_by("pk"))
    question = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    was_public = question.wordings.filter(published_at__isnull=False).exists()
    changed = {name for name, value in values.items() if getattr(question, name) != value}
    new_related = None if related is None else {each.pk for each in related} - {question.pk}
    if new_related is not None and new_related != set(question.related.values_list("pk", flat=True)):
        changed.add("related")
    guarded = changed - FREE
    if "to_confirm" in changed and not values["to_confirm"]:
        # A claim stays marked until somebody who may publish says that a doctor has confirmed it.
        guarded.add("to_confirm")
    if was_public and guarded:
        demand_publisher(by)
    if changed & {"topic", "slug"}:
        _move(question, values, keep=question.wordings.filter(version__gt=0).exists())
    if changed - {"related"}:
        for name in changed - {"related"}:
            setattr(question, name, values[name])
        save_as(question, by=by, why=why)
    if "related" in changed and new_related is not None:
        with acting(question, by=by, why=why):
            question.related.set(sorted(new_related))
    if "keywords" in changed:
        entries.write([question.pk])
    return question


def _move(question: Question, values: Mapping[str, Any], *, keep: bool) -> None:
    """Remember where a question stood, and forget that its new place was ever another one's."""
    topic, slug = values.get("topic", question.topic), values.get("slug", question.slug)
    old = OldQuestionSlug.objects.filter(topic=topic, slug=slug)
    if old.exclude(question=question).exists():
        raise AddressTaken
    old.delete()
    if keep:
        OldQuestionSlug.objects.get_or_create(
            topic_id=question.topic_id, slug=question.slug, defaults={"question": question}
        )


@verb(refusals={"faq_topic_slug_key": AddressUsed})
def amend_topic(*, topic: Topic, values: Mapping[str, Any], by: Actor, now: datetime, why: str = "") -> Topic:
    """Make or change a topic. Where it was public, its old address leads to the new one from now on.

    :raises MayNotPublish: it is public or to become so, and `by` has not the right.
    :raises AddressTaken: the new address led to another topic before.
    """
    stored = Topic.objects.select_for_update(no_key=True).filter(pk=topic.pk).first() or Topic()
    changed = {name for name, value in values.items() if getattr(stored, name) != value}
    if not changed and stored.pk:
        return stored
    if (stored.published or values.get("published")) and changed - {"order"} and not may_publish(by):
        demand_publisher(by)
    if "slug" in changed:
        _rename(stored, values["slug"])
    for name in changed:
        setattr(stored, name, values[name])
    save_as(stored, by=by, why=why)
    return stored


def _rename(topic: Topic, slug: str) -> None:
    old = OldTopicSlug.objects.filter(slug=slug)
    if old.exclude(topic_id=topic.pk).exists():
        raise AddressTaken
    old.delete()
    if topic.pk and topic.slug and topic.history.filter(published=True).exists():
        OldTopicSlug.objects.get_or_create(slug=topic.slug, defaults={"topic": topic})


@verb(refusals={})
def reorder(*, rows: Mapping[int, int], model: type[Topic] | type[Question], by: Actor, now: datetime) -> int:
    """Give these rows (id: order number) their places; return how many had another one."""
    found = model._default_manager.select_for_update(no_key=True).filter(pk__in=rows).order_by("pk")
    moved = [row for row in found if row.order != rows[row.pk]]
    for row in moved:
        row.order = rows[row.pk]
        save_as(row, by=by, why="order")
    return len(moved)
