"""The kinds of message that the apps have registered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from ipsc.models import Message

KINDS: dict[str, "Kind"] = {}


class NoLongerTrue(Exception):
    """What a message says does not hold any more; its argument, shown to staff, says why."""


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    mimetype: str  # with its parameters, such as text/calendar; method=REQUEST


@dataclass(frozen=True)
class Content:
    """What a kind adds to a message at the moment of sending.

    `context` goes to the templates of the e-mail; `variables` are the numbered variables of the SMS, in order. `to`
    and `channel` stand in for those of the message where these are found only now. Answers to an e-mail go
    to `reply_to`.
    """

    context: Mapping[str, Any] = field(default_factory=dict)
    variables: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()
    to: str = ""
    channel: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    `name` is "app.what": the templates stand in templates/messages/<app>/<what>.{subject.txt,txt,html}. `prepare` looks
    at the rows once more and gives the content, or raises NoLongerTrue. One that goes `by_day` is not sent before 8:00
    or from 20:00 on. A message of a kind that `replaces` makes earlier ones about the same row, by the same channel and
    of such a kind, untrue. `variables` names those of its SMS, in order. Kinds
    that differ in their words alone share the `templates` of one name.
    """

    name: str
    label: str | Promise
    prepare: Callable[[Message], Content]
    by_day: bool = False
    replaces: bool = True
    variables: tuple[str, ...] = ()
    templates: str = ""


def register(kind: Kind) -> Kind:
    """Make a kind known.

    :raises ImproperlyConfigured: another one has this name.
    """
    if KINDS.setdefault(kind.name, kind) is not kind:
        raise ImproperlyConfigured(f"two kinds of message are named {kind.name!r}")
    return kind
