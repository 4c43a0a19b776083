"""The link to the page that says by when somebody calls. It tells neither who asked nor what about."""

from datetime import datetime, timedelta

from django.urls import reverse

from appointments.models import CallBack
from ipsc import links

SALT = "call back"
VERSION = 1
LIFE = timedelta(days=7)


def sent_url(call: CallBack) -> str:
    return reverse("appointments:call_back_sent", args=[links.sign(SALT, call.public_id, VERSION)])


def call_of(token: str) -> CallBack | None:
    """The request of a token that is genuine, ended or not."""
    link = links.read(SALT, token)
    if link is None or link.version != VERSION:
        return None
    return CallBack.objects.filter(public_id=link.public_id).first()


def has_ended(call: CallBack, now: datetime) -> bool:
    """Whether the link has served its time: the request is closed, or a week old."""
    return not call.is_open or now >= call.created_at + LIFE
