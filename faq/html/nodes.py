"""The blocks of an answer, and the stack of those that are open while it is read."""

from collections.abc import Collection
from dataclasses import dataclass, field

from faq.html.runs import Piece

# Lists within lists deeper than this are set at this depth: no answer needs more, and every browser can show them.
MAX_DEPTH = 5
MAX_SPAN = 20

HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
LISTS = ("ul", "ol")
CELLS = ("td", "th")
_TH_SCOPES = ("row", "col", "rowgroup", "colgroup")


@dataclass(slots=True)
class Node:
    """A block: `p`, `h3` and `h4` have pieces, `root`, lists, `li`, `table`, `tr` and cells have children.

    `implied` marks a list that no tag opened, `from_word` an item that a paragraph of Word opened, `head` a row of a
    table's head.
    """

    kind: str
    children: list["Node"] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    implied: bool = False
    from_word: bool = False
    head: bool = False

    @property
    def empty(self) -> bool:
        """Nothing to read in it."""
        return not self.pieces and all(child.empty for child in self.children)


class Stack:
    """Open blocks, the root first. Never more than MAX_DEPTH lists and one table deep; what is deeper is set flat."""

    def __init__(self) -> None:
        self.root = Node("root")
        self._open = [self.root]
        self._in_head = False
        self._surplus = {"list": 0, "table": 0}

    def flow(self) -> Node:
        """The block that text goes to now: the root, an item or a cell."""
        if self._open[-1].implied:
            self._open.pop()
        top = self._open[-1]
        if top.kind in LISTS:
            return self._push(Node("li"))
        # As browsers do: what stands in a table outside its cells is shown before the table.
        return self.root if top.kind in ("table", "tr") else top

    def place(self, node: Node) -> None:
        """Append a finished paragraph, or a block about to be opened, where text goes now."""
        flow = self.flow()
        in_table = flow is self.root and len(self._open) > 1
        flow.children.insert(len(flow.children) - in_table, node)

    def open_list(self, kind: str) -> None:
        """Open a list; right within another list it belongs to the item before."""
        if sum(node.kind in LISTS for node in self._open) >= MAX_DEPTH:
            self._surplus["list"] += 1
            return
        top = self._open[-1]
        if top.kind in LISTS and top.children and not top.implied:
            self._open.append(top.children[-1])
        node = Node(kind)
        self.place(node)
        self._open.append(node)

    def open_item(self, *, from_word: bool = False) -> None:
        """Open an item of the innermost list, or of a new list where there is none."""
        if not self._close_to(LISTS, within=CELLS):
            node = Node("ul", implied=True)
            self.place(node)
            self._open.append(node)
        self._push(Node("li", from_word=from_word))

    def close_word_item(self) -> None:
        if self._open[-1].from_word:
            self._open.pop()

    def mark_list(self, *, ordered: bool) -> None:
        """Say what an implied list is, once its first item's bullet or number has been read."""
        if len(self._open) > 1 and self._open[-2].implied and len(self._open[-2].children) == 1:
            self._open[-2].kind = LISTS[ordered]

    def open_table(self) -> None:
        """Open a table; one within an item or within another table is read as paragraphs."""
        if self._open[-1].implied:
            self._open.pop()
        if len(self._open) > 1:
            self._surplus["table"] += 1
            return
        self._in_head = False
        self._push(Node("table"))

    def section(self, *, head: bool) -> None:
        """Enter or leave the head of a table."""
        if not self._surplus["table"] and self._close_to(("table",)):
            self._in_head = head

    def open_row(self) -> None:
        if not self._surplus["table"] and self._close_to(("table",)):
            self._push(Node("tr", head=self._in_head))

    def open_cell(self, kind: str, attributes: dict[str, str]) -> None:
        """Open a cell, and a row for it where there is none; `attributes` as they came, of which few are kept."""
        if self._surplus["table"]:
            return
        if not self._close_to(("tr",)):
            self.open_row()
        if self._open[-1].kind == "tr":
            self._push(Node(kind, attributes=_kept(kind, attributes)))

    def close(self, kind: str) -> None:
        """Close the innermost open block of the kind, if there is one, and all within it."""
        if kind in LISTS and self._surplus["list"]:
            self._surplus["list"] -= 1
        elif self._surplus["table"] and kind in ("table", "tr", *CELLS):
            self._surplus["table"] -= kind == "table"
        elif self._close_to((kind,), within=CELLS if kind in (*LISTS, "li") else ()):
            self._open.pop()
            self._surplus = {"list": 0, "table": 0} if kind in CELLS or kind == "table" else self._surplus

    def _push(self, node: Node) -> Node:
        self._open[-1].children.append(node)
        self._open.append(node)
        return node

    def _close_to(self, kinds: Collection[str], within: Collection[str] = ()) -> bool:
        """Close all within the innermost block of such a kind, which stays open; False, and nothing, without one."""
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].kind in kinds:
                del self._open[index + 1 :]
                return True
            if self._open[index].kind in within:
                return False
        return False


def _kept(kind: str, attributes: dict[str, str]) -> dict[str, str]:
    spans = {name: _span(attributes.get(name, "")) for name in ("colspan", "rowspan")}
    kept = {name: str(span) for name, span in spans.items() if span > 1}
    scope = attributes.get("scope", "").strip().lower()
    return {**kept, "scope": scope} if kind == "th" and scope in _TH_SCOPES else kept


def _span(value: str) -> int:
    value = value.strip()
    # Not int() alone, which reads "+3", "1_0" and Devanagari digits.
    span = int(value) if value.isascii() and value.isdigit() and len(value) < 3 else 1
    return span if 1 <= span <= MAX_SPAN else 1
