"""A question and its answer in one language: what is published, and the draft beside it (rule F1)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.models import Clinician
from faq.models.question import Question
from ipsc.history import history
from ipsc.models import Picture

LONGEST_TITLE, LONGEST_ANSWER, LONGEST_SOURCES = 200, 30_000, 1500
# What a version consists of; the draft has the same fields, each with `draft_` before its name.
CONTENT = ("title", "answer", "sources", "picture_id", "picture_alt")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    HINDI = "hi", _("Hindi")


class State(models.TextChoices):
    """What has become of the draft."""

    NONE = "none", _("no draft")
    DRAFT = "draft", _("draft")
    REVIEW = "review", _("with the doctor")


@dataclass(frozen=True)
class Draft:
    """A text as somebody has written it. `answer` is HTML, clean (see `faq.html`); `sources` has one on each line."""

    title: str = ""
    answer: str = ""
    sources: str = ""
    picture_id: str | None = None
    picture_alt: str = ""


class Wordings(models.QuerySet):
    def published(self, at: datetime):
        """Those that the public may see at this moment (rule F1)."""
        begun = Q(question__publish_from__isnull=True) | Q(question__publish_from__lte=at)
        going_on = Q(question__unpublish_at__isnull=True) | Q(question__unpublish_at__gt=at)
        return self.filter(begun, going_on, published_at__isnull=False, question__topic__published=True)

    def drafted(self):
        """Those with a draft, sent to the doctor or not."""
        return self.exclude(state=State.NONE)


def _picture(prefix: str = "") -> Q:
    """A picture says in words what it shows."""
    return Q(**{f"{prefix}picture__isnull": True, f"{prefix}picture_alt": ""}) | Q(
        ~Q(**{f"{prefix}picture_alt": ""}), **{f"{prefix}picture__isnull": False}
    )


NOTHING: dict[str, Any] = {"title": "", "answer": "", "sources": "", "picture_alt": "", "picture__isnull": True}


class Wording(models.Model):
    """One language of a question. Written by the verbs in `faq.editing` alone.

    `version` counts what was ever published, and never goes back; what is public now has `published_at`. `sequence`
    counts every change, so that whoever saves is told when somebody else has saved since. `english_version` is the
    version of the English that a Hindi text says the same as. A review holds for `reviewed_version`.
    """

    question = models.ForeignKey(Question, models.CASCADE, verbose_name=_("question"), related_name="wordings")
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    version = models.PositiveIntegerField(_("published version"), default=0)
    title = models.CharField(_("question"), max_length=LONGEST_TITLE, blank=True)
    answer = models.TextField(_("answer"), max_length=LONGEST_ANSWER, blank=True)
    sources = models.TextField(_("sources"), max_length=LONGEST_SOURCES, blank=True)
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, verbose_name=_("picture"), related_name="+"
    )
    picture_alt = models.CharField(_("what the picture shows"), max_length=250, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    english_version = models.PositiveIntegerField(_("says the same as English version"), null=True, blank=True)

    state = models.CharField(_("draft"), max_length=10, choices=State.choices, default=State.NONE)
    draft_title = models.CharField(_("question (draft)"), max_length=LONGEST_TITLE, blank=True)
    draft_answer = models.TextField(_("answer (draft)"), max_length=LONGEST_ANSWER, blank=True)
    draft_sources = models.TextField(_("sources (draft)"), max_length=LONGEST_SOURCES, blank=True)
    draft_picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, verbose_name=_("picture (draft)"), related_name="+"
    )
    draft_picture_alt = models.CharField(_("what the picture shows (draft)"), max_length=250, blank=True)
    drafted_at = models.DateTimeField(_("draft saved"), null=True, blank=True)
    drafted_by = models.CharField(_("draft by"), max_length=200, blank=True)

    reviewed_by = models.ForeignKey(
        Clinician, models.PROTECT, null=True, blank=True, verbose_name=_("reviewed by"), related_name="+"
    )
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    reviewed_version = models.PositiveIntegerField(_("reviewed version"), null=True, blank=True)
    review_due_on = models.DateField(_("review due on"), null=True, blank=True)

    objects = Wordings.as_manager()
    history = history()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question", "language"]
        indexes = [
            models.Index(fields=["review_due_on"], name="wording_review_due", condition=Q(review_due_on__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language"],
                name="wording_once",
                violation_error_message=_("This question has a text in this language already."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values),
                name="wording_language",
                violation_error_message=_("Choose one of the languages of the site."),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, english_version__isnull=True, **NOTHING)
                | Q(~Q(title=""), ~Q(answer=""), version__gt=0, published_at__isnull=False),
                name="wording_published_whole",
                violation_error_message=_("What is published has a question, an answer and its moment."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.NONE,
                    drafted_at__isnull=True,
                    **{f"draft_{name}": value for name, value in NOTHING.items()},
                )
                | Q(~Q(draft_title=""), state__in=[State.DRAFT, State.REVIEW], drafted_at__isnull=False),
                name="wording_draft_whole",
                violation_error_message=_("A draft has a question and its moment; without a draft there is neither."),
            ),
            models.CheckConstraint(
                condition=_picture() & _picture("draft_"),
                name="wording_picture_in_words",
                violation_error_message=_("Say in words what the picture shows."),
            ),
            models.CheckConstraint(
                condition=Q(
                    reviewed_by__isnull=True,
                    reviewed_on__isnull=True,
                    reviewed_version__isnull=True,
                    review_due_on__isnull=True,
                )
                | Q(
                    reviewed_by__isnull=False,
                    reviewed_on__isnull=False,
                    reviewed_version__gt=0,
                    reviewed_version__lte=F("version"),
                    review_due_on__gt=F("reviewed_on"),
                ),
                name="wording_review_whole",
                violation_error_message=_("A review says who, when, of what, and when the next one is due."),
            ),
            models.CheckConstraint(
                condition=Q(english_version__isnull=True) | Q(language=Language.HINDI),
                name="wording_english_version",
                violation_error_message=_("Only a translation follows the English text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.draft_title} ({self.get_language_display()})"

    @property
    def published(self) -> Draft:
        return Draft(**{name: getattr(self, name) for name in CONTENT})

    @property
    def draft(self) -> Draft:
        """The draft; the published text where there is none, for that is what an editor begins with."""
        if self.state == State.NONE:
            return self.published
        return Draft(**{name: getattr(self, f"draft_{name}") for name in CONTENT})

    @property
    def has_draft(self) -> bool:
        return self.state != State.NONE

    @property
    def is_public_text(self) -> bool:
        return self.published_at is not None

    @property
    def is_reviewed(self) -> bool:
        """Whether the text as it is published now has been reviewed."""
        return self.reviewed_version is not None and self.reviewed_version == self.version

    def is_overdue(self, today: date) -> bool:
        """Whether the day on which the next review was due is over."""
        return self.review_due_on is not None and self.review_due_on < today
