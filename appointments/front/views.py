"""The pages that tell who we are. They read, set no cookie, and are whole however little staff have entered."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from appointments.front import opening, structured
from appointments.front.facts import Facts, facts, page_of
from appointments.front.soonest import offers, soonest_of, soonest_with
from appointments.models import Clinician, Service, TimeOff, WorkingHours
from courses.catalogue.cards import cards
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day, now
from ipsc.models import Unanswered


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who we are, the next free time, how to reach us, and the signs that cannot wait (rule F2)."""
    moment = now()
    found = facts(now=moment, release_unanswered=releases(request))
    if request.META.get("QUERY_STRING"):
        # Nobody fills the memory with addresses of their own making.
        return HttpResponse(home_page(request, found, moment))
    # All else that the page shows is the clinic's own facts, read anew each time, and the address at which it stands.
    clinic = [(name, value) for name, value in vars(clinic_of(request)).items() if not name.startswith("_")]
    address = (get_language(), request.build_absolute_uri())
    return HttpResponse(page_of(found, lambda: home_page(request, found, moment), clinic, address))


def home_page(request: HttpRequest, found: Facts, moment: datetime) -> bytes:
    context = {
        "next_free": found.next_free,
        "today": found.days[0],
        "next_open": opening.next_open(found.days),
        "courses": cards(found.runs, clinic=clinic_of(request), now=moment),
        "structured": the_clinic(request, found.hours, found.holidays, moment),
    }
    return render(request, "front/home.html", context).content


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where we are, how to get in, and when we are open."""
    moment = now()
    clinicians = list(Clinician.objects.public())
    holidays = opening.holidays_to_come(moment)
    days = opening.week_from(clinic_day(moment), [each.pk for each in clinicians], now=moment, holidays=holidays)
    hours = structured.weekly_hours(clinic_day(moment))
    context = {
        "days": days,
        "is_ever_open": any(each.spans for each in days),
        "holidays": holidays,
        "structured": the_clinic(request, hours, [each.row for each in holidays], moment),
    }
    return render(request, "front/contact.html", context)


@require_safe
def doctors(request: HttpRequest) -> HttpResponse:
    offered = offers()
    free = soonest_with(offered, now=now(), release_unanswered=releases(request))
    rows = [(each, free.get(each.pk)) for each in offered.clinicians]
    return render(request, "front/doctors.html", {"clinicians": rows})


@require_safe
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """One clinician: who it is, by which register, and when there is time."""
    clinician = Clinician.objects.public().pictured().filter(slug=slug).first()
    if clinician is None:
        return moved(Clinician.objects.public().once_at(slug).first(), "doctor")
    offered = offers()
    free = soonest_with(offered, now=now(), release_unanswered=releases(request))
    context = {
        "clinician": clinician,
        "services": offered.services_of.get(clinician.pk, []),
        "next_free": free.get(clinician.pk),
        "structured": structured.physician(clinician, base_url=base_of(request)),
    }
    return render(request, "front/doctor.html", context)


@require_safe
def treatments(request: HttpRequest) -> HttpResponse:
    return render(request, "front/treatments.html", {"services": Service.objects.public()})


@require_safe
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: what it is, who gives it, what to bring, and how to book it."""
    service = Service.objects.public().filter(slug=slug).first()
    if service is None:
        return moved(Service.objects.public().once_at(slug).first(), "treatment")
    offered = offers()
    free = soonest_of(offered, [service], now=now(), release_unanswered=releases(request))
    context = {
        "service": service,
        "clinicians": offered.clinicians_of(service),
        "next_free": free.get(service.pk),
        "topics": service.topics.published(),
        "structured": structured.treatment(service, base_url=base_of(request)),
    }
    return render(request, "front/treatment.html", context)


def the_clinic(request: HttpRequest, hours: list[WorkingHours], holidays: list[TimeOff], moment: datetime) -> dict:
    """The clinic in the words of schema.org, for the head of the page."""
    today = clinic_day(moment)
    clinic = clinic_of(request)
    return structured.clinic(clinic, base_url=base_of(request), hours=hours, holidays=holidays, today=today)


def base_of(request: HttpRequest) -> str:
    """The site's own address, without a slash at its end."""
    return request.build_absolute_uri("/").rstrip("/")


def moved(row: Clinician | Service | None, page: str) -> HttpResponse:
    """To the page that had this address before.

    :raises Http404: none had.
    """
    if row is None:
        raise Http404
    return redirect(page, slug=row.slug, permanent=True)


def releases(request: HttpRequest) -> bool:
    """Whether requests that nobody answered in time count as free."""
    return clinic_of(request).unanswered_requests == Unanswered.RELEASE
