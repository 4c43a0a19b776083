"""The pages of one run beside its form: how many places it has, and its end."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.admin.catalogue import CHANGE, done, on_run, people, refused, sequence_in, show
from courses.admin.rights import actor
from courses.admin.run_forms import CancelForm, CapacityForm
from courses.enrolment import cancel_run, change_capacity
from courses.models import CourseRun, RunState, Status
from courses.refusals import CapacityBelowTaken, EnrolmentRefused, RunCancelled
from ipsc.dates import now

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@on_run(CHANGE)
def capacity(request: HttpRequest, run: CourseRun) -> HttpResponse:
    """GET shows who waits; POST gives the run so many places and offers the new ones to those who wait, in order."""
    if run.state == RunState.CANCELLED:
        return refused(request, run, RunCancelled())
    form = CapacityForm(request.POST or None, initial={"capacity": run.capacity})
    if request.method == "POST" and form.is_valid():
        if sequence_in(request) != run.sequence:
            form.add_error(None, _("Somebody else has changed this run since you opened the page. Look at it again."))
        else:
            typed = form.cleaned_data
            try:
                change_capacity(
                    run=run, capacity=typed["capacity"], by=actor(request), now=now(), reason=typed["reason"]
                )
            except CapacityBelowTaken as refusal:
                form.add_error("capacity", str(refusal))
            except EnrolmentRefused as refusal:
                return refused(request, run, refusal)
            else:
                return done(request, run, _offered_in_words(run))
    queue = list(run.enrolments.queue()[:SHOWN])
    context = {"title": _("Change the places"), "run": run, "form": form, "queue": queue, "waiting": _waiting(run)}
    return show(request, "courserun/capacity", context)


def _waiting(run: CourseRun) -> int:
    return run.enrolments.filter(status=Status.WAITING).count()


def _offered_in_words(run: CourseRun) -> str:
    saved = CourseRun.objects.get(pk=run.pk)
    open_offers = saved.enrolments.filter(status=Status.OFFERED).count()
    words = ngettext("There is %(count)s place now.", "There are %(count)s places now.", saved.capacity)
    told = words % {"count": saved.capacity}
    if not open_offers:
        return told
    offers = ngettext("%(count)s offer is open.", "%(count)s offers are open.", open_offers)
    return f"{told} {offers % {'count': open_offers}}"


@require_http_methods(["GET", "HEAD", "POST"])
@on_run(CHANGE)
def cancel(request: HttpRequest, run: CourseRun) -> HttpResponse:
    """GET shows what it means; POST cancels the run for good."""
    if run.state == RunState.CANCELLED:
        return refused(request, run, RunCancelled())
    moment = now()
    if moment >= run.ends_at:
        return refused(request, run, _("This run is over: it cannot be cancelled any more."))
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if sequence_in(request) != run.sequence:
            form.add_error(None, _("Somebody else has changed this run since you opened the page. Look at it again."))
        else:
            typed = form.cleaned_data
            told = people(run)
            try:
                cancel_run(run=run, reason=typed["reason"], by=actor(request), now=moment, notify=typed["notify"])
            except EnrolmentRefused as refusal:
                return refused(request, run, refusal)
            return done(request, run, _cancelled_in_words(told["by_email"] if typed["notify"] else 0))
    context = {"title": _("Cancel this run"), "run": run, "form": form, "people": people(run)}
    return show(request, "courserun/cancel", context)


def _cancelled_in_words(told: int) -> str:
    words = ngettext(
        "The run is cancelled. %(count)s person is told by e-mail.",
        "The run is cancelled. %(count)s people are told by e-mail.",
        told,
    )
    return words % {"count": told} if told else _("The run is cancelled.")
