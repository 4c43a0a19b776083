"""The week of one clinician as a grid: a row for each day, in it some stretches, each from – until."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from appointments.admin.hours import Interval
from appointments.models import Weekday, WorkingHours
from appointments.models.schedule import MIDNIGHT
from appointments.setup.week import clashes, digest, ends_first, every_week, interval_of, is_simple
from ipsc.clock import ClockField

STRETCHES = 3
COPIED_TO = (Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)


@dataclass(frozen=True)
class Stretch:
    """One cell of the grid."""

    opens: BoundField
    closes: BoundField

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, each sentence once, with the ids by which the inputs name it."""
        found: dict[str, list[str]] = {}
        for edge in (self.opens, self.closes):
            for words in edge.errors:
                found.setdefault(str(words), []).append(f"{edge.auto_id}_error")
        return found


@dataclass(frozen=True)
class GridDay:
    weekday: int
    label: str
    stretches: list[Stretch]


class WeekForm(forms.Form):
    """The ordinary hours of a clinician, from their `rows`; special ones stand beside it and are not to be overlapped.

    `seen` is the digest of the rows from which the form was made.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, rows: Iterable[WorkingHours], **options) -> None:
        rows = list(rows)
        self.special = [interval_of(row) for row in rows if not is_simple(row)]
        simple = sorted((row for row in rows if is_simple(row)), key=lambda row: (row.weekday, row.opens))
        of_day = {day: [row for row in simple if row.weekday == day] for day in Weekday.values}
        self.width = max(STRETCHES, *(len(found) for found in of_day.values()))
        initial = {"seen": digest(rows)}
        for day, found in of_day.items():
            for place, row in enumerate(found):
                initial |= {_name(day, place, "opens"): f"{row.opens:%H:%M}", _name(day, place, "closes"): _end(row)}
        super().__init__(*args, **({"initial": initial} | options))
        self._add_cells()

    def _add_cells(self) -> None:
        for day in Weekday:
            for place in range(self.width):
                told = {"day": day.label, "number": place + 1}
                self.fields[_name(day, place, "opens")] = ClockField(label=_("%(day)s, %(number)s., from") % told)
                self.fields[_name(day, place, "closes")] = ClockField(
                    label=_("%(day)s, %(number)s., until") % told, ends=True
                )

    @property
    def days(self) -> list[GridDay]:
        """The grid, for the template."""
        return [
            GridDay(day.value, str(day.label), [self._stretch(day, place) for place in range(self.width)])
            for day in Weekday
        ]

    def _stretch(self, day: int, place: int) -> Stretch:
        return Stretch(self[_name(day, place, "opens")], self[_name(day, place, "closes")])

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if "seen" in self.errors or not self.fields.keys() <= self.data.keys():
            # Cells that never came must not be taken for days off.
            raise ValidationError(_("This form was damaged on its way. Please send it again."), code="damaged")
        found: dict[Interval, str] = {}
        for day in Weekday.values:
            for place in range(self.width):
                opens, closes = _name(day, place, "opens"), _name(day, place, "closes")
                if {opens, closes} & self.errors.keys():
                    continue
                if interval := self._whole(day, opens, closes):
                    if interval in found:
                        self.add_error(opens, _("These hours stand here twice."))
                    found[interval] = opens
        for one, other in clashes(list(found), self.special):
            self.add_error(found[one], _overlap(other, other in found))
        return cleaned

    def _whole(self, day: int, opens: str, closes: str) -> Interval | None:
        """The hours of a cell; None where it is empty or wrong, which it then says."""
        begin, end = self.cleaned_data[opens], self.cleaned_data[closes]
        if begin is None and end is None:
            return None
        if begin is None:
            self.add_error(opens, _("From when? Type a time, or empty both."))
            return None
        if end is None:
            self.add_error(closes, _("Until when? Type a time, or empty both."))
            return None
        interval = every_week(day, begin, end)
        if ends_first(interval):
            words = _("This ends before it begins. For the afternoon type 17:00 or 5 pm.")
            self.add_error(closes, _("This ends when it begins.") if begin == end else words)
            return None
        return interval

    @cached_property
    def week(self) -> list[Interval]:
        """The week that a valid form means."""
        typed = self.cleaned_data
        cells = [
            (day, typed[_name(day, place, "opens")], typed[_name(day, place, "closes")])
            for day in Weekday.values
            for place in range(self.width)
        ]
        return [every_week(*cell) for cell in cells if cell[1] is not None]

    def with_monday_copied(self) -> dict[str, str]:
        """What was typed, with Monday's cells, right or wrong, in those of Tuesday to Friday as well."""
        typed = {name: str(self[name].value() or "") for name in self.fields}
        for day in COPIED_TO:
            for place in range(self.width):
                for edge in ("opens", "closes"):
                    typed[_name(day, place, edge)] = typed[_name(Weekday.MONDAY, place, edge)]
        return typed


def _name(day: int, place: int, edge: str) -> str:
    return f"{Weekday(day).name.lower()}_{place}_{edge}"


def _end(row: WorkingHours) -> str:
    return "24:00" if row.closes == MIDNIGHT else f"{row.closes:%H:%M}"


def clock(moment: time, *, ends: bool = False) -> str:
    return "24:00" if ends and moment == MIDNIGHT else f"{moment:%H:%M}"


def _overlap(other: Interval, is_ordinary: bool) -> str:
    told = {"opens": clock(other.opens), "closes": clock(other.closes, ends=True)}
    if is_ordinary:
        return _("This overlaps the hours from %(opens)s to %(closes)s.") % told
    return _("This overlaps the special hours from %(opens)s to %(closes)s, listed below the week.") % told
