"""The verbs that open and close online booking."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.setup import steps
from ipsc.clinic import locked_settings, save_fields
from ipsc.history import Actor
from ipsc.models import ClinicSettings
from ipsc.verbs import Refusal, verb


class NotReady(Refusal):
    """Booking stays closed, because of what `words` say."""

    words = gettext_lazy("Online booking cannot be opened yet.")


@verb(refusals={})
def open_booking(*, by: Actor, now: datetime) -> ClinicSettings:
    """Let patients book online. Whoever opens without having tested the messages has decided to do without them.

    :raises NotReady: a step that must be done is missing.
    """
    settings = locked_settings()
    if settings.online_booking_open:
        return settings
    if blocks := steps.progress(now=now).blocks:
        raise NotReady(" ".join([_("Online booking cannot be opened yet."), *blocks]))
    settings.online_booking_open = True
    settings.without_messages = settings.messages_tested_at is None
    save_fields(settings, "online_booking_open", "without_messages", by=by, why="booking opened")
    return settings


@verb(refusals={})
def close_booking(*, by: Actor) -> ClinicSettings:
    """Let nobody book online any more. What is booked stays booked."""
    settings = locked_settings()
    if settings.online_booking_open:
        settings.online_booking_open = False
        save_fields(settings, "online_booking_open", by=by, why="booking closed")
    return settings
