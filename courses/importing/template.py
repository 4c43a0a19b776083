"""The empty file to fill in: all columns as text, so that no spreadsheet makes a date or a sum of a number."""

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from courses.councils import Council
from courses.importing.rows import COLUMNS

AS_TEXT = "@"
WIDTH = 24


def template() -> bytes:
    """An XLSX file: the headings, and on a second sheet the councils with their codes."""
    book = Workbook(write_only=True)
    people = book.create_sheet(_("People"))
    for number in range(1, len(COLUMNS) + 1):
        column = people.column_dimensions[get_column_letter(number)]
        column.number_format, column.width = AS_TEXT, WIDTH
    people.append([str(label) for label in COLUMNS.values()])
    councils = book.create_sheet(_("Councils"))
    councils.column_dimensions["B"].width = 60
    councils.append([_("Code"), _("Council")])
    for code, label in Council.choices:
        councils.append([code, str(label)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
