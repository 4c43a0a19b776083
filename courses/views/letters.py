"""A letter for the leave application, as PDF."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from courses.letters import LETTER_OF, NotInFont
from courses.letters import letter as make_letter
from courses.links import manage_url
from courses.models import Enrolment
from courses.views.about import card_of
from courses.views.guards import by_link
from courses.views.managing import about
from ipsc.context_processors import clinic_of
from ipsc.dates import clinic_day


@require_safe
@by_link
def letter(request: HttpRequest, *, enrolment: Enrolment, moment: datetime) -> HttpResponse:
    """The letter for whoever is enrolled or was there; anybody else is led back to the page of the link."""
    if enrolment.status not in LETTER_OF:
        return redirect(manage_url(enrolment))
    try:
        # Employers and hospitals read English.
        with translation.override("en"):
            shown = card_of(request, enrolment.run, moment)
            body = make_letter(enrolment, shown, clinic_of(request), today=clinic_day(moment))
    except NotInFont as problem:
        context = about(request, enrolment, moment) | {"letters": problem.letters}
        return render(request, "courses/no_letter.html", context, status=409)
    headers = {"Content-Disposition": 'inline; filename="letter.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
