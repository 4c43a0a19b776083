"""The enrolled of a run as a table to take away: for spreadsheets, which take some texts for formulas."""

import csv
from collections.abc import Iterable
from io import BytesIO, StringIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from courses.models import Enrolment
from ipsc.dates import in_words

# What a spreadsheet would calculate instead of showing.
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
BOM = "\ufeff"
WIDTH = 22
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heads() -> list[str]:
    return [
        _("Reference"),
        _("Status"),
        _("Name on the certificate"),
        _("Medical council"),
        _("Registration number"),
        _("Registration checked"),
        _("Phone"),
        _("E-mail"),
        _("Qualification"),
        _("Specialty"),
        _("Place of work"),
        _("What we should know"),
        _("Fee"),
        _("Paid"),
        _("Payment"),
        _("Waits since"),
        _("Offer ends"),
    ]


def cells(enrolment: Enrolment) -> list[str | int]:
    """One row, as it is; amounts are whole INR."""
    moments = (enrolment.waiting_at if enrolment.status == "waiting" else None, enrolment.offer_ends_at)
    return [
        enrolment.reference,
        str(enrolment.get_status_display()),
        enrolment.name,
        str(enrolment.get_council_display()),
        enrolment.registration_number,
        _("yes") if enrolment.registration_checked_at else "",
        enrolment.phone.as_e164,
        enrolment.email,
        enrolment.qualification,
        enrolment.specialty,
        enrolment.place,
        enrolment.needs,
        enrolment.fee,
        enrolment.paid,
        str(enrolment.get_payment_state_display()),
        *(in_words(moment) if moment else "" for moment in moments),
    ]


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def as_csv(rows: Iterable[Enrolment]) -> str:
    """RFC 4180, with a byte order mark: without it Excel takes UTF-8 for something else.

    Everything stands in quotes: some programs divide cells at a semicolon, too.
    """
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(heads())
    writer.writerows([harmless(cell) for cell in cells(row)] for row in rows)
    return BOM + out.getvalue()


def as_xlsx(rows: Iterable[Enrolment]) -> bytes:
    """The same as a workbook (ISO/IEC 29500), every cell as text but the amounts: no number loses its zeros."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Enrolments"))
    sheet.freeze_panes = "A2"
    for number, _head in enumerate(heads(), 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append(heads())
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in cells(row)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value: str | int) -> WriteOnlyCell:
    """A cell that is what it holds: a text that begins with = is no formula here."""
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type, cell.number_format = "s", "@"
    return cell
