"""What reception does with a request for a call. Each view calls one verb; a refusal is shown with status 409."""

import functools
from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from appointments import calling
from appointments.admin.call_facts import alarm, by_when, language, url_of, whatsapp_link
from appointments.admin.call_forms import DropForm, NoteForm
from appointments.admin.pages import ADD, actor, back_or, require, sequence_in
from appointments.calling.refusals import CallRefused
from appointments.models import CallBack, CallState
from ipsc.admin.changes import changes
from ipsc.dates import now

CHANGE = "appointments.change_callback"
# Each state has its moment; one line says both.
MOMENTS = frozenset({"tried_at", "reached_at", "dropped_at"})

View = Callable[[HttpRequest, CallBack], HttpResponse]


def on_call(view: View) -> Callable[..., HttpResponse]:
    """Give a view its request for a call, if whoever asks may change these."""

    @functools.wraps(view)
    def run(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, CHANGE)
        return view(request, load(pk))

    return run


def load(pk: int) -> CallBack:
    return get_object_or_404(CallBack, pk=pk)


def page(request: HttpRequest, call: CallBack, refusal: str = "", form: NoteForm | None = None) -> HttpResponse:
    """All about one request, and the buttons for what may become of it now."""
    may_change = request.user.has_perm(CHANGE)
    context = about(call) | {
        "title": call.name,
        "form": form or NoteForm(label_suffix=""),
        "refusal": refusal,
        "may_act": may_change and call.is_open,
        "may_undo": may_change and call.state != CallState.WAITING,
        "may_book": request.user.has_perm(ADD),
        "changes": changes(call, hidden=MOMENTS),
    }
    return show(request, "call", context, status=409 if refusal else 200)


def about(call: CallBack) -> dict:
    """What every page about a request shows of it."""
    return {
        "call": call,
        "original": call,
        "by_when": by_when(call, now()),
        "alarm": alarm(call),
        "whatsapp": whatsapp_link(call),
        "language": language(call),
    }


def show(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    frame = {**admin.site.each_context(request), "opts": CallBack._meta}
    return render(request, f"admin/appointments/callback/{template}.html", frame | context, status=status)


def done(request: HttpRequest, call: CallBack, words: str) -> HttpResponse:
    """Back to the list that the button stood in, or else to the page of the request; the name leads to its page."""
    messages.success(request, format_html('<a href="{}">{}</a>: {}', url_of(call), call.name, words))
    return back_or(request, url_of(call))


@require_POST
@on_call
def called_in_vain(request: HttpRequest, call: CallBack) -> HttpResponse:
    """Nobody answered."""
    try:
        made = calling.called_in_vain(call=call, sequence=sequence_in(request), by=actor(request), now=now())
    except CallRefused as refusal:
        return page(request, load(call.pk), str(refusal))
    return done(request, made, _("no answer. The request stays open."))


@require_POST
@on_call
def reached(request: HttpRequest, call: CallBack) -> HttpResponse:
    """Somebody spoke to the caller; a note is kept where one was typed."""
    form = NoteForm(request.POST, label_suffix="")
    if not form.is_valid():
        return page(request, call, _("Nothing is saved yet. Please look at what is marked below."), form)
    try:
        made = calling.reached(
            call=call, note=form.cleaned_data["note"], sequence=sequence_in(request), by=actor(request), now=now()
        )
    except CallRefused as refusal:
        return page(request, load(call.pk), str(refusal), form)
    return done(request, made, _("spoken to."))


@require_http_methods(["GET", "HEAD", "POST"])
@on_call
def drop(request: HttpRequest, call: CallBack) -> HttpResponse:
    """Ask why, then close the request without a call."""
    if request.method != "POST" and not call.is_open:
        return page(request, call, _("This request is closed already; here it is as it is now."))
    form = DropForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        try:
            made = calling.drop(
                call=call,
                reason=form.cleaned_data["reason"],
                sequence=sequence_in(request),
                by=actor(request),
                now=now(),
            )
        except CallRefused as refusal:
            return page(request, load(call.pk), str(refusal))
        return done(request, made, _("closed without a call."))
    return show(request, "drop", about(call) | {"title": _("Close without a call?"), "form": form})


@require_POST
@on_call
def reopen(request: HttpRequest, call: CallBack) -> HttpResponse:
    """Undo the last step."""
    try:
        made = calling.reopen(call=call, sequence=sequence_in(request), by=actor(request))
    except CallRefused as refusal:
        return page(request, load(call.pk), str(refusal))
    return done(request, made, _("undone. The request is open."))
