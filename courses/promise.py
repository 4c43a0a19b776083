"""The promise is a course in every month of the year: which of the coming months have none yet."""

from datetime import date, datetime

from django.db.models.functions import TruncMonth

from courses.models import CourseRun, RunState
from courses.schedule import months
from ipsc.dates import clinic_day, start_of_day

AHEAD = 12


def empty_months(now: datetime) -> list[date]:
    """The first days of those of the twelve months from this one on that have no published run. One query."""
    coming = months(clinic_day(now), AHEAD + 1)
    runs = CourseRun.objects.public().filter(
        state=RunState.PUBLISHED, starts_at__gte=start_of_day(coming[0]), starts_at__lt=start_of_day(coming[-1])
    )
    taught = set(runs.order_by().annotate(month=TruncMonth("starts_at")).values_list("month", flat=True).distinct())
    held = {clinic_day(each) for each in taught}
    return [month for month in coming[:-1] if month not in held]
