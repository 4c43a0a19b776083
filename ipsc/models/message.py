"""The outbox, which is also the ledger: every message that was caused, and what became of it (rules M1 and M2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    HAND = "hand", _("by hand")  # somebody phoned, or wrote by WhatsApp


class MessageState(models.TextChoices):
    """What has become of a message. Only the first two may still change by themselves."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    WITHDRAWN = "withdrawn", _("not needed any more")
    WITHHELD = "withheld", _("not sent, as staff chose")


PENDING = [MessageState.QUEUED, MessageState.SENDING]


class MessageQuerySet(models.QuerySet):
    def of(self, row: models.Model):
        """Those about one row."""
        return self.filter(about=row._meta.label_lower, about_id=row.pk)

    def pending(self):
        """Those that may still go out."""
        return self.filter(state__in=PENDING)


class Message(models.Model):
    """One message to one person by one channel. Written by `ipsc.outbox` alone.

    It is queued in the transaction that causes it, with the facts of that moment, and rendered when it is sent.
    `key` names object, kind, version and channel: the same cause never makes a second message. `subject` and `body`
    are what was sent, with the secret part of its link masked.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    to = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5)
    about = models.CharField(max_length=60)
    about_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(_("version"))
    facts = models.JSONField(_("facts"), default=dict)
    by = models.CharField(_("caused by"), max_length=200)
    caused_at = models.DateTimeField(_("caused"))
    due_at = models.DateTimeField(_("due"))
    worthless_at = models.DateTimeField(_("of no use after"), null=True)

    state = models.CharField(_("state"), max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    last_error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    receipt = models.CharField(_("receipt"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-caused_at", "-pk"]
        indexes = [
            models.Index(fields=["about", "about_id"], name="message_about"),
            models.Index(fields=["-caused_at", "-id"], name="message_newest"),
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state=MessageState.QUEUED), name="message_due"),
            models.Index(fields=["claimed_until"], condition=Q(state=MessageState.SENDING), name="message_claimed"),
            models.Index(fields=["due_at"], condition=Q(state=MessageState.FAILED), name="message_failed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENDING, claimed_until__isnull=False)
                | (~Q(state=MessageState.SENDING) & Q(claimed_until__isnull=True)),
                name="message_claim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PENDING, ended_at__isnull=True)
                | (~Q(state__in=PENDING) & Q(ended_at__isnull=False)),
                name="message_end",
            ),
            # A message that was sent went to somebody and said something (rule M2).
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | (~Q(to="") & ~Q(body="")), name="message_sent"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.FAILED) | ~Q(last_error=""), name="message_failure_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to}"

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING
