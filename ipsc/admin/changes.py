"""The history of a row as staff read it: when, who, what became of what, and why (rule B5)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.models import DeletedObject
from simple_history.utils import get_m2m_reverse_field_name

from ipsc.dates import last_day

MOST = 100
MOST_CHARACTERS = 120
KINDS = {"+": gettext_lazy("made"), "~": gettext_lazy("changed"), "-": gettext_lazy("deleted")}
# The verbs record why in a word of their own; these are the words' meaning for staff.
REASONS = {
    "moved": gettext_lazy("moved"),
    "corrected": gettext_lazy("details corrected"),
    "linked": gettext_lazy("linked to a person, or the link ended"),
    "from a booking": gettext_lazy("from a booking"),
    "unanswered": gettext_lazy("nobody answered in time"),
    "first content": gettext_lazy("sample content"),
    "sample adopted": gettext_lazy("a sample became the clinic’s own"),
}
# Moments that end something, each as its model's label and its name: people read their last day. Each app adds its own.
ENDS: set[str] = set()


@dataclass(frozen=True)
class Difference:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One record of a history; `differences` compares it with the record before."""

    at: datetime
    by: str
    kind: str
    why: str
    differences: list[Difference] = field(default_factory=list)


def changes(row: models.Model, hidden: frozenset[str] = frozenset()) -> list[Change]:
    """The latest MOST changes of a tracked row, newest first.

    Fields that nobody edits, and `hidden` ones, are left out. How many queries it takes does not depend on how many
    changes there are, many-to-many fields aside.
    """
    rows: Any = row
    history = rows.history.select_related("history_user")._select_related_history_tracked_objs()
    records = list(history.order_by("-history_date", "-history_id")[: MOST + 1])
    untold = {each.name for each in row._meta.get_fields() if not getattr(each, "editable", False)} | hidden
    found = []
    for place, record in enumerate(records[:MOST]):
        older = records[place + 1] if place + 1 < len(records) else None
        found.append(
            Change(
                at=record.history_date,
                by=record.actor or str(record.history_user or _("the site")),
                kind=str(KINDS[record.history_type]),
                why=str(REASONS.get(record.history_change_reason, record.history_change_reason or "")),
                differences=_differences(row, older, record, untold) if older else [],
            )
        )
    return found


def _differences(row: models.Model, older, newer, untold: set[str]) -> list[Difference]:
    found = []
    tracked = {each.name for each in newer.tracked_fields} | {each.name for each in newer._history_m2m_fields}
    for each in newer.diff_against(older, excluded_fields=untold & tracked, foreign_keys_are_objs=True).changes:
        column = row._meta.get_field(each.field)
        label = str(capfirst(getattr(column, "verbose_name", each.field)))
        found.append(Difference(label, _worded(column, each.old), _worded(column, each.new)))
    return found


def _worded(column, value) -> str:
    if isinstance(value, list):  # many to many: one dictionary for each link
        other = get_m2m_reverse_field_name(column)
        return ", ".join(str(link[other]) for link in value) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, datetime) and f"{column.model._meta.label_lower}.{column.name}" in ENDS:
        value = last_day(value)
    # Nobody was linked: the library takes that for somebody who is deleted.
    if value in (None, "") or (isinstance(value, DeletedObject) and value.pk is None):
        return "–"
    if isinstance(value, DeletedObject):
        return str(value)
    return Truncator(str(display_for_field(value, column, "–"))).chars(MOST_CHARACTERS)
