"""The page of one enrolment, and what the course office does with it: each asks by GET and acts by POST."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import enrolment as verbs
from courses.admin.catalogue import sequence_in
from courses.admin.person_forms import LeaveForm, MoveForm
from courses.admin.rights import CHANGE, actor, on_enrolment
from courses.admin.to_tell import to_tell
from courses.links import manage_url
from courses.messages.causes import can_write
from courses.models import CourseRun, Enrolment, RunState, Status
from courses.numbers import whole_number
from courses.queue import place_in_queue
from courses.refusals import AlreadyEnrolled, EnrolmentRefused
from courses.staff_forms import StaffDoctorForm
from courses.terms import refund_of
from ipsc.admin.changes import changes
from ipsc.admin.ledger import ledgered
from ipsc.dates import now
from ipsc.models import Message, MessageState
from ipsc.outbox.by_hand import can_be_taken_back
from ipsc.verbs import Refusal

MOST_MESSAGES = 60


def urls(wrap) -> list:
    pages: dict[str, Callable[..., HttpResponse]] = {
        "withdraw": withdraw,
        "move": move,
        "reinstate": reinstate,
        "correct": correct,
        "accept": accept,
        "admit": admit,
        "renew_link": renew_link,
    }
    return [path(f"<int:pk>/{name}/", wrap(view), name=f"courses_enrolment_{name}") for name, view in pages.items()]


def url_of(enrolment: Enrolment, page: str = "change") -> str:
    return reverse(f"admin:courses_enrolment_{page}", args=[enrolment.pk])


def frame(enrolment: Enrolment, title: str, template: str, request: HttpRequest, **context) -> HttpResponse:
    """A page about an enrolment in the frame of the admin."""
    shown = {
        **admin.site.each_context(request),
        "opts": Enrolment._meta,
        "title": title,
        "enrolment": enrolment,
        "run": enrolment.run,
        **context,
    }
    return render(request, f"admin/courses/enrolment/{template}.html", shown)


def done(request: HttpRequest, enrolment: Enrolment, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(url_of(enrolment))


def refused(request: HttpRequest, enrolment: Enrolment, refusal: Refusal) -> HttpResponse:
    """Back to the enrolment as it is now, with the words of the refusal."""
    messages.error(request, str(refusal))
    return redirect(url_of(enrolment))


@require_safe
def show(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """All there is about one enrolment: the doctor, the place, the money, the messages, the history."""
    moment = now()
    found = Message.objects.of(enrolment)[:MOST_MESSAGES]
    rows = [(each, ledgered(each), can_be_taken_back(each, moment)) for each in found]
    # Each change withdraws the reminders and sets them anew: that is of no use to whoever looks for what was said.
    shown, unneeded = (
        [row for row in rows if (row[0].state == MessageState.WITHDRAWN) == is_gone] for is_gone in (False, True)
    )
    return frame(
        enrolment,
        str(enrolment.name),
        "person",
        request,
        original=enrolment,
        place_in_queue=place_in_queue(enrolment),
        lapsed=enrolment.has_lapsed(moment),
        link=request.build_absolute_uri(manage_url(enrolment)),
        payments=enrolment.payments.all(),
        refunds=enrolment.refunds.all(),
        message_rows=shown,
        unneeded_rows=unneeded,
        to_tell=to_tell(request, enrolment),
        changes=changes(enrolment),
        may_change=request.user.has_perm(CHANGE),
        may_change_money=request.user.has_perm("courses.change_payment"),
        # Nobody pays for a place that is not theirs yet.
        may_take=enrolment.status not in (Status.OFFERED, Status.WAITING),
        movable=enrolment.status in (Status.CONFIRMED, Status.OFFERED, Status.WAITING),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def withdraw(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """End an enrolment, with the refund that follows from the terms or another one."""
    refund = refund_of(enrolment, now())
    form = LeaveForm(request.POST or None, enrolment=enrolment, initial={"refund": refund}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            left = verbs.withdraw(
                enrolment=enrolment,
                by=actor(request),
                now=now(),
                reason=typed["reason"],
                # What the page proposed is no sum that the office has named: the terms hold, also after midnight.
                refund=None if typed["refund"] == whole_number(request.POST.get("proposed", "")) else typed["refund"],
                seen_paid=whole_number(request.POST.get("seen_paid", "")),
                sequence=sequence_in(request),
                notify=form.tells,
            )
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, refusal)
        return done(request, left, _("The enrolment has ended. A freed place goes to the first who waits."))
    return frame(enrolment, _("End this enrolment"), "withdraw", request, form=form, refund=refund)


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def move(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Other dates of the course, for somebody on the phone."""
    runs = CourseRun.objects.shown().filter(course=enrolment.run.course_id, state=RunState.PUBLISHED)
    runs = runs.upcoming(now()).exclude(pk=enrolment.run_id).with_queue()
    form = MoveForm(request.POST or None, runs=runs, enrolment=enrolment, now=now(), label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            moved = verbs.transfer(
                enrolment=enrolment,
                run=form.cleaned_data["run"],
                by=actor(request),
                now=now(),
                sequence=sequence_in(request),
                notify=form.tells,
            )
        except EnrolmentRefused as refusal:
            form.add_error("run", str(refusal))
        else:
            return done(request, moved, _("Moved. The old place goes to the first who waits for it."))
    return frame(enrolment, _("Move to other dates"), "move", request, form=form, any_runs=runs.exists())


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def correct(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """What it says of the doctor."""
    options = {"label_suffix": ""}
    if request.method == "POST":
        form = StaffDoctorForm(request.POST, **options)
    else:
        form = StaffDoctorForm.of(enrolment, **options)
    if request.method == "POST" and form.is_valid():
        try:
            details = form.details()
            made = verbs.amend(
                enrolment=enrolment, details=details, by=actor(request), now=now(), sequence=sequence_in(request)
            )
        except AlreadyEnrolled as refusal:
            form.add_error("registration_number", str(refusal))
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, refusal)
        else:
            return done(request, made, _("Corrected."))
    return frame(enrolment, _("Correct the details"), "correct", request, form=form)


def at_once(verb: Callable[..., Enrolment], words) -> Callable[..., HttpResponse]:
    """A button that does one thing, and says what it has done."""

    @require_POST
    @on_enrolment(CHANGE)
    def press(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
        try:
            made = verb(enrolment=enrolment, by=actor(request), now=now(), sequence=sequence_in(request))
        except EnrolmentRefused as refusal:
            return refused(request, enrolment, refusal)
        return done(request, made, str(words(made)))

    return press


def _reinstated(made: Enrolment) -> str:
    return _("Back in the course.") if made.holds_seat else _("Back, at the end of the waiting list.")


reinstate = at_once(verbs.reinstate, _reinstated)
accept = at_once(verbs.accept_offer, lambda made: _("The place is theirs."))
admit = at_once(verbs.admit, lambda made: _("The place is theirs."))


@require_http_methods(["GET", "HEAD", "POST"])
@on_enrolment(CHANGE)
def renew_link(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Ask, then end the link that there is, and send a new one where there is a way."""
    if request.method != "POST":
        return frame(enrolment, _("Give a new link?"), "renew_link", request, writes=can_write(enrolment))
    made = verbs.renew_link(enrolment=enrolment, by=actor(request), now=now())
    return done(request, made, _("The old link opens nothing any more; the new one stands below."))
