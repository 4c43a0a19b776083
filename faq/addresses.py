"""Where a page stands now that stood at another address before. Only what is public is told."""

from datetime import datetime

from django.db.models import Q

from faq.models import OldQuestionSlug, Question, Topic


def moved_topic(slug: str) -> str | None:
    """The address of the topic that had this slug once; None without one that is public."""
    topic = _topic(slug)
    return topic.get_absolute_url() if topic and topic.slug != slug else None


def moved_question(topic_slug: str, slug: str, *, at: datetime) -> str | None:
    """The address of the question that stood at this topic and slug once, whatever its topic is called now."""
    if "\0" in topic_slug + slug:
        return None
    topics = Topic.objects.filter(Q(slug=topic_slug) | Q(old_slugs__slug=topic_slug)).values("pk")
    public = Question.objects.published(at).select_related("topic")
    found = public.filter(topic__in=topics, slug=slug).first()
    if found is None:
        old = OldQuestionSlug.objects.filter(topic__in=topics, slug=slug).values("question")
        found = public.filter(pk__in=old).first()
    if found is None or (found.topic.slug, found.slug) == (topic_slug, slug):
        return None
    return found.get_absolute_url()


def _topic(slug: str) -> Topic | None:
    return Topic.objects.published().filter(old_slugs__slug=slug).first() if "\0" not in slug else None
