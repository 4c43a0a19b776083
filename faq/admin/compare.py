"""Two texts side by side, as staff compare them before they publish (rule F1)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from faq.differences import Piece, differences
from faq.html import text_of
from faq.models import Draft


@dataclass(frozen=True)
class Compared:
    """One part of a text: its name, and what became of its words; `note` says what words do not show."""

    label: str
    pieces: list[Piece]
    note: str = ""


def compared(old: Draft, new: Draft) -> list[Compared]:
    """The parts that differ."""
    found = []
    if old.title != new.title:
        found.append(Compared(str(_("Question")), differences(old.title, new.title)))
    if old.answer != new.answer:
        before, after = text_of(old.answer), text_of(new.answer)
        note = str(_("Only the form has changed: headings, bold, lists, tables or links.")) if before == after else ""
        found.append(Compared(str(_("Answer")), differences(before, after), note))
    if old.sources != new.sources:
        found.append(Compared(str(_("Sources")), differences(old.sources, new.sources)))
    if (old.picture_id, old.picture_alt) != (new.picture_id, new.picture_alt):
        note = str(_("The picture is another one, or is gone.")) if old.picture_id != new.picture_id else ""
        found.append(Compared(str(_("Picture in words")), differences(old.picture_alt, new.picture_alt), note))
    return found
