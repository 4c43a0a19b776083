"""A file of staff's as rows of text. Nothing is believed of it: neither its name nor what it says of its size."""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from ipsc.verbs import Refusal

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_MEMBERS = 500
MOST_ROWS = 1000
MOST_COLUMNS = 50
# How far down is looked: a small file can have a million rows, and somebody else waits meanwhile.
LAST_ROW = 20_000
CHUNK = 64 * 1024
ZIP, OLD_EXCEL, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
# Bare, since one alone could be an e-mail address or a place; a phone number begins with a plus.
FORMULA = ("=", "@")


class Unreadable(Refusal):
    """A file of which nothing can be read; its words say what to do."""


@dataclass(frozen=True)
class Cell:
    """A cell as text, without the blanks round it; `problem`, in words, where it does not hold what was typed."""

    text: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Line:
    """A row that is not empty, with the number that a spreadsheet shows beside it."""

    number: int
    cells: list[Cell]


def lines_of(data: bytes) -> list[Line]:
    """The rows of a CSV file or of the first sheet of an XLSX file, empty ones left out; at most MOST_ROWS + 1.

    CSV is UTF-8, with or without a byte order mark, UTF-16 with one, or Windows-1252; by comma, semicolon or tab.

    :raises Unreadable: it is none of these, too large, or has more rows.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(_("This file is larger than 2 MB. Divide it, or leave out what is not needed."))
    if data.startswith(OLD_EXCEL):
        raise Unreadable(_("This is a file of an old Excel, or one with a password. Save it as XLSX or as CSV."))
    if data.startswith(PDF):
        raise Unreadable(_("This is a PDF file. Choose a CSV or XLSX file."))
    found = []
    for line in _xlsx(data) if data.startswith(ZIP) else _csv(data):
        if line.number > LAST_ROW:
            words = _(
                "This file goes on below row %(last)s. Copy the rows with people into an empty sheet and save that."
            )
            raise Unreadable(words % {"last": f"{LAST_ROW:,}"})
        if any(cell.text or cell.problem for cell in line.cells):
            found.append(line)
        if len(found) > MOST_ROWS + 1:
            words = _("This file has more than %(most)s people. Divide it into several files.")
            raise Unreadable(words % {"most": f"{MOST_ROWS:,}"})
    return found


def _csv(data: bytes) -> Iterator[Line]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1):
            yield Line(number, [_of_text(each) for each in row[: MOST_COLUMNS + 1]])
    except csv.Error as error:
        raise Unreadable(_("This CSV file is broken: a quotation mark may be missing. Save it again.")) from error


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "cp1252")
    if not data.startswith(UTF_16) and _is_damaged(data):
        raise Unreadable(_("Some letters of this file are damaged. Save it again as “CSV UTF-8” or as XLSX."))
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This is neither a CSV nor an XLSX file. In the spreadsheet, save it as “CSV UTF-8” or XLSX."))


def _is_damaged(data: bytes) -> bool:
    """Whether this is UTF-8 with a slip in it: read as anything else, every name in Hindi would be another one."""
    text = data.decode("utf-8", errors="replace")
    slips = text.count("\ufffd")
    return 0 < slips < sum(each > "\x7f" for each in text) - slips


def _of_text(text: str) -> Cell:
    text = text.strip()
    # Our own file has an apostrophe before what a spreadsheet would calculate.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        text = text[1:]
    elif text.startswith(FORMULA):
        return Cell(text, _("A formula stands here. Type the text itself."))
    if "\0" in text:
        return Cell(text.replace("\0", ""), _("There is a character here that no text has. Type it again."))
    return Cell(text)


def _xlsx(data: bytes) -> Iterator[Line]:
    safe = _unpacked(data)
    try:
        book = load_workbook(safe, read_only=True, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_row=LAST_ROW + 1, max_col=MOST_COLUMNS + 1)
        for number, row in enumerate(rows, 1):
            # Rows that are empty are not read cell by cell.
            if number > LAST_ROW or any(each is not EMPTY_CELL for each in row):
                yield Line(number, [_of_cell(each) for each in row])
    except Exception as error:
        # A file of any kind can break the library in any way; none of them is a fault of the site.
        raise Unreadable(
            _("This XLSX file cannot be read. Open it, save it again as XLSX or CSV, and send that.")
        ) from error


def _of_cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return Cell()
    if kind == "f":
        return Cell(str(value), _("A formula stands here. Type the text itself."))
    if kind == "e":
        return Cell(str(value), _("A spreadsheet could not calculate this. Type the text itself."))
    if isinstance(value, date | datetime | time | timedelta):
        words = _("The spreadsheet holds a date here. Format the column as text, and type it again.")
        return Cell(str(value), words)
    return _of_text(str(value))


def _unpacked(data: bytes) -> BytesIO:
    """The same archive with nothing in it that grows: what a zip says of its own size is not believed.

    :raises Unreadable: it is broken, locked, or unpacks to more than MOST_UNPACKED bytes.
    """
    large = Unreadable(_("This file unpacks to more than 20 MB. Copy the rows into an empty sheet and save that."))
    broken = _("This XLSX file is broken, or has a password. Open it, save it again, and send that.")
    out, left = BytesIO(), MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as copy:
            members = {each.filename: each for each in archive.infolist()}
            if len(members) > MOST_MEMBERS or sum(each.file_size for each in members.values()) > MOST_UNPACKED:
                raise large
            for name, member in members.items():
                content = _bounded(archive, member, left)
                left -= len(content)
                if left < 0:
                    raise large
                # Spreadsheets never have one: it defines entities, by which a short text becomes a long one.
                if b"<!DOCTYPE" in content.replace(b"\0", b""):
                    raise Unreadable(broken)
                copy.writestr(name, content)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(broken) from error
    out.seek(0)
    return out


def _bounded(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """What a member holds; a little more than `most` bytes where it holds more."""
    content = bytearray()
    with archive.open(member) as source:
        while len(content) <= most and (chunk := source.read(CHUNK)):
            content += chunk
    return bytes(content)
