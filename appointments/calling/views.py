"""The public pages of “Call me back”: the form, and by when somebody calls."""

import codecs
import uuid

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from appointments import attempts
from appointments.calling import ask_for_call
from appointments.calling.due import call_by
from appointments.calling.forms import CallMeBackForm
from appointments.calling.links import call_of, has_ended, sent_url
from appointments.calling.refusals import CallBackClosed, TooManyCalls
from appointments.models import CameFrom
from appointments.views import private
from ipsc import signs
from ipsc.context_processors import clinic_of
from ipsc.dates import now
from ipsc.history import PATIENT
from ipsc.ratelimit import address_of
from ipsc.views import csrf_failure

# The form carries it once the card has been shown. Anybody may forge it: the card never blocks (rule F2).
READ = "signs_read"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def call_me_back(request: HttpRequest) -> HttpResponse:
    """Whom do we call, and when? Answers that may name a sign that cannot wait are shown the card first (rule F2)."""
    if not clinic_of(request).call_back_open:
        return closed(request)
    if request.method != "POST":
        return ask(request, CallMeBackForm(initial={"language": get_language()}), uuid.uuid4())
    if codecs.lookup(request.encoding or "utf-8").name != "utf-8":
        # No browser does this. Some encodings make characters that can be neither stored nor shown again.
        raise BadRequest("forms are sent in UTF-8")
    # A damaged id costs nobody the request: it is sent like any other.
    attempt = attempts.attempt_in(request.POST) or uuid.uuid4()
    key = attempts.key_of(request, attempt)
    if key is None:
        return csrf_failure(request)
    form = CallMeBackForm(request.POST)
    is_valid = form.is_valid()
    found = signs.signs_in(form.cleaned_data.get("about", ""))
    if is_valid and (READ in request.POST or not found):
        return send_and_answer(request, form, attempt, key)
    return ask(request, form, attempt, shows_card=bool(found))


def send_and_answer(request: HttpRequest, form: CallMeBackForm, attempt: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Ask for the call. Neither refusal loses what was typed as long as the page can be sent again."""
    try:
        made = ask_for_call(
            caller=form.caller(),
            attempt=form.attempt_of(key),
            came_from=came_from(request),
            address=address_of(request),
            by=PATIENT,
            now=now(),
        )
    except CallBackClosed:
        return closed(request)
    except TooManyCalls as refusal:
        return ask(request, form, attempt, status=429, refusal=refusal, shows_card=READ in request.POST)
    return redirect(sent_url(made))


def ask(request: HttpRequest, form: CallMeBackForm, attempt: uuid.UUID, *, status: int = 200, **more) -> HttpResponse:
    """The form, with the moment by which somebody calls if it is sent now."""
    due_at = call_by(now(), clinic_of(request).call_back_hours)
    context = {"form": form, "attempt": attempt, "due_at": due_at} | more
    return render(request, "appointments/call_me_back.html", context, status=status)


def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/call_back_closed.html")


def came_from(request: HttpRequest) -> str:
    wanted = request.GET.get("from", "")
    return wanted if wanted in CameFrom.values else CameFrom.SITE


@require_safe
@private
def call_back_sent(request: HttpRequest, token: str) -> HttpResponse:
    """By when somebody calls. It names nobody and repeats no word of the caller; the link ends after the call."""
    moment = now()
    call = call_of(token)
    if call is None:
        raise Http404
    if has_ended(call, moment):
        return render(request, "appointments/call_back_ended.html", status=410)
    context = {"call": call, "overdue": call.is_overdue(moment), "last_digits": call.phone.as_e164[-2:]}
    return render(request, "appointments/call_back_sent.html", context)
