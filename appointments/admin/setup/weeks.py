"""Weekly hours: everybody's week in words, and the grid in which one of them is set. Reception may do this, too."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.admin.displaced import outside_in_words
from appointments.admin.pages import actor, show
from appointments.admin.setup.grid import WeekForm
from appointments.admin.setup.wording import special_in_words, week_in_words
from appointments.models import Clinician, WorkingHours
from appointments.setup.week import WeekRefused, is_simple, set_week
from ipsc.dates import now

# A grid adds, changes and takes away in one go.
PERMISSIONS = [f"appointments.{right}_workinghours" for right in ("add", "change", "delete")]
IN_ORDER = Prefetch("hours", WorkingHours.objects.order_by("weekday", "opens", "pk"))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied


@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Each clinician with the week in words, those of the clinic's own first."""
    _require(request)
    clinicians = Clinician.objects.filter(active=True).order_by("is_sample", "order", "pk").prefetch_related(IN_ORDER)
    weeks = [
        (
            each,
            week_in_words([row for row in each.hours.all() if is_simple(row)]),
            [special_in_words(row) for row in each.hours.all() if not is_simple(row)],
        )
        for each in clinicians
    ]
    return show(request, "setup/hours", {"title": _("Weekly hours"), "weeks": weeks})


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the grid; POST saves it, or with the button `copy` fills it in and shows it again."""
    _require(request)
    clinician = get_object_or_404(Clinician, pk=pk)
    rows = list(WorkingHours.objects.filter(clinician=clinician).order_by("weekday", "opens", "pk"))
    form = WeekForm(request.POST or None, rows=rows)
    refusal = ""
    if "copy" in request.POST:
        form = WeekForm(initial=form.with_monday_copied(), rows=rows)
        messages.info(request, _("Monday’s hours stand in Tuesday to Friday now. They are not saved yet."))
    elif form.is_valid():
        try:
            return _save(request, clinician, form)
        except WeekRefused as refused:
            refusal = str(refused)
    special = [special_in_words(row) for row in rows if not is_simple(row)]
    title = _("The week of %(name)s") % {"name": clinician.name}
    context = {"title": title, "clinician": clinician, "form": form, "special": special, "refusal": refusal}
    return show(request, "setup/week", context)


def _save(request: HttpRequest, clinician: Clinician, form: WeekForm) -> HttpResponse:
    """Save a valid grid, and say which visits lie outside it now.

    :raises WeekRefused: it cannot be saved.
    """
    seen = form.cleaned_data["seen"]
    outside = set_week(clinician=clinician, week=form.week, by=actor(request), now=now(), seen=seen)
    messages.success(request, _("The week of %(name)s is saved.") % {"name": clinician.name})
    if told := outside_in_words(outside):
        messages.warning(request, told)
    return redirect("admin:setup_hours")
