"""Facts for machines, as JSON-LD in the page: the one way in which a dict becomes a script element.

The element is a block of data. Browsers do not run it, so the strict policy on scripts has nothing against it; but it
ends at the first `</script`, wherever that comes from, and what staff have typed stands in it.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# All that could end the element, begin another or a comment, or break a line where JavaScript counts lines.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def element(data: dict[str, Any]) -> SafeString:
    """`data` as a script element, without what says nothing (see `told`); empty where nothing is left.

    :raises ValueError: a number that is none.
    """
    facts = told(data)
    if not facts:
        return SafeString("")
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Lone surrogates are no text: nothing could send them.
    safe = text.encode("utf-8", "replace").decode().translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{safe}</script>')  # noqa: S308 – escaped above


def told(value: Any) -> Any:
    """The same without what says nothing: None, empty texts, lists and dicts, at any depth; 0 and False say something.

    A dict of which only the keywords of JSON-LD (`@type`, …) are left says nothing either, unless it names something
    that is told elsewhere by its `@id`.
    """
    if isinstance(value, dict):
        facts = {key: kept for key, each in value.items() if not _empty(kept := told(each))}
        return facts if any(not key.startswith("@") or key in ("@id", "@value") for key in facts) else {}
    if isinstance(value, list | tuple):
        return [kept for each in value if not _empty(kept := told(each))]
    # Lazy translations, safe strings and the like are texts by now.
    return value if value is None or isinstance(value, bool | int | float) else str(value).strip()


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
