"""The limits on public forms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RateLimit(models.Model):
    """A token bucket in the database, so that every process counts the same (see `ipsc.ratelimit`).

    `key` is a keyed hash: the table holds no phone number and no address.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("rate limit")
        constraints = [models.CheckConstraint(condition=Q(tokens__gte=0), name="rate_limit_never_below_zero")]

    def __str__(self) -> str:
        return self.key
