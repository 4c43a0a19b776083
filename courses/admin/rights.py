"""Who may do what in the staff's pages of the courses, and the enrolment that an address means (rule P2)."""

import functools
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from courses.models import Enrolment
from ipsc.history import Actor

# What may be done with enrolments; runs and payments have rights of their own beside their pages.
VIEW, ADD, CHANGE = "courses.view_enrolment", "courses.add_enrolment", "courses.change_enrolment"

View = Callable[[HttpRequest, Enrolment], HttpResponse]


def actor(request: HttpRequest) -> Actor:
    return Actor.staff(request.user)


def require(request: HttpRequest, permission: str) -> None:
    """:raises PermissionDenied: whoever asks may not do this (rule P2)."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def on_enrolment(permission: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Give a view the enrolment of its address, if whoever asks has the permission."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: HttpRequest, pk: int) -> HttpResponse:
            require(request, permission)
            return view(request, get_object_or_404(Enrolment.objects.select_related("run__course"), pk=pk))

        return run

    return decorate
