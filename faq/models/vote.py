"""Was this helpful? One answer for each browser and question; for editors only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from faq.models.question import Question
from faq.models.wording import Language


class Reason(models.TextChoices):
    """Why an answer did not help."""

    UNCLEAR = "unclear", _("I do not understand it")
    MISSING = "missing", _("Something is missing")
    NOT_MINE = "not_mine", _("It is not about my case")
    WRONG = "wrong", _("It looks wrong")


class Vote(models.Model):
    """`browser` is a keyed hash of a random value that only this browser has; it leads to nobody."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="votes", db_index=False)
    browser = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    version = models.PositiveIntegerField(_("version"))
    helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    text = models.TextField(_("in their words"), max_length=500, blank=True)
    red_flags = models.CharField(_("words that may mean an emergency"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        verbose_name = _("answer to “Was it helpful?”")
        verbose_name_plural = _("was it helpful?")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "browser"],
                name="vote_once",
                violation_error_message=_("This browser has answered already."),
            ),
            models.CheckConstraint(
                condition=Q(helpful=False) | Q(reason="", text=""),
                name="vote_reason_only_for_no",
                violation_error_message=_("Only an answer that did not help has a reason."),
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=Reason.values),
                name="vote_reason",
                violation_error_message=_("Choose one of the reasons."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("yes") if self.helpful else _("no"))
