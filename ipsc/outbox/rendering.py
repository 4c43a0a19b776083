"""A message as text, in its own language, at the moment of sending."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from ipsc.models import ClinicSettings, Message
from ipsc.outbox.kinds import KINDS, Attachment, Content


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def mail(message: Message, content: Content) -> Mail:
    """Subject, text and HTML of an e-mail.

    A subject is one line, whatever names hold: Django refuses a line break in it, and the message would fail for ever.
    """
    kind = KINDS.get(message.kind)
    folder = "messages/" + ((kind and kind.templates) or message.kind).replace(".", "/")
    with translation.override(message.language):
        context = frame(message) | dict(content.context)
        subject = " ".join(render_to_string(f"{folder}.subject.txt", context).split())
        text = tidy(render_to_string(f"{folder}.txt", context))
        html = render_to_string(f"{folder}.html", context | {"subject": subject})
    return Mail(subject, text, html, tuple(content.attachments))


def frame(message: Message) -> dict[str, Any]:
    """What every message shows of the clinic."""
    return {
        "clinic": ClinicSettings.load(),
        "site_url": settings.SITE_URL,
        "home_url": absolute(reverse("home")),
        "language": message.language,
        "facts": message.facts,
    }


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def tidy(text: str) -> str:
    """Text without the gaps that a template leaves: no blank line at either end, never two in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
