"""Hours in words: days with the same hours stand together, as on the sign at a door."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appointments.admin.setup.grid import clock
from appointments.models import Weekday, WorkingHours


def week_in_words(rows: Iterable[WorkingHours]) -> list[tuple[str, str]]:
    """Days and their hours, such as ("Monday–Friday", "10:00–13:00, 17:00–20:00"); days without hours are left out."""
    hours: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: (row.weekday, row.opens)):
        told = f"{clock(row.opens)}–{clock(row.closes, ends=True)}"
        hours[row.weekday] = f"{hours[row.weekday]}, {told}" if row.weekday in hours else told
    groups: list[tuple[int, int, str]] = []
    for day, told in sorted(hours.items()):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == told:
            groups[-1] = (groups[-1][0], day, told)
        else:
            groups.append((day, day, told))
    return [(_days(first, last), told) for first, last, told in groups]


def _days(first: int, last: int) -> str:
    labels = [str(Weekday(day).label) for day in range(first, last + 1)]
    return labels[0] if len(labels) == 1 else f"{labels[0]}–{labels[-1]}"


def special_in_words(row: WorkingHours) -> str:
    """Monday 10:00–13:00, every 2 weeks, from 7 Dec 2026 until 29 Mar 2027, at most 4 online."""
    told = [f"{row.get_weekday_display()} {clock(row.opens)}–{clock(row.closes, ends=True)}"]
    told += [_("every %(count)s weeks") % {"count": row.every}] if row.every > 1 else []
    told += [_("from %(day)s") % {"day": date_format(row.valid_from, "j M Y")}] if row.valid_from else []
    told += [_("until %(day)s") % {"day": date_format(row.valid_until, "j M Y")}] if row.valid_until else []
    if row.online_cap == 0:
        told.append(_("by phone only"))
    elif row.online_cap is not None:
        told.append(_("at most %(count)s online") % {"count": row.online_cap})
    return ", ".join(told)
