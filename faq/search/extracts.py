"""A piece of an answer with the words in it that were looked for. Made on plain text; escaped before it is marked."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Control characters, which no stored text has: `faq.search.folding.plain` has taken them out.
START, STOP = "\x02", "\x03"
ENDS = (".", "?", "!", "।")
OPTIONS = f'StartSel="{START}", StopSel="{STOP}", MaxFragments=2, MaxWords=28, MinWords=14, FragmentDelimiter=" … "'


def marked(piece: str, begins: str = "") -> SafeString:
    """HTML of a piece in which START and STOP stand around words: <mark> and no other element.

    `begins` is how the whole text begins: where the piece begins or ends in the middle of it, dots say so.
    """
    bare = piece.replace(START, "").replace(STOP, "")
    before = "" if bare.startswith(begins[: len(bare)]) else "… "
    after = "" if not bare or bare.endswith(ENDS) else " …"
    escaped = before + escape(piece).replace(START, "<mark>").replace(STOP, "</mark>") + after
    return mark_safe(escaped)  # noqa: S308 – escaped in the line above
