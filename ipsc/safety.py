"""The text of the red-flag card: its versions, and which doctor has confirmed it (rule F2)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ipsc.clinic import FIRST_SAVED, locked_settings, save_fields
from ipsc.history import Actor
from ipsc.models import CARD, ClinicSettings
from ipsc.verbs import Refusal, verb


class CardChanged(Refusal):
    words = _("The text has been changed meanwhile. Please have the doctor read it once more.")


def count_version(row: ClinicSettings) -> bool:
    """Give a changed card the next version, unsaved, and say whether it was changed.

    What was confirmed before stays on record, and counts no more: a confirmation is of one version.
    """
    stored = ClinicSettings.load()
    if all(getattr(row, name) == getattr(stored, name) for name in CARD):
        return False
    row.red_flags_version = stored.red_flags_version + 1
    return True


@verb(refusals={}, redrawn=FIRST_SAVED)
def confirm_card(*, version: int, confirmed_by: str, on: date, by: Actor) -> ClinicSettings:
    """Record that a doctor, named with the registration number, has read this version of the card and confirms it.

    :raises CardChanged: the card has another version by now.
    """
    settings = locked_settings()
    if settings.red_flags_version != version:
        raise CardChanged
    settings.red_flags_confirmed_version = version
    settings.red_flags_confirmed_by = confirmed_by
    settings.red_flags_confirmed_on = on
    names = ("red_flags_confirmed_version", "red_flags_confirmed_by", "red_flags_confirmed_on")
    save_fields(settings, *names, by=by, why="safety text confirmed")
    return settings
