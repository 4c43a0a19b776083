"""The tree of an answer, written as HTML and as plain text, in one canonical form each."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, takewhile

from faq.html.links import outgoing
from faq.html.nodes import Node
from faq.html.runs import Marks, Piece

_REL = ' rel="noopener noreferrer"'
CELL_GAP = " – "


def html_of(root: Node) -> str:
    """One line for each block of the root; nothing between the blocks within it."""
    return "\n".join(filter(None, map(_block, root.children)))


def lines_of(node: Node) -> Iterator[str]:
    """The text of a block, each paragraph, heading, item and row of a table a line or more of its own."""
    if node.kind == "tr":
        cells = (" ".join(line for child in cell.children for line in lines_of(child)) for cell in node.children)
        if line := CELL_GAP.join(filter(None, cells)):
            yield line
    elif node.pieces:
        yield from "".join(piece.text for piece in node.pieces).split("\n")
    else:
        for child in node.children:
            yield from lines_of(child)


def _block(node: Node) -> str:
    if node.kind == "table":
        return _table(node)
    if node.pieces:
        return f"<{node.kind}>{_inline(node.pieces)}</{node.kind}>"
    return "" if node.empty else f"<{node.kind}>{''.join(map(_item, node.children))}</{node.kind}>"


def _item(node: Node) -> str:
    return "" if node.empty else f"<li>{_flow(node)}</li>"


def _flow(node: Node) -> str:
    """What an item or a cell holds. A single paragraph stands in it bare."""
    bare = sum(bool(child.pieces) for child in node.children) == 1
    return "".join(_inline(child.pieces) if bare and child.pieces else _block(child) for child in node.children)


def _table(node: Node) -> str:
    rows = [row for row in node.children if row.children]
    if node.empty:
        return ""
    # A first row of nothing but headings is a head, whether or not the editor said so; a head comes first.
    head = [row for row in rows if row.head]
    body = [row for row in rows if not row.head]
    if not head:
        head = list(takewhile(_only_headings, rows))
        body = rows[len(head) :]
    return f"<table>{_rows('thead', head)}{_rows('tbody', body)}</table>"


def _only_headings(row: Node) -> bool:
    return all(cell.kind == "th" for cell in row.children)


def _rows(section: str, rows: Iterable[Node]) -> str:
    written = "".join(f"<tr>{''.join(_cell(cell, section) for cell in row.children)}</tr>" for row in rows)
    return f"<{section}>{written}</{section}>" if written else ""


def _cell(cell: Node, section: str) -> str:
    attributes = cell.attributes
    if cell.kind == "th" and "scope" not in attributes:
        attributes = {**attributes, "scope": "col" if section == "thead" else "row"}
    written = "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))
    return f"<{cell.kind}{written}>{_flow(cell)}</{cell.kind}>"


def _inline(pieces: Iterable[Piece], within: int = 0) -> str:
    """Pieces as HTML; marks nest in one order: a, strong, em."""
    if within == len(Marks._fields):
        return "".join(escape(piece.text, quote=False).replace("\n", "<br>") for piece in pieces)
    groups = groupby(pieces, key=lambda piece: piece.marks[within])
    return "".join(_marked(value, _inline(list(group), within + 1), Marks._fields[within]) for value, group in groups)


def _marked(value: str | bool, written: str, name: str) -> str:
    if not value:
        return written
    if name != "href":
        return f"<{name}>{written}</{name}>"
    href = str(value)
    return f'<a href="{escape(href)}"{_REL if outgoing(href) else ""}>{written}</a>'
