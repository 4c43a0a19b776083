"""The catalogue: what runs when, and what it gives. These pages read, and set no cookie."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.front.views import base_of
from courses.catalogue import feed as feeds
from courses.catalogue import filters as wanted
from courses.catalogue import looking, months, structured
from courses.catalogue.cards import by_day, card, cards, subjects_of
from courses.models import Course
from ipsc.context_processors import clinic_of
from ipsc.dates import month_in_words, now
from ipsc.templatetags.ipsc import staff_plain

AHEAD = 6
CALENDAR = "text/calendar; charset=utf-8"


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """This month and what comes next, and how much there is in each month of a year."""
    moment, filters = now(), wanted.read(request.GET)
    this_month = months.this_month(moment)
    rows = looking.fitting(filters, now=moment, enrolment_open=clinic_of(request).enrolment_open)
    in_month, later = looking.month_and_after(rows, this_month, now=moment, ahead=AHEAD)
    found = looking.counts(rows, months.shifted(this_month, -months.MONTHS), 2 * months.MONTHS)
    shown = cards([each for each in in_month if each.ends_at > moment], clinic=clinic_of(request), now=moment)
    after = cards(later, clinic=clinic_of(request), now=moment)
    context = frame(request, filters, this_month) | {
        "first": this_month,
        "cards": shown,
        "later": after,
        "tiles": months.row(this_month, found, query=filters.query),
        "archive": archive(found, this_month, filters),
        "webcal": webcal(request),
        "structured": structured.item_list(
            [*shown, *after], name=_("Courses in pain management"), url=own_url(request), base_url=base_of(request)
        ),
    }
    return render(request, "courses/catalogue.html", context)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """What begins in a month, with the year round it; where nothing of it is to come, what comes next."""
    first = months.month_of(year, month)
    if first is None:
        return no_such_month(request)
    if request.path != (address := months.month_url(first)):
        return redirect(address + wanted.read(request.GET).query, permanent=True)
    moment, filters = now(), wanted.read(request.GET)
    rows = looking.fitting(filters, now=moment, enrolment_open=clinic_of(request).enrolment_open)
    in_month, later = looking.month_and_after(rows, first, now=moment, ahead=1, closed=False)
    found = looking.counts(rows, date(first.year, 1, 1), months.MONTHS)
    shown = cards(in_month, clinic=clinic_of(request), now=moment)
    context = frame(request, filters, first) | {
        "first": first,
        "is_past": first < months.this_month(moment),
        "cards": shown,
        "is_over": not any(each.is_live for each in shown),
        "next": card(later[0], clinic=clinic_of(request), now=moment) if later else None,
        "tiles": months.row(date(first.year, 1, 1), found, shown=first, query=filters.query),
        "structured": [
            structured.breadcrumb([(_("Courses"), reverse("courses:catalogue"))], base_url=base_of(request)),
            structured.item_list(shown, name=month_in_words(first), url=own_url(request), base_url=base_of(request)),
        ],
    }
    return render(request, "courses/month.html", context)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """All that one wants to know before one enrols: what it is, who teaches it, when, and for how much."""
    moment, found = now(), looking.find_course(slug)
    if found is None:
        return elsewhere(looking.moved_course(slug))
    coming, past = looking.runs_of(found, now=moment)
    faculty = looking.faculty_of(found, coming)
    programmes = looking.programme_of(coming)
    shown = cards(coming, clinic=clinic_of(request), now=moment)
    context = {
        "course": found,
        "subjects": subjects_of(found),
        "runs": [(each, by_day(programmes.get(each.run.pk, ()), faculty)) for each in shown],
        "past": cards(past, clinic=clinic_of(request), now=moment),
        "faculty": faculty,
        "authors": [each for each in faculty if each.is_author],  # type: ignore[attr-defined]
        "structured": facts_of(request, found, shown, faculty),
    }
    return render(request, "courses/course.html", context)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The catalogue for calendar programs, in the language of the address."""
    moment = now()
    shown = cards(feeds.runs(moment), clinic=clinic_of(request), now=moment)
    content = feeds.calendar(shown, clinic_of(request), base_url=base_of(request))
    response = HttpResponse(content, content_type=CALENDAR)
    response.headers["Content-Disposition"] = 'inline; filename="courses.ics"'
    return response


def frame(request: HttpRequest, filters: wanted.Filters, first: date) -> dict[str, object]:
    """What the pages of months share: the filters, the months before and after, and those in which anything runs."""
    bounds = looking.bounds()
    begins, ends = bounds or (first, first)
    return {
        "filters": filters,
        "groups": wanted.groups(filters),
        # The last month for which anything is planned, whatever a reader looks for.
        "last": months.Month(ends) if bounds and ends != first else None,
        "before": turn(months.shifted(first, -1), filters) if begins < first else None,
        "after": turn(months.shifted(first, 1), filters) if first < ends else None,
        "year_before": turn(date(first.year - 1, 12, 1), filters) if begins.year < first.year else None,
        "year_after": turn(date(first.year + 1, 1, 1), filters) if first.year < ends.year else None,
    }


def turn(first: date, filters: wanted.Filters) -> months.Month:
    return months.Month(first, query=filters.query)


def archive(found: dict[date, int], this_month: date, filters: wanted.Filters) -> list[months.Month]:
    """The past months of a year in which anything ran, the latest first."""
    begins = months.shifted(this_month, -months.MONTHS)
    return [each for each in reversed(months.row(begins, found, query=filters.query)) if each.count]


def facts_of(request: HttpRequest, row: Course, shown: list, faculty: list) -> list[dict]:
    base = base_of(request)
    steps = [(_("Courses"), reverse("courses:catalogue")), (staff_plain(row, "title"), row.get_absolute_url())]
    return [structured.course(row, shown, faculty, base_url=base), structured.breadcrumb(steps, base_url=base)]


def own_url(request: HttpRequest) -> str:
    return base_of(request) + request.path


def webcal(request: HttpRequest) -> str:
    """The address of the feed as calendar programs take it: they ask for it again by themselves."""
    return f"webcal://{request.get_host()}{reverse('courses:feed')}"


def no_such_month(request: HttpRequest) -> HttpResponse:
    """Said in words of its own. `exception` keeps the page from naming an address of its own, as on every error."""
    return render(request, "courses/no_such_month.html", {"exception": "no such month"}, status=404)


def elsewhere(found: Course | None) -> HttpResponse:
    """To where a course stands now.

    :raises Http404: there is none that the public may see.
    """
    if found is None:
        raise Http404
    response = redirect(found, permanent=True)
    # A name may come back: browsers that keep both directions for ever would go round in a circle.
    patch_cache_control(response, no_cache=True)
    return response
