"""What a patient has typed but not yet sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models.offer import Clinician, Service
from ipsc import origins


class DraftQuerySet(models.QuerySet):
    def alive(self, now):
        return self.filter(expires_at__gt=now)


class BookingDraft(models.Model):
    """The answers of one attempt (rule B8), kept for a short time under a random id that stands in the address."""

    attempt = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    clinician = models.ForeignKey(Clinician, models.CASCADE, null=True, related_name="+", help_text=_("Empty: any."))
    starts_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    came_from = models.CharField(_("came from"), max_length=origins.LONGEST, blank=True, default="")
    expires_at = models.DateTimeField(db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking draft")

    def __str__(self) -> str:
        return str(self.attempt)
