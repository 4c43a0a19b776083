"""The registered texts of SMS, from settings, and what makes one fit."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VARIABLE = re.compile(r"\{(\d+)\}")
LONGEST_VARIABLE = 30  # characters, as the carriers' registry (TCCCPR 2018, DLT) allows
MOST_PARTS = 3
# The basic alphabet and its extension, of which each takes two places (3GPP TS 23.038, 6.2.1).
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")


class Unfit(ValueError):
    """A text that no carrier would take; its argument says why, for staff."""


@dataclass(frozen=True)
class Template:
    """A registered text: its id at the registry and its words, with {1}, {2} … for what changes."""

    id: str
    text: str


def registered(kind: str, language: str) -> Template | None:
    """The text registered for a kind of message in a language, or None: then no SMS of that kind can be sent."""
    return _all(settings.SMS_TEMPLATES).get((kind, language))


def registered_all() -> dict[tuple[str, str], Template]:
    """All registered texts, by kind and language.

    :raises ImproperlyConfigured: the file cannot be read, or a text has gaps in its numbers.
    """
    return _all(settings.SMS_TEMPLATES)


@lru_cache(maxsize=4)
def _all(source: str) -> dict[tuple[str, str], Template]:
    """The registered texts of the JSON file that the settings name.

    :raises ImproperlyConfigured: the file cannot be read, or a text has gaps in its numbers.
    """
    if not source:
        return {}
    try:
        kinds = json.loads(Path(source).read_text(encoding="utf-8"))
        found = {
            (kind, language): Template(str(each["id"]), each["text"])
            for kind, languages in kinds.items()
            for language, each in languages.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"SMS_TEMPLATES: {source} cannot be read: {error!r}") from error
    for (kind, language), template in found.items():
        numbers = [int(number) for number in VARIABLE.findall(template.text)]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ImproperlyConfigured(f"SMS_TEMPLATES: number the variables of {kind} ({language}) 1, 2, 3 in order.")
    return found


def fill(template: Template, variables: Sequence[str]) -> str:
    """The text as it is sent.

    :raises Unfit: the variables are too few, too many, too long, empty or of several lines; or the text has too many
        parts.
    """
    wanted = len(VARIABLE.findall(template.text))
    if wanted != len(variables):
        raise Unfit(f"The registered text has {wanted} variables, and {len(variables)} were given.")
    for number, value in enumerate(variables, 1):
        if not value.strip() or not value.isprintable():
            raise Unfit(f"Variable {number} is empty or holds more than one line.")
        if len(value) > LONGEST_VARIABLE:
            raise Unfit(f"Variable {number} has {len(value)} characters; carriers take {LONGEST_VARIABLE}.")
    text = VARIABLE.sub(lambda found: variables[int(found[1]) - 1], template.text)
    if parts(text) > MOST_PARTS:
        raise Unfit(f"The text takes {parts(text)} parts; at most {MOST_PARTS} are sent.")
    return text


def parts(text: str) -> int:
    """How many parts an SMS is sent in: of 160 characters, or 70 in any other script; a little fewer when several."""
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        length, single, joined = len(text) + sum(letter in EXTENDED for letter in text), 160, 153
    else:
        # Carriers count the units of UTF-16.
        length, single, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // joined)
