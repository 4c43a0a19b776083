"""The public holidays of the year to come, for staff to accept as days on which the clinic is closed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from appointments.admin.displaced import away_in_words, visits_during
from appointments.admin.pages import actor, require, show
from appointments.admin.setup.pages import PERMISSION
from appointments.models import Appointment, TimeOff
from appointments.setup import public_holidays
from appointments.setup.public_holidays import NotAHoliday, PublicHoliday
from ipsc.dates import clinic_day, end_of_day, now, start_of_day


@dataclass(frozen=True)
class Offered:
    """A holiday, the row that has entered it already, and how many visits lie on its day."""

    holiday: PublicHoliday
    row: TimeOff | None
    visits: int
    is_ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    """GET lists them; POST enters those that are ticked and notes that the others were looked at."""
    require(request, PERMISSION)
    moment = now()
    today = clinic_day(moment)
    last = public_holidays.last_day(today)
    refusal = ""
    if request.method == "POST":
        try:
            days, until = _days(request.POST.getlist("day")), _days([request.POST.get("until", "")])[0]
            entered = public_holidays.accept(days=days, until=until, by=actor(request), now=moment)
        except NotAHoliday as refused:
            refusal = str(refused)
        else:
            return _done(request, entered)
    context = {
        "title": _("Public holidays"),
        "offers": _offers(today, last, set(request.POST.getlist("day"))),
        "last_day": last,
        "refusal": refusal,
    }
    return show(request, "setup/holidays", context)


def _days(typed: list[str]) -> list[date]:
    """The days that the form's own boxes hold.

    :raises NotAHoliday: no box holds such a thing.
    """
    try:
        return [date.fromisoformat(each) for each in typed]
    except ValueError:
        raise NotAHoliday from None


def _done(request: HttpRequest, entered: list[TimeOff]) -> HttpResponse:
    told = ngettext("%(count)s holiday entered.", "%(count)s holidays entered.", len(entered))
    messages.success(request, told % {"count": len(entered)} if entered else _("Noted: you have looked through them."))
    for row in entered:
        if words := away_in_words(visits_during(row)):
            messages.warning(request, words)
    return redirect("admin:setup_holidays")


def _offers(today: date, last: date, ticked: set[str]) -> list[Offered]:
    closed = public_holidays.closed_days(today, last)
    visits = _visits(today, last)
    return [
        Offered(each, closed.get(each.day), visits[each.day], each.day.isoformat() in ticked)
        for each in public_holidays.offered(today, last)
    ]


def _visits(first: date, last: date) -> Counter[date]:
    """How many visits that hold time begin on each day."""
    rows = Appointment.objects.occupying().filter(starts_at__gte=start_of_day(first), starts_at__lt=end_of_day(last))
    return Counter(rows.order_by().values_list(TruncDate("starts_at"), flat=True))
