"""What reception does with an appointment: look at it, take it through the day, cancel, decline, move, correct.

Each view calls one verb. A refusal is shown on the page that asked, with what was typed; its status is 409 (Conflict).
"""

from collections.abc import Callable, Collection

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments import booking, messages
from appointments.admin import facts, message_facts, steps
from appointments.admin.forms import DetailsForm, ReasonForm, TimeForm, details_of
from appointments.admin.linking import suggestions
from appointments.admin.message_facts import TellingForm, telling, what_goes_out
from appointments.admin.pages import ADD, CHANGE, about, actor, done, load, on_appointment, sequence_in, show
from appointments.admin.times import offer
from appointments.booking.changing import TOLD
from appointments.messages import reaching
from appointments.models import Appointment, Status
from appointments.refusals import BookingRefused, SlotTaken
from ipsc.admin.changes import changes
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day, in_words, now
from ipsc.outbox import Kind

GET_OR_POST = ["GET", "HEAD", "POST"]
# Each status has its moment; one line says both.
MOMENTS = frozenset(f"{status.value}_at" for status in Status) | {"busy_until", "cancelled_by"}


def visit(request: HttpRequest, appointment: Appointment, refusal: str = "") -> HttpResponse:
    """All about one visit, and the buttons for what may become of it now."""
    moment = now()
    may_change = request.user.has_perm(CHANGE)
    kind = message_facts.news_of(appointment)
    answering = may_change and appointment.status == Status.REQUESTED
    context = about(appointment) | {
        "title": appointment.name,
        "message_rows": message_facts.rows(appointment, moment) if request.user.has_perm(message_facts.VIEW) else None,
        "was_told": message_facts.was_told(appointment),
        "by_hand": message_facts.by_hand_now(appointment, kind, moment, clinic_of(request)) if kind else None,
        "telling": telling(appointment, messages.CONFIRMED, moment) if answering else None,
        "may_change": may_change,
        "may_add": request.user.has_perm(ADD),
        "refusal": refusal,
        "steps": steps.steps(appointment, moment) if may_change else [],
        "may_cancel": may_change and appointment.status in steps.CANCELLABLE,
        "may_move": may_change and appointment.status in steps.MOVABLE,
        "origin": facts.origin(appointment),
        "answer_by": facts.answer_by(appointment, moment),
        "suggestions": suggestions(appointment)[:3] if may_change and not appointment.patient else [],
        "changes": changes(appointment, hidden=MOMENTS),
    }
    return show(request, "appointment/visit", context, status=409 if refusal else 200)


