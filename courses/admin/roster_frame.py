"""The frame of the pages about the people of a run."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.models import CourseRun, Enrolment


def show(request: HttpRequest, page: str, run: CourseRun | None, context: dict[str, Any]) -> HttpResponse:
    """A page about the people of a run, or of all runs."""
    frame = {**admin.site.each_context(request), "opts": Enrolment._meta, "run": run}
    return render(request, f"admin/courses/enrolment/{page}.html", frame | context)
