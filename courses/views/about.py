"""What pages say of the run that they are about."""

from datetime import datetime

from django.http import HttpRequest

from courses.catalogue import looking
from courses.catalogue.cards import Card, card, cards
from courses.models import CourseRun
from ipsc.context_processors import clinic_of


def card_of(request: HttpRequest, run: CourseRun, moment: datetime) -> Card:
    """The card of a run; it is read again where the length of its queue is not known."""
    if not hasattr(run, "waiting"):
        rows = CourseRun.objects.select_related("course").annotate(waiting=looking.queue_length(moment))
        run = rows.get(pk=run.pk)
    return card(run, clinic=clinic_of(request), now=moment)


def about_run(request: HttpRequest, run: CourseRun, moment: datetime) -> dict:
    """What every page about one run has: its card, the run with the length of its queue, and the course."""
    made = card_of(request, run, moment)
    return {"card": made, "run": made.run, "course": made.course}


def others(request: HttpRequest, run: CourseRun, moment: datetime) -> list[Card]:
    """Other dates of the course to come, soonest first."""
    coming, _past = looking.runs_of(run.course, now=moment)
    return cards([each for each in coming if each.pk != run.pk], clinic=clinic_of(request), now=moment)
