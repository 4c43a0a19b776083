"""The doctors whom no message reaches, and the note that somebody has told them by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.admin.catalogue import sequence_in
from courses.admin.person import done, refused
from courses.admin.rights import CHANGE, VIEW, actor, on_enrolment, require
from courses.admin.roster_frame import show
from courses.admin.to_tell import row
from courses.messages import by_hand
from courses.messages.reaching import tell
from courses.messages.unreached import could_not_reach
from courses.models import Enrolment
from courses.numbers import whole_number
from courses.refusals import WrongStatus
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.models import Message
from ipsc.outbox.by_hand import How, NotToTakeBack, take_back
from ipsc.outbox.kinds import KINDS

# More than an office phones in a day; the list says so where there are more.
MOST = 200


def urls(wrap) -> list:
    return [
        path("unreached/", wrap(unreached), name="courses_enrolment_unreached"),
        path("<int:pk>/told/", wrap(told), name="courses_enrolment_told"),
        path("<int:pk>/untold/", wrap(untold), name="courses_enrolment_untold"),
    ]


@require_safe
def unreached(request: HttpRequest) -> HttpResponse:
    """Doctors who may not know how they stand, offers first."""
    require(request, VIEW)
    found = could_not_reach(now())
    context = {
        "title": _("Doctors to be told by phone"),
        "rows": [row(each, clinic_of(request)) for each in found[:MOST]],
        "more": max(len(found) - MOST, 0),
        "may_change": request.user.has_perm(CHANGE),
        "listed": True,
    }
    return show(request, "unreached", None, context)


@require_POST
@on_enrolment(CHANGE)
def told(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Note that somebody was told by phone or by WhatsApp."""
    kind, how = KINDS.get(request.POST.get("kind", "")), request.POST.get("how", "")
    if kind not in by_hand.NEWS or how not in How.values:
        return refused(request, enrolment, WrongStatus())
    try:
        tell(
            enrolment=enrolment,
            kind=kind,
            how=How(how),
            sequence=sequence_in(request),
            by=actor(request),
            now=now(),
        )
    except WrongStatus as refusal:
        return refused(request, enrolment, refusal)
    words = _("Noted: %(name)s was told %(how)s.") % {"name": enrolment.name, "how": How(how).label}
    return _back(request, enrolment, words)


@require_POST
@on_enrolment(CHANGE)
def untold(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Take back such a note, made by a slip of the hand."""
    message = _message_in(request, enrolment)
    try:
        if message is None:
            raise NotToTakeBack
        take_back(message=message, by=actor(request), now=now())
    except NotToTakeBack as refusal:
        return refused(request, enrolment, refusal)
    return done(request, enrolment, _("Taken back: %(name)s was not told.") % {"name": enrolment.name})


def _message_in(request: HttpRequest, enrolment: Enrolment) -> Message | None:
    key = whole_number(request.POST.get("message", ""), most_digits=17)
    return Message.objects.of(enrolment).filter(pk=key).first()


def _back(request: HttpRequest, enrolment: Enrolment, words: str) -> HttpResponse:
    """Back to where the button was: the list, or else the page of the enrolment."""
    response = done(request, enrolment, words)
    return redirect("admin:courses_enrolment_unreached") if "listed" in request.POST else response
