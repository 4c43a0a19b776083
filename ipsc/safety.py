"""Which doctor has confirmed the text of the red-flag card (rule F2). `ipsc.clinic.amend` counts its versions."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ipsc.clinic import FIRST_SAVED, locked_settings, save_fields
from ipsc.history import Actor
from ipsc.models import ClinicSettings
from ipsc.verbs import Refusal, verb


class CardChanged(Refusal):
    words = _("The text has been changed meanwhile. Please have the doctor read it once more.")


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
