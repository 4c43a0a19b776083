"""A new visit, on the phone or at the desk, on one page."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import booking
from appointments.admin import steps
from appointments.admin.desk import GET_OR_POST, typed
from appointments.admin.forms import DetailsForm, NewVisitForm, details_of, services
from appointments.admin.pages import ADD, actor, done, require, show
from appointments.admin.times import offer
from appointments.models import Appointment, CallBack, Patient
from appointments.refusals import BookingRefused
from ipsc.dates import clinic_day, in_words, now

# What another visit of the same patient takes over; its reason is its own.
CARRIED = ("name", "phone", "email", "age_years", "born_on", "language", "phone_is_patients", "needs_language")


@require_http_methods(GET_OR_POST)
def add(request: HttpRequest) -> HttpResponse:
    """Book. The same form sent twice makes one visit (rule B8)."""
    require(request, ADD)
    moment = now()
    today = clinic_day(moment)
    is_sent = "save" in request.POST
    if is_sent:
        form = NewVisitForm(request.POST, today=today)
    else:
        form = NewVisitForm(initial=_begin(request) | typed(request), today=today)
    status = 200
    if is_sent and form.is_valid():
        chosen = form.cleaned_data
        try:
            made = booking.book(
                service=chosen["service"],
                clinician=chosen["clinician"],
                starts_at=form.starts_at,
                details=form.details(),
                source=chosen["source"],
                attempt=chosen["attempt"],
                patient=chosen["patient"],
                squeeze_in_reason=chosen["squeeze_in_reason"],
                outside_hours=chosen["outside_hours"],
                by=actor(request),
                now=moment,
            )
        except BookingRefused as refusal:
            status = 409
            form.add_error("start", steps.words(refusal))
        else:
            return done(request, made, _told(made, form))
    service = form.known("service") or services().first()
    context = {
        "title": _("New visit"),
        "form": form,
        "more": _has_more(form),
        "patient": form.known("patient"),
        "offer": service
        and offer(service, form.known("clinician"), form.known("day") or today, now=moment, today=today),
    }
    return show(request, "appointment/new", context, status)


def _told(made: Appointment, form: NewVisitForm) -> str:
    told = {"name": made.name, "moment": in_words(made.starts_at), "reference": made.spoken_reference}
    if (made.name, made.starts_at) != (form.cleaned_data["name"], form.starts_at):
        return _("This form was sent before, and made this visit. For another visit, begin a new form.")
    return _("Booked: %(name)s, %(moment)s. Reference %(reference)s.") % told


def _begin(request: HttpRequest) -> dict:
    """An empty form; for `?patient=`, `?again=` or `?call=`, one that knows the person already."""
    begin = {"attempt": uuid.uuid4(), "day": clinic_day(now())}
    if first := services().first():
        begin["service"] = first.pk
    if before := _found(Appointment, request.GET.get("again")):
        begin |= {name: value for name, value in details_of(before).items() if name in (*CARRIED, *DetailsForm.needs)}
        begin |= {"patient": before.patient_id, "service": before.service_id, "clinician": before.clinician_id}
    elif person := _found(Patient, request.GET.get("patient")):
        begin |= {"patient": person.pk, "name": person.name, "phone": person.phone, "email": person.email}
        begin |= {"born_on": person.born_on}
    elif call := _found(CallBack, request.GET.get("call")):
        begin |= {"name": call.name, "phone": call.phone, "language": call.language, "reason": call.about}
    return begin


def _found(model, key: str | None):
    """The row of a key from the address, which may be anything."""
    try:
        return model.objects.filter(pk=key).first() if key else None
    except (ValueError, ValidationError):
        return None


def _has_more(form: NewVisitForm) -> bool:
    """Whether the folded part of the form has something to show."""
    folded = ("email", "needs_language", "for_someone_else", "contact_name", "contact_relation", *form.needs)
    return any(form[name].errors or form[name].value() for name in folded)
