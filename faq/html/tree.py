"""From tokens to the few shapes that an answer has: paragraphs, headings, lists and tables, nested within bounds."""

import re
from collections.abc import Iterable

from faq.html.links import address
from faq.html.nodes import CELLS, HEADINGS, LISTS, Node, Stack
from faq.html.runs import Marks, Run
from faq.html.tokens import Start, Token

_BREAKS = {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "blockquote", "pre"),
    *("hr", "figure", "figcaption", "center", "dl", "dt", "dd", "details", "summary", "fieldset", "legend", "form"),
    *("html", "head", "body", "caption", "option"),
}
_STRONG = {"b", "strong"}
_EM = {"i", "em", "cite", "dfn"}
_SECTIONS = {"thead", "tbody", "tfoot"}

# Google's editor wraps a whole copied text in a <b> that is none.
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(normal|[1-4]00)", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
# Word writes a list as paragraphs, each with its bullet or number in a span that other programs are told to ignore.
_WORD_ITEM = re.compile(r"mso-list\s*:\s*l\d", re.IGNORECASE)
_WORD_MARKER = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(?(\d+|[a-z]|[ivx]+)[.)]", re.IGNORECASE)


def tree(read: Iterable[Token]) -> Node:
    """The root of what the tokens say. Its children are p, h3, h4, ul, ol and table, in any number and order."""
    reader = _Reader()
    for token in read:
        reader.take(token)
    reader.flush()
    return reader.stack.root


class _Reader:
    """Keeps the paragraph that is being read, and what sets its text off; the stack keeps the open blocks."""

    def __init__(self) -> None:
        self.stack = Stack()
        self.run, self.kind = Run(), "p"
        self.forget_marks()
        self.spans: list[bool] = []
        self.marker: str | None = None
        self.marker_depth = 0

    def forget_marks(self) -> None:
        self.href, self.em = "", 0
        self.bold: list[bool] = []

    def take(self, token: Token) -> None:
        if isinstance(token, str):
            self.text(token)
        elif isinstance(token, Start):
            self.start(token.name, token.attributes)
        else:
            self.end(token.name)

    def text(self, text: str) -> None:
        if self.marker is not None:
            self.marker += text
        else:
            # A heading is strong by itself.
            strong = self.kind == "p" and (any(self.bold[-1:]) or any(self.spans[-1:]))
            self.run.add(text, Marks(self.href, strong, self.em > 0))

    def flush(self) -> None:
        """End the paragraph or heading that is being read."""
        if self.run.pieces:
            self.stack.place(Node(self.kind, pieces=self.run.pieces))
            self.kind = "p"
        self.run = Run()
        self.marker, self.marker_depth, self.spans = None, 0, []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _STRONG:
            self.bold.append(not _NOT_BOLD.search(attributes.get("style", "")))
        elif name in _EM:
            self.em += 1
        elif name == "a":
            self.href = address(attributes.get("href", ""))
        elif name == "span":
            self.start_span(attributes.get("style", ""))
        elif name == "br":
            self.break_line()
        else:
            self.start_block(name, attributes)

    def start_block(self, name: str, attributes: dict[str, str]) -> None:
        if name in HEADINGS:
            self.flush()
            self.kind = HEADINGS[name] if self.stack.flow().kind == "root" else "p"
        elif name == "p" and _WORD_ITEM.search(attributes.get("style", "")):
            self.structure()
            self.stack.open_item(from_word=True)
        elif name in _BREAKS:
            self.flush()
        elif name in LISTS or name == "li":
            self.structure()
            self.stack.open_list(name) if name in LISTS else self.stack.open_item()
        elif name in CELLS or name in _SECTIONS or name in ("table", "tr"):
            self.structure()
            self.start_of_table(name, attributes)

    def start_of_table(self, name: str, attributes: dict[str, str]) -> None:
        if name in CELLS:
            self.forget_marks()
            self.stack.open_cell(name, attributes)
        elif name == "tr":
            self.stack.open_row()
        elif name == "table":
            self.stack.open_table()
        else:
            self.stack.section(head=name == "thead")

    def end(self, name: str) -> None:
        if name in _STRONG:
            del self.bold[-1:]
        elif name in _EM:
            self.em = max(self.em - 1, 0)
        elif name == "a":
            self.href = ""
        elif name == "span":
            self.end_span()
        elif name in _BREAKS or name in HEADINGS:
            self.structure()
            if name == "p":
                self.stack.close_word_item()
        elif name in LISTS or name in ("li", "table", "tr") or name in CELLS or name in _SECTIONS:
            self.structure()
            self.end_structure(name)

    def end_structure(self, name: str) -> None:
        if name in CELLS:
            self.forget_marks()
        if name in _SECTIONS:
            self.stack.section(head=False)
        else:
            self.stack.close(name)

    def structure(self) -> None:
        """A boundary that no heading reaches across."""
        self.flush()
        self.kind = "p"

    def break_line(self) -> None:
        if self.kind != "p":
            self.text(" ")
        elif not self.run.break_line():
            self.flush()

    def start_span(self, style: str) -> None:
        if self.marker is not None:
            self.marker_depth += 1
        elif _WORD_MARKER.search(style):
            self.marker = ""
        else:
            bold = any(self.spans[-1:])
            self.spans.append(bool(_BOLD.search(style)) or (bold and not _NOT_BOLD.search(style)))

    def end_span(self) -> None:
        if self.marker is None:
            del self.spans[-1:]
        elif self.marker_depth:
            self.marker_depth -= 1
        else:
            self.stack.mark_list(ordered=bool(_NUMBER.match(self.marker)))
            self.marker = None
