"""A paragraph while it is being read: pieces of text with their marks, and the white space between them."""

import re
from typing import NamedTuple


class Marks(NamedTuple):
    """How a piece of text is set off: the address it leads to ("" for none), strong, emphasised."""

    href: str = ""
    strong: bool = False
    em: bool = False

    def common(self, other: "Marks") -> "Marks":
        """What both share. It is what the space between two pieces is set in."""
        return Marks(self.href if self.href == other.href else "", self.strong and other.strong, self.em and other.em)


class Piece(NamedTuple):
    """Text in one setting. A line break within the paragraph is a piece of its own, "\\n"."""

    text: str
    marks: Marks


_SPACES = re.compile(r"\s+")


class Run:
    """Collects pieces so that equal looks give equal pieces, however the source was broken into elements.

    Spaces of any kind are one space, never at the ends nor beside a line break, and at a change of marks they carry
    only the marks that both sides share.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._gap = ""

    def add(self, text: str, marks: Marks) -> None:
        """Append text, white space and all."""
        text = _SPACES.sub(" ", text)
        body = text.strip(" ")
        if text.startswith(" "):
            self._space()
        if not body:
            return
        if self._gap:
            self.pieces.append(Piece(self._gap, self.pieces[-1].marks.common(marks)))
        self.pieces.append(Piece(body, marks))
        self._gap = " " if text.endswith(" ") else ""

    def break_line(self) -> bool:
        """Note a line break; False when it follows another, which is how people type a new paragraph."""
        if self._gap == "\n":
            return False
        if self.pieces:
            self._gap = "\n"
        return True

    def _space(self) -> None:
        if self.pieces and not self._gap:
            self._gap = " "
