"""Writing to the one row of the clinic's settings, of which nobody may lose what somebody else writes meanwhile."""

from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings

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
