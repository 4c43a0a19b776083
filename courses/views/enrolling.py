"""The pages on which doctors enrol: answers, check, done (rules B8 and C1 to C3)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import attempts, messages
from courses.catalogue import looking
from courses.catalogue.standing import State
from courses.enrolment import enrol as enrol_doctor
from courses.forms import EnrolForm
from courses.links import manage_url, token_of
from courses.messages.expecting import expecting
from courses.models import CourseRun, Enrolment, EnrolmentDraft
from courses.numbers import whole_number
from courses.queue import place_in_queue
from courses.refusals import AlreadyEnrolled, EnrolmentRefused, FeeChanged, RunFull, TooManyEnrolments
from courses.terms import last_day_to_pay, pay_by
from courses.views.about import about_run, card_of, others
from ipsc.attempts import consent_in, consent_now, key_of, may_keep
from ipsc.dates import clinic_day, now
from ipsc.guards import private
from ipsc.history import DOCTOR
from ipsc.ratelimit import address_of
from ipsc.views import csrf_failure

TOO_MANY_FORMS = _(
    "Many forms have come from your connection in the last hour. Please wait a little and send this again."
)
OPEN = (State.OPEN, State.FEW, State.WAITING)


def find_run(public_id: str, moment: datetime) -> CourseRun:
    """:raises Http404: the public sees no such run."""
    rows = CourseRun.objects.public().select_related("course").annotate(waiting=looking.queue_length(moment))
    run = rows.filter(public_id=public_id.replace("\0", "")).first()
    if run is None:
        raise Http404
    return run


def is_open(request: HttpRequest, run: CourseRun, moment: datetime) -> bool:
    return card_of(request, run, moment).standing.state in OPEN


@require_safe
@private
def enrol(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin an attempt; or say why nobody can enrol in this run now, and what else there is."""
    moment = now()
    run = find_run(public_id, moment)
    if not is_open(request, run, moment):
        return not_now(request, run, moment)
    return redirect("courses:details", public_id=run.public_id, attempt=uuid.uuid4())


