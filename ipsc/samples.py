"""Sample rows (rule F3): flagged, adopted by editing, public only in demonstration and development mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

_hidden: ContextVar[bool] = ContextVar("samples_hidden", default=False)


@contextmanager
def hidden() -> Iterator[None]:
    """Hide samples whatever the mode, as in a preview of what the clinic's own content will look like."""
    token = _hidden.set(True)
    try:
        yield
    finally:
        _hidden.reset(token)


def are_shown() -> bool:
    """Whether samples may be shown now."""
    return settings.SHOWS_SAMPLES and not _hidden.get()


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
        return self if are_shown() else self.filter(is_sample=False)

    def samples(self):
        return self.filter(is_sample=True)
