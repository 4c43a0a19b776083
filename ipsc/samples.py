"""Sample rows (rule F3): flagged, adopted by editing, public only in demonstration and development mode."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Sample(models.Model):
    """Base of what ships as a sample. Whoever edits a row in the admin makes it the clinic's own."""

    is_sample = models.BooleanField(
        _("sample"), default=False, editable=False, help_text=_("Made up to show the site; editing makes it yours.")
    )

    class Meta:
        abstract = True


class SampleQuerySet(models.QuerySet):
    def shown(self):
        """All rows where samples may be shown; elsewhere only the clinic's own."""
        return self if settings.SHOWS_SAMPLES else self.filter(is_sample=False)

    def samples(self):
        return self.filter(is_sample=True)
