"""What was typed in an attempt to enrol, until it is sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.run import CourseRun


class EnrolmentDraft(models.Model):
    """The answers of one attempt to enrol (rule B8), kept for a short time under a random key."""

    attempt = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(CourseRun, models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("enrolment draft")

    def __str__(self) -> str:
        return str(self.attempt)
