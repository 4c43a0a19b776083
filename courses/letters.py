"""A letter for a doctor's leave application, as PDF (ISO 32000): when and where a course is, and that she is in it.

Only a Paragraph with `shaping` sets Devanagari right; the one font has Latin and Devanagari letters, and what it lacks
is said instead of printed as boxes.
"""

import functools
import io
from datetime import date
from importlib.resources import files
from xml.sax.saxutils import escape

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from courses.catalogue.cards import Card
from courses.models import Enrolment, Status
from ipsc.dates import day_in_words
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import staff_plain

FONT = "NotoSansDevanagari"
FONT_FILE = ("files", "NotoSansDevanagari[wdth,wght].ttf")
LETTER_OF = (Status.CONFIRMED, Status.ATTENDED)
# Joiners and marks of direction have no shape of their own.
SHAPELESS = {0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF}


class NotInFont(Exception):
    """The font has no shape for some letters of a text; `letters` are these."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


@functools.cache
def font() -> TTFont:
    """The font, registered once in this process."""
    path = files("fontpkg_noto_sans_devanagari").joinpath(*FONT_FILE)
    made = TTFont(FONT, str(path), shapable=True)
    pdfmetrics.registerFont(made)
    return made


def missing(text: str) -> str:
    """The letters of a text for which the font has no shape, each once."""
    shapes = font().face.charToGlyph
    return "".join(dict.fromkeys(each for each in text if not each.isspace() and not _is_shown(each, shapes)))


def _is_shown(letter: str, shapes) -> bool:
    return ord(letter) in shapes or ord(letter) in SHAPELESS


def letter(enrolment: Enrolment, card: Card, clinic: ClinicSettings, *, today: date) -> bytes:
    """The letter in the active language; the same bytes for the same facts and day.

    :raises NotInFont: it cannot show somebody's name, or another text, as it is.
    """
    texts = _texts(enrolment, card, clinic, today)
    if letters := missing("".join(texts.values())):
        raise NotInFont(letters)
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=22 * mm,
        bottomMargin=20 * mm,
        title=texts["subject"],
        author=texts["clinic"],
        lang=get_language(),
        invariant=1,
    )
    document.build(_story(texts, enrolment, card))
    return buffer.getvalue()


def _texts(enrolment: Enrolment, card: Card, clinic: ClinicSettings, today: date) -> dict[str, str]:
    """All that stands in the letter."""
    run = card.run
    came = enrolment.status == Status.ATTENDED
    said = _("%(name)s took part in this course.") if came else _("%(name)s is enrolled in this course.")
    texts = {
        "clinic": f"{clinic.name} · {staff_plain(clinic, 'full_name')}".strip(" ·"),
        "address": " ".join(staff_plain(clinic, "address").split()),
        "day": day_in_words(today),
        "whom": _("To whom it may concern"),
        "subject": staff_plain(card.titled, "title"),
        "said": said % {"name": enrolment.name},
        "verify": _("To check this letter, ask us for the reference %(reference)s.")
        % {"reference": enrolment.spoken_reference},
        "phone": _("Our phone: %(phone)s") % {"phone": card.phone.as_international} if card.phone else "",
    }
    texts |= {f"row {label}": value for label, value in _facts(enrolment, card)}
    if run.credit_hours:
        told = {"hours": run.credit_hours.normalize(), "council": run.credit_council, "reference": run.credit_reference}
        texts["credit"] = _("Credit hours granted: %(hours)s by %(council)s, reference %(reference)s.") % told
    return texts


def _facts(enrolment: Enrolment, card: Card) -> list[tuple[str, str]]:
    place = " ".join(staff_plain(card.place, card.place_field).split()) if card.has_place else ""
    number = f"{enrolment.get_council_display()}, {enrolment.registration_number}".strip(" ,")
    rows = [
        (_("Name"), enrolment.name),
        (_("Registration"), number),
        (_("Course"), staff_plain(card.titled, "title")),
        (_("Dates"), card.days),
        (_("Time"), card.clock),
        (_("Hours of teaching"), str(card.course.hours.normalize())),
        (_("Mode"), str(card.run.get_mode_display())),
        (_("Place"), place),
        (_("Reference"), enrolment.spoken_reference),
    ]
    return [(label, value) for label, value in rows if value]


def _story(texts: dict[str, str], enrolment: Enrolment, card: Card) -> list[Flowable]:
    text = ParagraphStyle("text", fontName=FONT, fontSize=11, leading=17, alignment=TA_LEFT, shaping=1)
    small = ParagraphStyle("small", parent=text, fontSize=9.5, leading=14, textColor="#4c5a56")
    head = ParagraphStyle("head", parent=text, fontSize=15, leading=21, textColor="#0f5c54")
    title = ParagraphStyle("title", parent=text, fontSize=13, leading=19)

    def put(name: str, style: ParagraphStyle = text) -> list[Flowable]:
        return [Paragraph(escape(texts[name]), style)] if texts.get(name) else []

    rows = [
        [Paragraph(escape(label), small), Paragraph(escape(value), text)] for label, value in _facts(enrolment, card)
    ]
    table = Table(rows, colWidths=[45 * mm, None], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, "#d5dfdc"),
            ]
        )
    )
    return [
        *put("clinic", head),
        *put("address", small),
        Spacer(1, 3 * mm),
        HRFlowable(width="100%", thickness=1, color="#0f5c54"),
        Spacer(1, 10 * mm),
        *put("day"),
        Spacer(1, 8 * mm),
        *put("whom", title),
        Spacer(1, 4 * mm),
        *put("said"),
        Spacer(1, 6 * mm),
        table,
        Spacer(1, 6 * mm),
        *put("credit"),
        Spacer(1, 8 * mm),
        *put("verify", small),
        *put("phone", small),
    ]