@require_http_methods(["GET", "HEAD", "POST"])
@private
def details(request: HttpRequest, public_id: str, attempt: uuid.UUID) -> HttpResponse:
    """Who are you? A valid answer is kept under the attempt's id (rule B8)."""
    moment = now()
    run, key = find_run(public_id, moment), key_of(request, attempt)
    if made := attempts.made_in(key):
        return done_already(request, made, attempt, moment)
    if not is_open(request, run, moment):
        return not_now(request, run, moment)
    draft = attempts.draft_of(key, run, moment)
    if request.method == "POST":
        if key is None:
            return csrf_failure(request)
        form = EnrolForm(request.POST)
        if form.is_valid():
            if may_keep(address_of(request), moment):
                attempts.keep(key, run, form.answers() | consent_now(moment), moment)
                return redirect("courses:check", public_id=run.public_id, attempt=attempt)
            form.add_error(None, TOO_MANY_FORMS)
    else:
        form = EnrolForm(draft.answers if draft else None)
    context = about_run(request, run, moment) | {"form": form, "attempt": attempt}
    return render(request, "courses/details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def check(request: HttpRequest, public_id: str, attempt: uuid.UUID) -> HttpResponse:
    """Check your answers, the fee and the terms; then, by POST, enrol."""
    moment = now()
    run, key = find_run(public_id, moment), key_of(request, attempt)
    if made := attempts.made_in(key):
        return done_already(request, made, attempt, moment)
    draft = attempts.draft_of(key, run, moment)
    if draft is None:
        return expired(request, run)
    form = EnrolForm(draft.answers)
    if not form.is_valid():
        return redirect("courses:details", public_id=run.public_id, attempt=attempt)
    if request.method == "POST":
        return enrol_and_answer(request, run, attempt, draft, form, moment)
    if not is_open(request, run, moment):
        return not_now(request, run, moment)
    return ask(request, run, attempt, form, moment)


def ask(
    request: HttpRequest,
    run: CourseRun,
    attempt: uuid.UUID,
    form: EnrolForm,
    moment: datetime,
    refusal: EnrolmentRefused | None = None,
) -> HttpResponse:
    """The answers to check, with what the place costs now and until when it is paid."""
    context = about_run(request, run, moment) | {
        "rows": form.rows(),
        "attempt": attempt,
        "fee": run.fee_at(moment),
        "pay_by": pay_by(run, moment),
        "refusal": refusal,
    }
    return render(request, "courses/check.html", context, status=409 if refusal else 200)


def enrol_and_answer(
    request: HttpRequest,
    run: CourseRun,
    attempt: uuid.UUID,
    draft: EnrolmentDraft,
    form: EnrolForm,
    moment: datetime,
) -> HttpResponse:
    """Enrol whom a draft names. Every refusal has an answer of its own, and none of them loses what was typed."""
    try:
        enrol_doctor(
            run=run,
            details=form.details(**consent_in(draft.answers)),
            by=DOCTOR,
            now=moment,
            attempt=draft.attempt,
            address=address_of(request),
            queue=request.POST.get("queue") == "yes",
            fee=whole_number(request.POST.get("fee", "")),
        )
    except RunFull:
        return full(request, run, attempt, moment)
    except FeeChanged as refusal:
        return ask(request, find_run(run.public_id, moment), attempt, form, moment, refusal)
    except AlreadyEnrolled as refusal:
        return already(request, run, refusal.enrolment, moment)
    except TooManyEnrolments as refusal:
        return render(request, "courses/too_many.html", {"refusal": refusal}, status=429)
    except EnrolmentRefused as refusal:
        return not_now(request, run, moment, refusal)
    return redirect("courses:done", public_id=run.public_id, attempt=attempt)


@require_safe
@private
def done(request: HttpRequest, public_id: str, attempt: uuid.UUID) -> HttpResponse:
    """What has been made, its reference, and what happens next."""
    moment = now()
    made = attempts.made_in(key_of(request, attempt))
    if made is None or not attempts.is_fresh(made, moment):
        return expired(request, find_run(public_id, moment))
    context = about_run(request, made.run, moment) | {
        "enrolment": made,
        "token": token_of(made),
        "manage_url": request.build_absolute_uri(manage_url(made)),
        "place_in_queue": place_in_queue(made),
        "pay_day": last_day_to_pay(made),
        "expected": expecting(made),
    }
    return render(request, "courses/done.html", context)


def done_already(request: HttpRequest, made: Enrolment, attempt: uuid.UUID, moment: datetime) -> HttpResponse:
    """The attempt has made its enrolment: sent twice, Back, or another tab."""
    if not attempts.is_fresh(made, moment):
        return expired(request, made.run)
    return redirect("courses:done", public_id=made.run.public_id, attempt=attempt)


# The ends of the road


def expired(request: HttpRequest, run: CourseRun) -> HttpResponse:
    return render(request, "courses/expired.html", {"run": run}, status=410)


def not_now(
    request: HttpRequest, run: CourseRun, moment: datetime, refusal: EnrolmentRefused | None = None
) -> HttpResponse:
    """Why nobody can enrol in this run now, and the other dates in which one can, or will be able to."""
    coming = others(request, run, moment)
    found = [each for each in coming if each.standing.state in OPEN]
    found += [each for each in coming if each.standing.state == State.OPENS]
    context = about_run(request, run, moment) | {"refusal": refusal, "others": found}
    return render(request, "courses/not_now.html", context, status=409 if refusal else 200)


def full(request: HttpRequest, run: CourseRun, attempt: uuid.UUID, moment: datetime) -> HttpResponse:
    """The last place went while somebody was typing: the waiting list is one press away, and so are other dates."""
    run = find_run(run.public_id, moment)
    context = about_run(request, run, moment) | {"attempt": attempt, "others": with_places(request, run, moment)}
    return render(request, "courses/full.html", context, status=409)


def already(request: HttpRequest, run: CourseRun, there: Enrolment | None, moment: datetime) -> HttpResponse:
    """Send the link again to whom it belongs, once a day; and tell nobody else who is enrolled (rule C3)."""
    if there is not None:
        with transaction.atomic():
            messages.send_link(there, by=DOCTOR, now=moment, part=f"again{clinic_day(moment)}", why="again")
    context = about_run(request, run, moment) | {"sends_email": settings.SENDS_EMAIL}
    return render(request, "courses/already.html", context, status=409)


def with_places(request: HttpRequest, run: CourseRun, moment: datetime) -> list:
    """The cards of other dates at which a newcomer has a place."""
    return [each for each in others(request, run, moment) if each.standing.has_places]
