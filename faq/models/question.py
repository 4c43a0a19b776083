"""A question: its place, when it is public, and who looks after it. Its words stand in `Wording`."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appointments.models import Clinician
from faq.models.topic import Topic
from faq.slugs import LONGEST, RESERVED, not_reserved
from ipsc.history import history
from ipsc.identifiers import opaque_id

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


class Questions(models.QuerySet):
    def published(self, at: datetime):
        """Those that the public may see at this moment (rule F1), in any language."""
        begun = Q(publish_from__isnull=True) | Q(publish_from__lte=at)
        going_on = Q(unpublish_at__isnull=True) | Q(unpublish_at__gt=at)
        wordings = self.model._meta.get_field("wordings").related_model._default_manager
        worded = models.Exists(wordings.filter(question=models.OuterRef("pk"), published_at__isnull=False))
        return self.filter(begun, going_on, worded, topic__published=True)


class Question(models.Model):
    """A question of a topic. `keywords` are what people may call it; they are searched and never shown."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    topic = models.ForeignKey(Topic, models.PROTECT, verbose_name=_("topic"), related_name="questions")
    slug = models.SlugField(
        _("address"),
        max_length=LONGEST,
        validators=[not_reserved],
        help_text=_("The last part of the page's address. After a change, the old address leads to the new one."),
    )
    order = models.PositiveIntegerField(_("order"), default=0, db_index=True)
    keywords = models.TextField(
        _("words that people use for it"),
        max_length=1000,
        blank=True,
        help_text=_("For the search alone, divided by commas: lay words, misspellings, Hindi in either script."),
    )
    red_flags = models.BooleanField(
        _("show the signs that cannot wait beside the answer"),
        default=False,
        help_text=_("For questions about the time after a procedure. They stand above the invitation to book anyway."),
    )
    to_confirm = models.TextField(
        _("for the doctors to confirm"),
        max_length=500,
        blank=True,
        help_text=_("A claim in the answer that none of our doctors has confirmed yet. Patients do not see this note."),
    )
    publish_from = models.DateTimeField(_("public from"), null=True, blank=True)
    unpublish_at = models.DateTimeField(_("public until"), null=True, blank=True)
    reviewer = models.ForeignKey(
        Clinician,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("doctor who looks after it"),
        related_name="questions",
        help_text=_("Is told when a draft waits and when a review is due."),
    )
    related = models.ManyToManyField("self", verbose_name=_("related questions"), blank=True)
    # Which text of the first content it began as: it is never loaded again, whatever becomes of it.
    source_key = models.CharField(max_length=180, unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Questions.as_manager()
    history = history(m2m_fields=[related])

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["topic__order", "topic_id", "order", "pk"]
        permissions = [("publish_question", "Can publish and review answers")]
        indexes = [
            models.Index(
                fields=["publish_from"], name="question_publish_from", condition=Q(publish_from__isnull=False)
            ),
            models.Index(
                fields=["unpublish_at"], name="question_unpublish_at", condition=Q(unpublish_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "slug"],
                name="question_address_once",
                violation_error_message=_("Another question of this topic has this address already."),
            ),
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(slug__in=sorted(RESERVED)),
                name="question_address",
                violation_error_message=_("Give the question an address that the site does not use for another page."),
            ),
            models.CheckConstraint(
                # At the ends of the calendar a moment cannot be told in another time zone.
                condition=(Q(publish_from__isnull=True) | Q(publish_from__range=(EARLIEST, LATEST)))
                & (Q(unpublish_at__isnull=True) | Q(unpublish_at__range=(EARLIEST, LATEST))),
                name="question_moments",
                violation_error_message=_("Give a moment of the years 2000 to 2199."),
            ),
            models.CheckConstraint(
                condition=Q(publish_from__isnull=True)
                | Q(unpublish_at__isnull=True)
                | Q(unpublish_at__gt=F("publish_from")),
                name="question_public_span",
                violation_error_message=_("“Public until” has to be later than “public from”."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.slug

    def get_absolute_url(self) -> str:
        return reverse("faq:question", args=[self.topic.slug, self.slug])

    @property
    def label(self) -> str:
        """What staff call it: its English title, published or not, else its Hindi one."""
        for wording in sorted(self.wordings.all(), key=lambda each: each.language):
            if found := wording.title or wording.draft_title:
                return found
        return ""

    def is_in_time(self, at: datetime) -> bool:
        """Whether the public may see it at this moment, as far as its own two moments say."""
        return (self.publish_from is None or self.publish_from <= at) and (
            self.unpublish_at is None or at < self.unpublish_at
        )
