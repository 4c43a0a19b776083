"""Somebody whom no message reaches, as the staff's pages show it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.messages import by_hand
from courses.messages.unreached import ToTell, could_not_reach
from courses.models import Enrolment
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.models import ClinicSettings
from ipsc.outbox import Kind


@dataclass(frozen=True)
class Row:
    """Somebody to phone, as the page shows it."""

    enrolment: Enrolment
    kind: Kind
    about: str
    why: str
    whatsapp_url: str


def row(each: ToTell, clinic: ClinicSettings) -> Row:
    return Row(
        enrolment=each.enrolment,
        kind=each.kind,
        about=capfirst(str(each.kind.label)),
        why=each.failed.last_error if each.failed else _("There is no e-mail address to which we could write."),
        whatsapp_url=by_hand.whatsapp_url(each.enrolment, each.kind, clinic),
    )


def to_tell(request: HttpRequest, enrolment: Enrolment) -> list[Row]:
    """The row about one enrolment, if it stands in the list."""
    return [row(each, clinic_of(request)) for each in could_not_reach(now(), only=enrolment)]
