"""Addresses that pages had before. They lead to the page itself, not to an address: so no chain and no loop can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from faq.models.question import Question
from faq.models.topic import Topic
from faq.slugs import LONGEST


class OldTopicSlug(models.Model):
    """A slug under which a topic was public once."""

    slug = models.SlugField(max_length=LONGEST, unique=True)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a topic")

    def __str__(self) -> str:
        return self.slug


class OldQuestionSlug(models.Model):
    """A topic and a slug under which a question was public once. The topic may have another slug by now."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=LONGEST)
    question = models.ForeignKey(Question, models.CASCADE, related_name="old_slugs")

    class Meta:
        verbose_name = _("old address of a question")
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "slug"],
                name="old_question_slug_once",
                violation_error_message=_("This address leads to another question already."),
            )
        ]

    def __str__(self) -> str:
        return self.slug
