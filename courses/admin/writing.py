"""A letter to those who are in a run: typed, looked at with all whom it reaches and whom not, and only then sent."""

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from courses.admin.rights import CHANGE, actor, require
from courses.admin.roster import run_of
from courses.admin.roster_frame import show
from courses.messages.office import MOST_SUBJECT, MOST_TEXT, people_in, was_sent, write_to
from courses.models import CourseRun, Enrolment, Status
from courses.numbers import whole_number
from ipsc.dates import now
from ipsc.fields import PlainTextField

# Who can be written to; the latter two are there once a course has begun.
CHOSEN = (Status.CONFIRMED, Status.OFFERED, Status.WAITING, Status.ATTENDED, Status.ABSENT)


def urls(wrap) -> list:
    return [path("write/<int:pk>/", wrap(page), name="courses_enrolment_write")]


class LetterForm(forms.Form):
    """To whom, and what. `attempt` makes the letter one letter, however often the form comes."""

    attempt = forms.UUIDField(widget=forms.HiddenInput)
    statuses = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose to whom you write.")},
    )
    subject = PlainTextField(
        label=gettext_lazy("Subject"),
        max_length=MOST_SUBJECT,
        help_text=gettext_lazy("Name nobody here: a subject is shown on locked screens."),
        error_messages={"required": gettext_lazy("Type a subject.")},
    )
    text = PlainTextField(
        label=gettext_lazy("Text"),
        lines=True,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("The course, its dates and the link to the enrolment are put below it."),
        error_messages={"required": gettext_lazy("Type what you want to say.")},
    )

    def __init__(self, *args, run: CourseRun, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        counts = dict(Enrolment.objects.filter(run=run).order_by().values_list("status").annotate(Count("pk")))
        self.fields["statuses"].choices = [  # type: ignore[attr-defined]
            (each.value, f"{each.label} ({counts.get(each.value, 0)})")
            for each in CHOSEN
            if each in CHOSEN[:3] or each.value in counts
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST shows the letter as it goes out, and sends it when it comes from there."""
    require(request, CHANGE)
    run = run_of(pk)
    if request.method != "POST":
        first = {"attempt": uuid.uuid4(), "statuses": [Status.CONFIRMED]}
        return typing(request, run, LetterForm(initial=first, run=run))
    form = LetterForm(request.POST, run=run)
    if not form.is_valid() or request.POST.get("go") == "change":
        return typing(request, run, form)
    if request.POST.get("go") == "send":
        return send(request, run, form)
    return preview(request, run, form)


def typing(request: HttpRequest, run: CourseRun, form: LetterForm) -> HttpResponse:
    # An attempt that is none comes from nobody's browser: the form gets another one.
    attempt = form["attempt"].value() if "attempt" not in form.errors else uuid.uuid4()
    context = {"title": _("Write to people"), "form": form, "attempt": attempt, "sends": settings.SENDS_EMAIL}
    return show(request, "write", run, context)


def preview(request: HttpRequest, run: CourseRun, form: LetterForm, *, changed: bool = False) -> HttpResponse:
    people = list(people_in(run, form.cleaned_data["statuses"]))
    context = {
        "title": _("Look at the letter"),
        "form": form,
        "reached": [each for each in people if each.email],
        "unreached": [each for each in people if not each.email],
        "changed": changed,
        "sends": settings.SENDS_EMAIL,
    }
    return show(request, "write_preview", run, context)


def send(request: HttpRequest, run: CourseRun, form: LetterForm) -> HttpResponse:
    """Send what was shown, to as many as were shown; where others have come meanwhile, show it again."""
    typed = form.cleaned_data
    if not was_sent(run, typed["attempt"]):
        shown = whole_number(request.POST.get("shown", ""))
        if shown != people_in(run, typed["statuses"]).exclude(email="").count() or not (shown and settings.SENDS_EMAIL):
            return preview(request, run, form, changed=bool(shown))
    count = write_to(run=run, by=actor(request), now=now(), **typed)
    told = ngettext("The letter goes to %(count)s person.", "The letter goes to %(count)s people.", count)
    messages.success(request, told % {"count": count} if count else _("This letter was sent already."))
    return redirect("admin:courses_enrolment_roster", run.pk)
