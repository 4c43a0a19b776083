"""A kind of message for tests alone, and how to queue and send it."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from ipsc import outbox
from ipsc.history import SITE
from ipsc.models import Channel, ClinicSettings, Message
from ipsc.outbox import Kind, Order
from ipsc.outbox.kinds import Content
from ipsc.outbox.worker import Worker
from tests.factories import NOW

NOTE = "tests.note"


def note(prepare: Callable[[Message], Content] | None = None, **options) -> Kind:
    """A kind whose templates are those of a link, with nothing in them that needs an appointment."""
    return Kind(NOTE, "note", prepare or (lambda message: Content()), **options)


def row() -> ClinicSettings:
    """Something that messages are about."""
    settings, _made = ClinicSettings.objects.get_or_create(pk=1)
    return settings


def order(**fields) -> Order:
    values = {
        "kind": NOTE,
        "about": row(),
        "version": 0,
        "channel": Channel.EMAIL,
        "to": "one@example.org",
        "language": "en",
        "due_at": NOW,
    }
    return Order(**(values | fields))


def queue(*orders: Order, now: datetime = NOW, **options) -> None:
    with transaction.atomic():
        outbox.queue(*(orders or [order()]), by=SITE, now=now, **options)


def worker(moment: datetime = NOW) -> Worker:
    return Worker(threading.Event(), now=lambda: moment)


def send(moment: datetime = NOW) -> int:
    """All that is due at a moment, as the worker does it."""
    return worker(moment).drain()


def later(**span) -> datetime:
    return NOW + timedelta(**span)
