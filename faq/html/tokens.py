"""HTML as a sequence of tokens, read in one pass: text, start tags with their attributes, end tags.

It reads as the HTML standard's tokeniser does, as far as that matters here: what it makes of a broken tag decides only
how much of the text is kept, never what is safe, since the writer escapes every text and writes only its own tags. No
step looks twice at the same character, so that a megabyte of opened tags costs what a megabyte of prose does.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple


class Start(NamedTuple):
    """A start tag; names are in lower case, values decoded, and the first of two attributes of one name counts."""

    name: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An end tag, its name in lower case."""

    name: str


Token = str | Start | End

# Control characters, zero-width and direction overrides, halves of surrogate pairs and noncharacters. Not U+200C and
# U+200D: Devanagari spells with them. Not U+200E and U+200F either: they turn nothing round beyond themselves.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ud800-\udfff"
    + "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)

# Elements whose content is no text for readers; it goes with them.
_DROPPED = {
    *("script", "style", "title", "template", "svg", "math", "iframe", "noembed", "noframes", "noscript", "xmp"),
    *("plaintext", "textarea", "object", "applet", "audio", "video", "canvas", "select", "datalist"),
}
_ENDS = {name: re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE) for name in _DROPPED}

_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<bogus>[!?]|/(?![a-zA-Z]))|(?P<slash>/?)(?P<name>[a-zA-Z][^ \t\n\r\f/>]*))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(
    r"""[ \t\n\r\f/]*([^ \t\n\r\f/>][^ \t\n\r\f/>=]*)"""
    r"""(?:[ \t\n\r\f]*=[ \t\n\r\f]*(?:"([^"]*)"|'([^']*)'|(?!["'])([^ \t\n\r\f>]*)))?"""
)
_TAG_END = re.compile(r"[ \t\n\r\f/]*>")
_VALUE_WITHOUT_END = re.compile(r"[ \t\n\r\f]*=")


def printable(text: str) -> str:
    """The text without characters that nobody sees: control, zero-width, direction overrides."""
    return _UNWANTED.sub("", text)


def tokens(html: str) -> Iterator[Token]:
    """Read any string as HTML. A comment, a tag or a script that never ends takes the rest with it, as in a browser."""
    html = printable(html)
    position, last = 0, html.rfind(">")
    while (opening := _OPENING.search(html, position)) and opening.start() < last:
        if opening.start() > position:
            yield _text(html[position : opening.start()])
        if opening["name"]:
            tag, position = _tag(html, opening)
            if tag:
                yield tag
        else:
            position = _after_comment(html, opening)
        if position < 0:
            return
    # An opening bracket with no closing one anywhere behind it is a character that somebody typed.
    if position < len(html):
        yield _text(html[position:])


def _text(source: str) -> str:
    return printable(unescape(source))


def _after_comment(html: str, opening: re.Match[str]) -> int:
    if not opening["comment"]:
        return html.find(">", opening.end() - (opening["bogus"] == "/")) + 1 or -1
    # From two characters earlier: "<!-->" is a whole comment.
    end = _COMMENT_END.search(html, opening.start() + 2)
    return end.end() if end else -1


def _tag(html: str, opening: re.Match[str]) -> tuple[Start | End | None, int]:
    """The tag and the position behind it, or behind its content where that is dropped; -1 where it never ends."""
    name, (attributes, position) = opening["name"].lower(), _attributes(html, opening.end())
    if position < 0:
        return None, -1
    if opening["slash"]:
        return End(name), position
    if name in _DROPPED and not (name in ("svg", "math") and html[position - 2] == "/"):
        end = _ENDS[name].search(html, position)
        return None, end.start() if end else -1
    return Start(name, attributes), position


def _attributes(html: str, position: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while not (end := _TAG_END.match(html, position)):
        attribute = _ATTRIBUTE.match(html, position)
        if not attribute:
            return found, -1
        position = attribute.end()
        name, *values = attribute.groups()
        if values == [None, None, None] and _VALUE_WITHOUT_END.match(html, position):
            return found, -1
        found.setdefault(name.lower(), _text(next((value for value in values if value is not None), "")))
    return found, end.end()
