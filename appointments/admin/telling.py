"""What the desk does about messages: send one again, give a new link, note what was told by hand, take that back.

Each view calls one verb; a refusal is shown on the page of the visit, with status 409.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from appointments.admin import desk
from appointments.admin.message_facts import by_which
from appointments.admin.pages import about, actor, done, load, on_appointment, sequence_in, show
from appointments.booking import renew_link
from appointments.messages import LINK, by_hand, reaching, ways
from appointments.models import Appointment
from ipsc.dates import now
from ipsc.models import Message
from ipsc.outbox.by_hand import How, take_back
from ipsc.outbox.kinds import KINDS
from ipsc.verbs import Refusal

NO_BUTTON = gettext_lazy("That button is not one of this page. Choose one below.")


@require_POST
@on_appointment
def resend(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Put a message into the queue again."""
    message = message_in(request, appointment)
    if message is None:
        return desk.visit(request, appointment, str(NO_BUTTON))
    try:
        sent = reaching.send_again(appointment=appointment, message=message, by=actor(request), now=now())
    except Refusal as refusal:
        return desk.visit(request, load(appointment.pk), str(refusal))
    return done(request, appointment, _("On its way again, to %(to)s.") % {"to": sent.to})


@require_http_methods(["GET", "HEAD", "POST"])
@on_appointment
def new_link(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Ask, then end the links that there are, and send a new one where there is a way."""
    if request.method != "POST":
        channels = [channel for channel, _to in ways(appointment, LINK)]
        title = _("Give a new link?") if channels else _("End the link?")
        context = about(appointment) | {"title": title, "ways": by_which(channels) if channels else ""}
        return show(request, "appointment/new_link", context)
    try:
        made = renew_link(appointment=appointment, by=actor(request), now=now())
    except Refusal as refusal:
        return desk.visit(request, load(appointment.pk), str(refusal))
    channels = [channel for channel, _to in ways(made, LINK)]
    if channels:
        told = _("The old link has ended. A new one goes out by %(ways)s.") % {"ways": by_which(channels)}
    else:
        told = _(
            "The old link has ended. There is no way to send a new one: the patient has to phone to change anything."
        )
    return done(request, made, told)


@require_POST
@on_appointment
def told(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Note that somebody told the patient by phone or by WhatsApp."""
    kind, how = KINDS.get(request.POST.get("kind", "")), request.POST.get("how", "")
    if kind not in by_hand.NEWS or how not in How.values:
        return desk.visit(request, appointment, str(NO_BUTTON))
    try:
        reaching.tell(
            appointment=appointment,
            kind=kind,
            how=How(how),
            sequence=sequence_in(request),
            by=actor(request),
            now=now(),
        )
    except Refusal as refusal:
        return desk.visit(request, load(appointment.pk), str(refusal))
    words = {"name": appointment.name, "how": How(how).label}
    return done(request, appointment, _("Noted: %(name)s was told %(how)s.") % words)


@require_POST
@on_appointment
def untold(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Take back such a note, made by a slip of the hand."""
    message = message_in(request, appointment)
    if message is None:
        return desk.visit(request, appointment, str(NO_BUTTON))
    try:
        take_back(message=message, by=actor(request), now=now())
    except Refusal as refusal:
        return desk.visit(request, load(appointment.pk), str(refusal))
    return done(request, appointment, _("Taken back: %(name)s was not told.") % {"name": appointment.name})


def message_in(request: HttpRequest, appointment: Appointment) -> Message | None:
    """The message that a button names, if it is one about this visit."""
    key = request.POST.get("message", "")
    known = key.isascii() and key.isdigit() and len(key) < 18
    return Message.objects.of(appointment).filter(pk=int(key)).first() if known else None


VERBS = {"resend": resend, "new_link": new_link, "told": told, "untold": untold}
