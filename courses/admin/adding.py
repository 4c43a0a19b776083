"""Somebody calls: a doctor is enrolled by the office, on one page."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.admin.person import url_of as url_of_person
from courses.admin.person_forms import AddForm
from courses.admin.rights import ADD, actor, require
from courses.admin.roster import run_of
from courses.enrolment import enrol
from courses.models import CourseRun, Enrolment, Source
from courses.refusals import AlreadyEnrolled, EnrolmentRefused, RunFull
from ipsc.dates import now


def urls(wrap) -> list:
    return [path("add/<int:pk>/", wrap(add), name="courses_enrolment_new")]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol somebody in this run: a seat if one is free, else the waiting list where that is ticked."""
    require(request, ADD)
    run = run_of(pk)
    form = AddForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            made = enrol_by_phone(request, run, form)
        except AlreadyEnrolled as refusal:
            form.add_error(None, already(refusal))
        except RunFull as refusal:
            form.add_error("queue", f"{refusal} {_('Tick this, or give the run more places first.')}")
        except EnrolmentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = _("Enrolled.") if made.holds_seat else _("On the waiting list.")
            messages.success(request, f"{made.name}: {told} {_('Reference')} {made.spoken_reference}")
            return redirect(url_of_person(made))
    waiting = Enrolment.objects.filter(run=run).queue().count()
    context = {
        **admin.site.each_context(request),
        "opts": Enrolment._meta,
        "title": _("Enrol by phone"),
        "run": run,
        "form": form,
        "free": run.free_for_newcomers(waiting, now()),
        "waiting": waiting,
        "capacity_url": reverse("admin:courses_courserun_capacity", args=[run.pk]),
    }
    return render(request, "admin/courses/enrolment/new.html", context)


def enrol_by_phone(request: HttpRequest, run: CourseRun, form: AddForm) -> Enrolment:
    typed = form.cleaned_data
    return enrol(
        run=run,
        details=form.details(language=typed["language"]),
        by=actor(request),
        now=now(),
        source=Source.PHONE,
        queue=typed["queue"],
        notify=typed["notify"],
    )


def already(refusal: AlreadyEnrolled):
    """The words, with the way to the enrolment that is there: staff may see it."""
    if refusal.enrolment is None:
        return str(refusal)
    return format_html('{} <a href="{}">{}</a>', str(refusal), url_of_person(refusal.enrolment), str(refusal.enrolment))
