"""Bringing in people from a spreadsheet: what would become of each is shown before anybody is enrolled."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.admin.payment_pages import CHANGE as CHANGE_MONEY
from courses.admin.rights import ADD, actor, require
from courses.admin.roster import run_of
from courses.admin.roster_frame import show
from courses.enrolment.enrolling import refuse_unless_on_offer
from courses.importing.batch import Batch, Expired, Outcome, bring_in, packed, sign, unsign
from courses.importing.outlook import Fate, Prospect, outlook
from courses.importing.rows import Row, Sheet, read
from courses.importing.tables import MOST_BYTES
from courses.importing.template import template
from courses.models import CourseRun
from courses.refusals import EnrolmentRefused
from courses.sheets import XLSX
from ipsc.dates import now
from ipsc.verbs import Refusal


def urls(wrap) -> list:
    return [
        path("import/template/", wrap(empty), name="courses_enrolment_import_template"),
        path("import/<int:pk>/", wrap(page), name="courses_enrolment_import"),
        path("import/<int:pk>/confirm/", wrap(confirm), name="courses_enrolment_import_confirm"),
    ]


class FileForm(forms.Form):
    """A file, and what is to become of those in it; sending it saves nothing yet."""

    content = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        help_text=gettext_lazy("At most 1,000 people and 2 MB. Of an XLSX file, the first sheet is read."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )
    queue = forms.BooleanField(
        label=gettext_lazy("Put those for whom no place is free on the waiting list"), required=False
    )
    notify = forms.BooleanField(
        label=gettext_lazy("Tell them by e-mail"),
        required=False,
        help_text=gettext_lazy(
            "Leave it empty if they know already that they are enrolled. Reminders before the course go out as always."
        ),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""

    def clean_content(self):
        content = self.cleaned_data["content"]
        if content.size > MOST_BYTES:
            words = _("This file is larger than 2 MB. Divide it, or leave out what is not needed.")
            raise forms.ValidationError(words, code="large")
        return content


@require_safe
def empty(request: HttpRequest) -> HttpResponse:
    """The template; nothing of anybody stands in it."""
    require(request, ADD)
    headers = {"Content-Disposition": 'attachment; filename="enrolments-template.xlsx"'}
    return HttpResponse(template(), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for a file; POST shows what would become of each of its rows."""
    require(request, ADD)
    run = run_of(pk)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method != "POST" or not form.is_valid():
        return show(
            request, "import", run, {"title": _("Bring people in"), "form": form, "why_not": why_not(request, run)}
        )
    try:
        sheet = read(form.cleaned_data["content"].read())
        refuse_money(request, sheet.rows)
        return seen(request, run, form, sheet)
    except Refusal as refusal:
        form.add_error("content", str(refusal))
        return show(request, "import", run, {"title": _("Bring people in"), "form": form})


class NoMoney(Refusal):
    words = gettext_lazy("Your account may not note payments: leave the column “Paid” out.")


def refuse_money(request: HttpRequest, rows: Sequence[Row]) -> None:
    """:raises NoMoney: something was paid, and whoever asks may not note payments (rule P2)."""
    if any(row.paid for row in rows) and not request.user.has_perm(CHANGE_MONEY):
        raise NoMoney


def why_not(request: HttpRequest, run: CourseRun) -> str:
    """Why nobody can come into this run at all, in words; empty if they can."""
    try:
        refuse_unless_on_offer(run, actor(request), now())
    except EnrolmentRefused as refusal:
        return str(refusal)
    return ""


def seen(request: HttpRequest, run: CourseRun, form: FileForm, sheet: Sheet) -> HttpResponse:
    """The page in between, with what it shows signed in its form."""
    queue, notify = form.cleaned_data["queue"], form.cleaned_data["notify"]
    prospects = outlook(run, sheet.rows, queue=queue, now=now())
    coming = [each.row for each in prospects if each.comes_in]
    context = {
        "title": _("What this file would do"),
        "prospects": prospects,
        "counts": counts(prospects),
        "coming": len(coming),
        "paid": sum(row.paid for row in coming),
        "told": sum(1 for row in coming if row.values["email"]) if notify else 0,
        "left_out": sheet.left_out,
        "signed": sign(Batch(run=run.pk, queue=queue, notify=notify, rows=packed(coming))) if coming else "",
        "why_not": why_not(request, run),
    }
    return show(request, "import_seen", run, context)


def counts(prospects: Sequence[Prospect | Outcome]) -> list[tuple[Fate, int]]:
    """How many rows meet each fate, those that none meets left out."""
    return [(fate, count) for fate in Fate if (count := sum(1 for each in prospects if each.fate == fate))]


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol those who were shown, and tell what became of each. Sent again, it finds them all enrolled."""
    require(request, ADD)
    run = run_of(pk)
    try:
        batch = unsign(request.POST.get("signed", ""), run)
    except Expired as refusal:
        form = FileForm()
        context = {"title": _("Bring people in"), "form": form, "problem": str(refusal)}
        return show(request, "import", run, context)
    outcomes = bring_in(batch=batch, run=run, by=actor(request), now=now())
    context = {
        "title": _("People brought in"),
        "outcomes": outcomes,
        "counts": counts(outcomes),
    }
    return show(request, "import_done", run_of(pk), context)
