"""A request to be called back: somebody who would rather speak than type."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ipsc.history import history
from ipsc.identifiers import opaque_id


class CallState(models.TextChoices):
    """What has become of it. The first two are open: somebody still has to call."""

    WAITING = "waiting", _("waiting")
    TRIED = "tried", _("called, no answer")
    REACHED = "reached", _("spoken to")
    DROPPED = "dropped", _("closed without a call")


OPEN_CALLS = [CallState.WAITING, CallState.TRIED]


class BestTime(models.TextChoices):
    ANY = "any", _("Any time")
    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the evening")


class CameFrom(models.TextChoices):
    """The page from which somebody asked for a call."""

    SITE = "site", _("the site")
    NO_TIMES = "no_times", _("no free times")
    CLOSED = "closed", _("booking closed")
    ERROR = "error", _("an error")


class CallBackQuerySet(models.QuerySet):
    def open(self):
        """Those whom somebody still has to call, the most urgent first."""
        return self.filter(state__in=OPEN_CALLS).order_by(F("due_at").asc(nulls_last=True), "created_at")

    def overdue(self, now):
        """Open ones whose shown moment has passed."""
        return self.open().filter(state=CallState.WAITING, due_at__lte=now)


class CallBack(models.Model):
    """A request for a call. Written by the verbs in `appointments.calling` alone; nothing of it is ever deleted (B5).

    `due_at` is the moment that the caller was shown, None where no opening hours are known and none was promised.
    `attempt` is unique, so that a form sent twice makes one request (as rule B8 has it for bookings).
    """

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    attempt = models.UUIDField(unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    name = models.CharField(_("name"), max_length=200)
    phone = PhoneNumberField(_("phone"))
    language = models.CharField(_("language"), max_length=5, default="en")
    best_time = models.CharField(_("best time"), max_length=10, choices=BestTime.choices, default=BestTime.ANY)
    about = models.TextField(_("what about"), blank=True, max_length=500)
    red_flags = models.CharField(_("words that may mean an emergency"), max_length=300, blank=True, editable=False)
    came_from = models.CharField(_("came from"), max_length=10, choices=CameFrom.choices, default=CameFrom.SITE)
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.WAITING)
    tries = models.PositiveSmallIntegerField(_("calls without an answer"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    consent_version = models.CharField(_("consent text"), max_length=20)
    consent_at = models.DateTimeField(_("consent given"))
    created_at = models.DateTimeField(_("asked"), db_index=True)
    due_at = models.DateTimeField(_("call by"), null=True, blank=True)
    tried_at = models.DateTimeField(_("last called in vain"), null=True, blank=True)
    reached_at = models.DateTimeField(_("spoken to at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = CallBackQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=OPEN_CALLS), name="call_back_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CallState.values),
                name="call_back_state",
                violation_error_message=_("There is no such state."),
            ),
            models.CheckConstraint(
                condition=Q(best_time__in=BestTime.values),
                name="call_back_best_time",
                violation_error_message=_("There is no such time of the day."),
            ),
            models.CheckConstraint(
                condition=Q(came_from__in=CameFrom.values),
                name="call_back_came_from",
                violation_error_message=_("There is no such page."),
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.TRIED) | Q(tried_at__isnull=False, tries__gt=0),
                name="call_back_tried",
                violation_error_message=_("A call in vain has its moment."),
            ),
            models.CheckConstraint(
                condition=Q(state=CallState.REACHED, reached_at__isnull=False)
                | (~Q(state=CallState.REACHED) & Q(reached_at__isnull=True)),
                name="call_back_reached",
                violation_error_message=_("The state and its moment do not match."),
            ),
            models.CheckConstraint(
                condition=(Q(state=CallState.DROPPED, dropped_at__isnull=False) & ~Q(note=""))
                | (~Q(state=CallState.DROPPED) & Q(dropped_at__isnull=True)),
                name="call_back_dropped",
                violation_error_message=_("Say why nobody calls."),
            ),
            models.CheckConstraint(
                condition=~Q(consent_version=""),
                name="call_back_consent",
                violation_error_message=_("A request to be called needs the caller's consent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CALLS

    def is_overdue(self, now: datetime) -> bool:
        """Whether nobody has called yet though the shown moment has passed."""
        return self.state == CallState.WAITING and self.due_at is not None and self.due_at <= now
