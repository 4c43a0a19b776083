"""Before a run with people in it gets other dates, mode or venue: what they will read, and whether they are told."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from courses.admin.catalogue import people, show
from courses.models import CourseRun
from ipsc.admin.changes import Difference
from ipsc.dates import in_words


class Ask(Exception):
    """Ends the saving of a page before anything is saved, until whoever saves has seen who will be told of `values`."""

    def __init__(self, *, run: CourseRun, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.run, self.values = run, values


def ask(request: HttpRequest, asked: Ask) -> HttpResponse:
    """The page in between: old and new, and everything that was typed, to be sent once more."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "notify", "_confirmed")
        for value in values
    ]
    context = {
        "title": _("Tell those who are enrolled?"),
        "run": asked.run,
        "differences": [_difference(asked.run, name, value) for name, value in asked.values.items()],
        "people": people(asked.run),
        "typed": typed,
    }
    return show(request, "courserun/ask", context)


def _difference(run: CourseRun, name: str, new: Any) -> Difference:
    field = CourseRun._meta.get_field(name)
    old = getattr(run, name)
    return Difference(str(capfirst(field.verbose_name)), _worded(field, old), _worded(field, new))  # type: ignore[union-attr]


def _worded(field, value: Any) -> str:
    if hasattr(value, "tzinfo"):
        return in_words(value)
    return str(display_for_field(value, field, "–")) if value else "–"