@require_POST
@on_appointment
def step(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """A status of the day, an answer to a request, or an undone end, by the button that was pressed."""
    to, sequence = steps.read(request.POST.get("go", ""))
    if to is None:
        return visit(request, appointment, _("That button is not one of this page. Choose one below."))
    before = Status(appointment.status)
    says = said(request)
    try:
        made = booking.step(
            appointment=appointment, to=to, sequence=sequence, by=actor(request), now=now(), notify=says.notify
        )
    except SlotTaken:
        return visit(request, load(appointment.pk), str(steps.TAKEN_MEANWHILE))
    except BookingRefused as refusal:
        return visit(request, load(appointment.pk), steps.words(refusal))
    label = steps.LABELS.get((before, to), made.get_status_display())
    note_told(request, made, says)
    told = _("%(name)s: %(step)s.") % {"name": made.name, "step": label}
    if kind := TOLD.get((before, to)):
        told = f"{told} {what_goes_out(made, kind, now(), says)}"
    return done(request, made, told)


@require_http_methods(GET_OR_POST)
@on_appointment
def cancel(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Ask why, then cancel."""

    def act(reason: str, sequence: int, notify: bool) -> Appointment:
        return booking.cancel(
            appointment=appointment, reason=reason, sequence=sequence, by=actor(request), now=now(), notify=notify
        )

    words = {
        "title": _("Cancel this visit?"),
        "explanation": _("The time becomes free at once. You can undo this as long as nobody else has taken it."),
        "button": _("Cancel the visit"),
        "done": _("Cancelled: %(name)s, %(moment)s."),
    }
    return _ask_why(request, appointment, act, words, messages.CANCELLED, steps.CANCELLABLE)


@require_http_methods(GET_OR_POST)
@on_appointment
def decline(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Ask why, then decline a request."""

    def act(reason: str, sequence: int, notify: bool) -> Appointment:
        return booking.step(
            appointment=appointment,
            to=Status.DECLINED,
            reason=reason,
            sequence=sequence,
            by=actor(request),
            now=now(),
            notify=notify,
        )

    words = {
        "title": _("Decline this request?"),
        "explanation": _("The time becomes free at once."),
        "button": _("Decline the request"),
        "done": _("Declined: %(name)s, %(moment)s."),
    }
    return _ask_why(request, appointment, act, words, messages.DECLINED, (Status.REQUESTED,))


def _ask_why(
    request: HttpRequest,
    appointment: Appointment,
    act: Callable[[str, int, bool], Appointment],
    words: dict,
    kind: Kind,
    possible: Collection[Status],
) -> HttpResponse:
    """A page that asks for a reason, or the page of the visit where there is nothing left to ask."""
    if request.method != "POST" and appointment.status not in possible:
        return visit(request, appointment, _("This is not possible any more; here is the visit as it is now."))
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    status, says = 200, said(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data["reason"], sequence_in(request), says.notify)
        except BookingRefused as refusal:
            appointment, status = load(appointment.pk), 409
            if appointment.status not in possible:
                return visit(request, appointment, steps.words(refusal))
            form.add_error(None, steps.words(refusal))
        else:
            note_told(request, made, says)
            told = words["done"] % {"name": made.name, "moment": in_words(made.starts_at)}
            return done(request, made, f"{told} {what_goes_out(made, kind, now(), says)}")
    context = words | {"form": form, "telling": telling(appointment, kind, now(), request.POST)}
    return show(request, "appointment/reason", about(appointment) | context, status)


@require_http_methods(GET_OR_POST)
@on_appointment
def move(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Another time, or another clinician, in one transaction (rule B7)."""
    if appointment.status not in steps.MOVABLE:
        return visit(request, appointment, _("Only a visit that is still to come can be moved."))
    moment = now()
    today = clinic_day(moment)
    is_sent = "save" in request.POST
    if is_sent:
        form = TimeForm(request.POST, today=today)
    else:
        form = TimeForm(initial=_wanted(request, appointment), today=today)
    form.ask_for_clinician()
    status, says = 200, said(request)
    if is_sent and form.is_valid():
        try:
            made = booking.reschedule(
                appointment=appointment,
                starts_at=form.starts_at,
                clinician=form.cleaned_data["clinician"],
                squeeze_in_reason=form.cleaned_data["squeeze_in_reason"],
                outside_hours=form.cleaned_data["outside_hours"],
                sequence=sequence_in(request),
                by=actor(request),
                now=moment,
                notify=says.notify,
            )
        except BookingRefused as refusal:
            appointment, status = load(appointment.pk), 409
            form.add_error("start", steps.words(refusal))
        else:
            note_told(request, made, says)
            facts_ = {"name": made.name, "moment": in_words(made.starts_at), "clinician": made.clinician}
            told = _("Moved: %(name)s, now %(moment)s, %(clinician)s.") % facts_
            return done(request, made, f"{told} {what_goes_out(made, messages.MOVED, moment, says)}")
    context = about(appointment) | {
        "title": _("Move this visit"),
        "form": form,
        "telling": telling(appointment, messages.MOVED, moment, request.POST),
        "offer": offer(
            appointment.service,
            form.known("clinician") or appointment.clinician,
            form.known("day") or today,
            now=moment,
            today=today,
            ignored=appointment.pk,
        ),
    }
    return show(request, "appointment/move", context, status)


def said(request: HttpRequest) -> TellingForm:
    """What the boxes beside a button say; one that is damaged says nothing."""
    form = TellingForm(request.POST)
    form.is_valid()
    return form


def note_told(request: HttpRequest, appointment: Appointment, says: TellingForm) -> None:
    """After a change: record that the patient knows of it already, where the box for that was ticked."""
    kind = message_facts.news_of(appointment)
    if says.cleaned_data.get("told") and kind:
        reaching.tell(appointment=appointment, kind=kind, how=reaching.How.PHONE, by=actor(request), now=now())


def _wanted(request: HttpRequest, appointment: Appointment) -> dict:
    """What the move page begins with: the visit as it is, or what was typed before “Show times” was pressed."""
    begin = {"clinician": appointment.clinician_id, "day": max(clinic_day(appointment.starts_at), clinic_day(now()))}
    return begin | typed(request)


def typed(request: HttpRequest) -> dict:
    """What was typed, for a form that is shown again without being judged; the pressed day counts as typed."""
    kept = request.POST.dict()
    return kept | ({"day": kept["go_to"]} if kept.get("go_to") else {})


@require_http_methods(GET_OR_POST)
@on_appointment
def amend(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Correct what the booking says about its patient."""
    today = clinic_day(now())
    if request.method == "POST":
        form = DetailsForm(request.POST, today=today)
    else:
        form = DetailsForm(initial=details_of(appointment), today=today)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = booking.amend(
                now=now(),
                appointment=appointment,
                details=form.details(),
                sequence=sequence_in(request),
                by=actor(request),
            )
        except BookingRefused as refusal:
            appointment, status = load(appointment.pk), 409
            form.add_error(None, steps.words(refusal))
        else:
            return done(request, made, _("Saved: the details of %(name)s.") % {"name": made.name})
    context = about(appointment) | {"title": _("Correct the details"), "form": form}
    return show(request, "appointment/amend", context, status)
