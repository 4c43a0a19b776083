"""The registered texts of SMS, from settings, and what makes one fit."""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

log = logging.getLogger("ipsc.sms")

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

    @property
    def variables(self) -> int:
        """How many variables it has."""
        return len(VARIABLE.findall(self.text))


@dataclass(frozen=True)
class Registry:
    """The registered texts by kind and language, and what is wrong with the others, in words for staff."""

    templates: dict[tuple[str, str], Template]
    problems: tuple[str, ...] = ()


def registered(kind: str, language: str) -> Template | None:
    """The text registered for a kind of message in a language, or None: then no SMS of that kind can be sent."""
    return registry().templates.get((kind, language))


def registry() -> Registry:
    """The registered texts of the JSON file that the settings name, read once.

    What is wrong in it breaks no booking: that text counts as not registered, and the log and `manage.py check` say so.
    """
    return _read(settings.SMS_TEMPLATES)


@lru_cache(maxsize=4)
def _read(source: str) -> Registry:
    if not source:
        return Registry({})
    try:
        kinds = json.loads(Path(source).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        found = Registry({}, (f"{source} cannot be read: {error}",))
    else:
        found = parse(kinds)
    for problem in found.problems:
        log.error("SMS_TEMPLATES: %s", problem)
    return found


def parse(kinds: object) -> Registry:
    """Registered texts from what a file holds: {kind: {language: {"id": …, "text": …}}}."""
    if not isinstance(kinds, dict):
        return Registry({}, ("The file has to hold an object, with a kind of message for each name.",))
    templates, problems = {}, []
    for kind, languages in kinds.items():
        if not isinstance(languages, dict):
            problems.append(f"{kind}: give an object with one registration for each language.")
            continue
        for language, entry in languages.items():
            try:
                templates[kind, language] = _template(entry)
            except Unfit as error:
                problems.append(f"{kind} ({language}): {error}")
    return Registry(templates, tuple(problems))


def _template(entry: object) -> Template:
    """One registration.

    :raises Unfit: something is missing, or the variables are not numbered 1, 2, 3 in order.
    """
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(name), str) and entry[name].strip() for name in ("id", "text")
    ):
        raise Unfit('Give "id" and "text", each as text in quotation marks.')
    numbers = [int(number) for number in VARIABLE.findall(entry["text"])]
    if numbers != list(range(1, len(numbers) + 1)):
        raise Unfit("Number the variables {1}, {2}, {3} in the order in which they stand.")
    return Template(entry["id"].strip(), entry["text"])


def fill(template: Template, variables: Sequence[str]) -> str:
    """The text as it is sent.

    :raises Unfit: the variables are too few, too many, too long, empty or of several lines; or the text has too many
        parts.
    """
    wanted = template.variables
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
