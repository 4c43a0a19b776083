"""The words by which signs that cannot wait are found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ipsc.history import history
from ipsc.redflags import DEFAULTS

LONGEST_LIST = 20_000  # letters of one list of words


class RedFlagWords(models.Model):
    """The words by which `ipsc.redflags` knows the signs (rule F2): one row, one phrase on each line of a field."""

    bladder_bowel = models.TextField(_("bladder and bowel"), max_length=LONGEST_LIST, blank=True)
    numbness = models.TextField(_("numbness"), max_length=LONGEST_LIST, blank=True)
    weakness = models.TextField(_("weakness of a leg"), max_length=LONGEST_LIST, blank=True)
    fever = models.TextField(_("fever"), max_length=LONGEST_LIST, blank=True)
    accident = models.TextField(_("fall or accident"), max_length=LONGEST_LIST, blank=True)
    negations = models.TextField(
        _("words that deny"), max_length=LONGEST_LIST, blank=True, help_text=_("“No fever” is no sign.")
    )

    history = history()

    class Meta:
        verbose_name = verbose_name_plural = _("red-flag words")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="red_flag_words_one_row",
                violation_error_message=_("There is one set of red-flag words; change that one."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Red-flag words"))

    @classmethod
    def load(cls) -> "RedFlagWords":
        """The clinic's word lists; those that ship with the site where nobody has saved any yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, **DEFAULTS)

    @property
    def lists(self) -> dict[str, str]:
        """The lists as the detector takes them."""
        return {key: getattr(self, key) for key in DEFAULTS}
