"""Writing to the one row of the clinic's settings, of which nobody may lose what somebody else writes meanwhile."""

from collections.abc import Mapping
from typing import Any

from ipsc.history import Actor, save_as
from ipsc.models import CARD, ClinicSettings
from ipsc.verbs import verb

# Two people may be the first to save the settings at once; the second finds the row when tried again.
FIRST_SAVED = frozenset({"ipsc_clinicsettings_pkey"})


def locked_settings() -> ClinicSettings:
    """The clinic's settings, locked until the transaction ends; unsaved where nobody has saved any yet."""
    return ClinicSettings.objects.select_for_update(no_key=True).filter(pk=1).first() or ClinicSettings(pk=1)


def save_fields(settings: ClinicSettings, *names: str, by: Actor, why: str) -> None:
    """Save these fields of the settings alone: what somebody else writes at this moment stays."""
    if settings._state.adding:
        # Two first savings must clash, and not become an update of each other.
        save_as(settings, by=by, why=why, force_insert=True)
    else:
        save_as(settings, by=by, why=why, update_fields=names)


@verb(refusals={}, redrawn=FIRST_SAVED)
def amend(*, values: Mapping[str, Any], by: Actor) -> ClinicSettings:
    """Write what a manager has changed on the page of the settings, by the fields' names, and nothing else.

    A change of the red-flag card makes the next version of it (rule F2). What was confirmed before stays on record and
    counts no more: a confirmation is of one version.
    """
    settings = locked_settings()
    names = set(values)
    for name, value in values.items():
        setattr(settings, name, value)
    if names & set(CARD):
        settings.red_flags_version += 1
        names.add("red_flags_version")
    save_fields(settings, *names, by=by, why="")
    return settings
