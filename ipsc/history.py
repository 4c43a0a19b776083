"""Who changed what and when (rule B5), for people who are no User as well as for staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


@dataclass(frozen=True)
class Actor:
    """Whoever causes a change: a member of staff, a patient, or the site itself."""

    label: str
    user: AbstractBaseUser | None = None

    @classmethod
    def staff(cls, user) -> "Actor":
        return cls(label=user.get_username(), user=user)

    @property
    def is_staff(self) -> bool:
        """Staff are not bound by the limits that are made for the public, such as the notice."""
        return self.user is not None


PATIENT = Actor("patient")
DOCTOR = Actor("doctor")
SITE = Actor("site")


class ActorRecord(models.Model):
    """Base of every history table: adds the actor in words to the library's `history_user`."""

    actor = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        abstract = True


def history(**options) -> HistoricalRecords:
    """The history of a model, with its actor."""
    return HistoricalRecords(bases=[ActorRecord], **options)


@contextmanager
def acting(row: models.Model, *, by: Actor, why: str = "") -> Iterator[None]:
    """Whatever changes this tracked row meanwhile, its many-to-many rows included, was done by `by`."""
    told = {"_actor": by, "_history_user": by.user, "_change_reason": why[:100]}
    vars(row).update(told)
    try:
        yield
    finally:
        # The next change of this object is somebody else's, unless they say otherwise.
        for name in told:
            vars(row).pop(name, None)


def save_as(row: models.Model, *, by: Actor, why: str = "", **options) -> None:
    """Save a tracked row and record in its history who did it and why."""
    with acting(row, by=by, why=why):
        row.save(**options)


@receiver(pre_create_historical_record, dispatch_uid="ipsc.history.actor")
def record_actor(sender, instance, history_instance, **kwargs) -> None:
    """The library's own hook: the only place where a history row can be completed before it is written."""
    by = getattr(instance, "_actor", None)
    user = history_instance.history_user
    history_instance.actor = by.label if by else (user.get_username() if user else "")
