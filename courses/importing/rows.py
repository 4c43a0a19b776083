"""Rows of text as doctors: which column is which, and what is wrong, in words. Nothing is saved here."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.councils import Council
from courses.enrolment import Details
from courses.importing.tables import Cell, Line, Unreadable, lines_of
from courses.managing.claim_form import RupeesField, TransactionNumberField
from courses.staff_forms import StaffDoctorForm

# What stands above the columns of the template; other headings that are taken for the same.
COLUMNS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "council": gettext_lazy("Council"),
    "registration_number": gettext_lazy("Registration number"),
    "qualification": gettext_lazy("Qualification"),
    "specialty": gettext_lazy("Specialty"),
    "place": gettext_lazy("Place"),
    "paid": gettext_lazy("Paid"),
    "transaction_number": gettext_lazy("Transaction number"),
}
ALIASES = {
    "name": ("name", "nameonthecertificate", "fullname", "doctor", "nameofdoctor", "nameofthedoctor"),
    "email": ("email", "emailaddress", "mail", "emailid"),
    "phone": ("phone", "phonenumber", "mobile", "mobilenumber", "telephone", "contactnumber", "phoneno", "mobileno"),
    "council": ("council", "medicalcouncil", "statemedicalcouncil", "registeringcouncil"),
    "registration_number": ("registrationnumber", "registrationno", "registration", "regno", "regnumber"),
    "qualification": ("qualification", "qualifications", "degree"),
    "specialty": ("specialty", "speciality", "specialisation", "specialization"),
    "place": ("place", "placeofwork", "whereyouwork", "hospital", "city", "institution"),
    "paid": ("paid", "amountpaid", "paidamount", "feepaid", "paidinrupees", "paidrs", "paidinr"),
    "transaction_number": ("transactionnumber", "transactionno", "transactionid", "utr", "utrnumber", "utrno"),
}
# The headings of the roster's own file. What stands below its “Paid” is booked here already.
OWN = {"reference", "status", "payment"}
NEEDED = ("name", "phone", "council")
NUMBERS = ("phone", "registration_number", "transaction_number")
SHORTEST_STATE = 3
# How people write that nothing has been paid, beside an empty cell.
NOTHING = re.compile(r"(?:₹\s*)?0+(?:[.,]0+)?|[-–—]")
# What a spreadsheet makes of a number: 12345.0, 9.8E+09, 9,8E+09.
CALCULATED = re.compile(r"\d+[.,]0+|\d+([.,]\d+)?[eE]\+?\d+")


@dataclass(frozen=True)
class Row:
    """A line of the file as a doctor: the text of its cells, or of those that are known, and what is wrong with it.

    `paid` is what has been paid before, whole INR; 0 where nothing was.
    """

    number: int
    values: dict[str, str]
    problems: list[str] = field(default_factory=list)
    details: Details | None = None
    paid: int = 0


@dataclass(frozen=True)
class Sheet:
    """All lines of a file, and the headings of columns that are not read."""

    rows: list[Row]
    left_out: list[str]


class ImportedForm(StaffDoctorForm):
    """A doctor who is enrolled already, and what has come from her so far."""

    paid = RupeesField(label=COLUMNS["paid"], required=False)
    transaction_number = TransactionNumberField(shortest=1, label=COLUMNS["transaction_number"], required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("transaction_number") and not cleaned.get("paid") and "paid" not in self.errors:
            self.add_error("paid", _("A transaction number stands here, and no amount."))
        return cleaned


def read(data: bytes) -> Sheet:
    """The people in a file.

    :raises Unreadable: no people can be read from it; its words say why.
    """
    lines = lines_of(data)
    if not lines:
        raise Unreadable(_("This file is empty."))
    columns, left_out = columns_of(lines[0].cells)
    if len(lines) == 1:
        raise Unreadable(_("This file has headings and nobody below them."))
    width = max(place for place, head in enumerate(lines[0].cells) if head.text) + 1
    return Sheet([_row(line, columns, width) for line in lines[1:]], left_out)


def columns_of(heads: Sequence[Cell]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, and the headings that are not known.

    :raises Unreadable: a column that is needed is missing, or one is there twice.
    """
    columns: dict[str, int] = {}
    left_out = []
    for place, head in enumerate(heads):
        name = next((name for name, known in ALIASES.items() if letters(head.text) in known), "")
        if name in columns:
            raise Unreadable(_("The column “%(name)s” is there twice.") % {"name": COLUMNS[name]})
        if name:
            columns[name] = place
        elif head.text:
            left_out.append(head.text[:60])
    if "paid" in columns and {letters(head.text) for head in heads} >= OWN:
        left_out.append(heads[columns.pop("paid")].text)
    if missing := [str(COLUMNS[name]) for name in NEEDED if name not in columns]:
        words = _("The first row has to name the columns. Missing: %(names)s. The template has all of them.")
        raise Unreadable(words % {"names": ", ".join(missing)})
    return columns, left_out


def letters(text: str) -> str:
    """What is left of a heading or name when it is compared: its small letters."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalpha())


def council_of(typed: str) -> str:
    """The code of a council that is named by its code, its name, or the beginning of it; empty if none or several."""
    wanted = letters(typed)
    if wanted in Council.values:
        return wanted
    names = {letters(str(label)): value for value, label in Council.choices}
    if wanted in names:
        return names[wanted]
    found = [value for name, value in names.items() if len(wanted) >= SHORTEST_STATE and name.startswith(wanted)]
    return found[0] if len(found) == 1 else ""


def _row(line: Line, columns: dict[str, int], width: int) -> Row:
    cells = {name: line.cells[place] if place < len(line.cells) else Cell() for name, place in columns.items()}
    values = {name: cells[name].text if name in cells else "" for name in COLUMNS}
    problems = [f"{COLUMNS[name]}: {problem}" for name, cell in cells.items() if (problem := _spoilt(name, cell))]
    if any(cell.text for cell in line.cells[width:]):
        problems.append(_("Something stands to the right of the last heading: the columns may be shifted."))
    return Row(line.number, values, problems) if problems else checked(line.number, values)


def _spoilt(name: str, cell: Cell) -> str:
    """What a spreadsheet has done to a cell, in words."""
    if name in NUMBERS and not cell.problem and CALCULATED.fullmatch(cell.text):
        return _("The spreadsheet has rounded or changed this number. Format the column as text, and type it again.")
    return cell.problem


def checked(number: int, values: dict[str, str]) -> Row:
    """A row by the rules of the form to enrol."""
    code = council_of(values["council"])
    if values["council"] and not code:
        words = _("There is no council “%(typed)s”. The template lists all names and codes.")
        return Row(number, values, [f"{COLUMNS['council']}: {words % {'typed': values['council'][:60]}}"])
    paid = "" if NOTHING.fullmatch(values["paid"]) else values["paid"]
    form = ImportedForm(values | {"council": code, "paid": paid})
    if form.is_valid():
        return Row(number, values, details=form.details(), paid=form.cleaned_data["paid"] or 0)
    told = [f"{COLUMNS.get(name, '')}: {error}" for name, each in form.errors.items() for error in each]
    return Row(number, values, told)
