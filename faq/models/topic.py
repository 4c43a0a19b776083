"""What questions are about: a treatment, for the most part."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appointments.models import Service
from faq.slugs import LONGEST, RESERVED, not_reserved
from ipsc.history import history
from ipsc.identifiers import opaque_id


class Topics(models.QuerySet):
    def published(self):
        """Those that the public may see."""
        return self.filter(published=True)


class Topic(models.Model):
    """A group of questions with a page of its own, and the service that its call to book preselects."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    title = models.CharField(_("title"), max_length=150)
    title_hi = models.CharField(_("title (Hindi)"), max_length=150, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=LONGEST,
        unique=True,
        validators=[not_reserved],
        help_text=_("The last part of the page's address. After a change, the old address leads to the new one."),
    )
    medical_name = models.CharField(
        _("medical term"), max_length=200, blank=True, help_text=_("Stands in brackets behind the plain words.")
    )
    medical_name_hi = models.CharField(_("medical term (Hindi)"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), max_length=600, blank=True)
    introduction_hi = models.TextField(_("introduction (Hindi)"), max_length=600, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0, db_index=True)
    published = models.BooleanField(
        _("published"), default=False, help_text=_("While this is off, nobody outside sees the topic or its questions.")
    )
    service = models.ForeignKey(
        Service,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("visit to book"),
        related_name="topics",
        help_text=_("Chosen already for whoever books from these pages. Without one, they choose."),
    )
    red_flags = models.BooleanField(
        _("show the signs that cannot wait"),
        default=True,
        help_text=_("Above the invitation to book. Leave it on unless a doctor says otherwise."),
    )
    red_flags_text = models.TextField(
        _("words above the signs"), max_length=600, blank=True, help_text=_("Empty: the card stands alone.")
    )
    red_flags_text_hi = models.TextField(_("words above the signs (Hindi)"), max_length=600, blank=True)

    objects = Topics.as_manager()
    history = history()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(slug__in=sorted(RESERVED)),
                name="topic_address",
                violation_error_message=_("Give the topic an address that the site does not use for another page."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="topic_title", violation_error_message=_("Give the topic a title.")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("faq:topic", args=[self.slug])
