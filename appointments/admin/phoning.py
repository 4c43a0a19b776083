"""Two lists for reception: whom to phone because no message reaches them, and whom to remind by phone."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.admin.facts import phone_link
from appointments.admin.message_facts import how, silence
from appointments.admin.pages import CHANGE, require, show
from appointments.messages import by_hand
from appointments.messages.unreached import ToTell, could_not_reach, to_remind
from appointments.models import Appointment
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.models import ClinicSettings, Message
from ipsc.outbox import Kind
from ipsc.outbox.by_hand import can_be_taken_back

VIEW = "appointments.view_appointment"
# More than reception phones in a day; the list says so where there are more.
MOST = 200


@dataclass(frozen=True)
class Row:
    """Somebody to phone, as the page shows it."""

    visit: Appointment
    kind: Kind
    about: str
    why: str
    phone: str
    whatsapp_url: str
    told: Message | None
    how: str
    may_take_back: bool


def row(each: ToTell, clinic: ClinicSettings, moment) -> Row:
    return Row(
        visit=each.visit,
        kind=each.kind,
        about=capfirst(str(each.kind.label)),
        why=why(each),
        phone=phone_link(each.visit.phone),
        whatsapp_url=by_hand.whatsapp_url(each.visit, each.kind, clinic),
        told=each.told,
        how=how(each.told) if each.told else "",
        may_take_back=bool(each.told and can_be_taken_back(each.told, moment)),
    )


def why(each: ToTell) -> str:
    if each.failed:
        return each.failed.last_error
    if each.is_withheld:
        return _("Staff chose to send no message.")
    return silence(each.visit, each.kind)


@require_safe
def unreached(request: HttpRequest) -> HttpResponse:
    """People whom no message has reached, the soonest first; with ?all also those who booked by themselves."""
    require(request, VIEW)
    moment, everybody = now(), "all" in request.GET
    found = could_not_reach(moment, everybody=everybody)
    rows = [row(each, clinic_of(request), moment) for each in found[:MOST]]
    context = {"title": _("Could not reach"), "rows": rows, "everybody": everybody, "more": len(found) - len(rows)}
    return show(request, "appointment/unreached", context | frame(request))


@require_safe
def next_day(request: HttpRequest) -> HttpResponse:
    """Whom to remind by phone of a visit on the next day with visits: those to call first, then those who know."""
    require(request, VIEW)
    moment = now()
    found = to_remind(moment)
    clinic = clinic_of(request)
    context = {
        "title": _("Phone the next day’s patients"),
        "day": found.day,
        "rows": [row(each, clinic, moment) for each in found.to_call[:MOST]],
        "told": [row(each, clinic, moment) for each in found.told[:MOST]],
        "more": max(len(found.to_call) - MOST, 0),
    }
    return show(request, "appointment/next_day", context | frame(request))


def frame(request: HttpRequest) -> dict:
    return {"may_change": request.user.has_perm(CHANGE), "here": request.get_full_path()}
