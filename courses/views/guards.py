"""Pages by the signed link of an enrolment (rule B6)."""

import functools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.links import enrolment_of
from ipsc.dates import now
from ipsc.guards import View, private


def by_link(view: View) -> View:
    """Give the view the enrolment of a link, and the moment; where the link opens none, say so."""

    @functools.wraps(view)
    @private
    def shown(request: HttpRequest, token: str, **options) -> HttpResponse:
        moment = now()
        enrolment = enrolment_of(token, moment)
        if enrolment is None:
            return link_ended(request)
        return view(request, enrolment=enrolment, moment=moment, **options)

    return shown


def link_ended(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/link_ended.html", status=404)
