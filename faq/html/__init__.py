"""What staff's rich text becomes: HTML that is safe and in one form, plain text, and HTML fitted to a page.

Text is read as tokens, built into the few shapes that an answer has, and written anew; nh3 has the last word. Nothing
of the source's own markup is ever passed on, so that what is stored does not depend on how somebody's browser, Word or
an attacker wrote it.
"""

import re
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from faq.html.tokens import tokens
from faq.html.tree import tree
from faq.html.writing import html_of, lines_of

__all__ = ["ALLOWED", "clean", "shifted", "text_of"]

# Every element that an answer may have, with its attributes.
ALLOWED: dict[str, set[str]] = {
    **{name: set() for name in ("p", "h3", "h4", "strong", "em", "br", "ul", "ol", "li")},
    **{name: set() for name in ("table", "thead", "tbody", "tr")},
    "a": {"href", "rel"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED), attributes=ALLOWED, link_rel=None, url_schemes={"http", "https", "mailto", "tel"}
)
_HEADING = re.compile(r"(</?h)([34])>")


def clean(html: str) -> str:
    """The answer as it is stored: only the elements of `ALLOWED`, canonical and safe, whatever was sent (rule F1).

    Headings are h3 and h4, lists nest five deep, links lead to http, https, mailto, tel or a path of this site.
    Cleaning what is clean changes nothing. A million characters take seconds: callers bound the length.
    """
    return _CLEANER.clean(html_of(tree(tokens(html))))


def text_of(html: str) -> str:
    """The plain text of an answer, for search, counting and machines: a line for each paragraph, heading, item and row.

    It is text: what looks like a tag in it was written to be read, and must be escaped like any other.
    """
    return "\n".join(lines_of(tree(tokens(html))))


@lru_cache(maxsize=512)
def shifted(html: str, by: int = 0, tables: str = "") -> SafeString:
    """An answer for a page: its headings h3 and h4 moved by -1, 0 or 1, its tables within reach of a keyboard.

    `tables` names the frames in which wide tables scroll sideways, for those who hear the page: "Table". It is cleaned
    once more, so that a row that came past the verbs is still safe; the cache makes that cost nothing.

    :raises ValueError: `by` is another number.
    """
    if by not in (-1, 0, 1):
        raise ValueError("Headings move by -1, 0 or 1.")
    moved = _HEADING.sub(lambda heading: f"{heading[1]}{int(heading[2]) + by}>", clean(html))
    name = f' role="region" aria-label="{escape(tables)}"' if tables else ""
    framed = moved.replace("<table>", f'<div class="table-wrap"{name} tabindex="0"><table>')
    return mark_safe(framed.replace("</table>", "</table></div>"))  # noqa: S308
