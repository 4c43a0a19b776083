"""Whether the clinic's messages work: what a manager has tried, and what was decided."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ipsc import ratelimit
from ipsc.clinic import FIRST_SAVED, locked_settings, save_fields
from ipsc.history import Actor
from ipsc.models import ClinicSettings
from ipsc.verbs import Refusal, verb

TESTS_AN_HOUR = 5


class TooManyTests(Refusal):
    words = _("You have sent five tests within an hour. Please wait a little.")


@verb(refusals={})
def spend_a_test(*, by: Actor, now: datetime) -> None:
    """Count a test message, so that the site cannot be used to flood a mailbox.

    :raises TooManyTests: this account has sent five within an hour.
    """
    if not ratelimit.spend("test message", by.label, capacity=TESTS_AN_HOUR, period=timedelta(hours=1), now=now):
        raise TooManyTests


@verb(refusals={}, redrawn=FIRST_SAVED)
def messages_tested(*, by: Actor, now: datetime) -> ClinicSettings:
    """Record that the mail server took a test message."""
    settings = locked_settings()
    settings.messages_tested_at, settings.without_messages = now, False
    save_fields(settings, "messages_tested_at", "without_messages", by=by, why="messages tested")
    return settings


@verb(refusals={}, redrawn=FIRST_SAVED)
def go_without_messages(*, by: Actor) -> ClinicSettings:
    """Record that the clinic opens though no test message was sent."""
    settings = locked_settings()
    settings.without_messages = True
    save_fields(settings, "without_messages", by=by, why="opened without a test message")
    return settings
