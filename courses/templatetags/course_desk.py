"""How the staff's pages tell a run in a few words, and what waits on the first page of the admin."""

from datetime import date

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from courses.admin.catalogue import ADD, BADGES, dates_in_words
from courses.messages.unreached import could_not_reach
from courses.models import CourseRun, RunState
from courses.promise import empty_months
from ipsc.dates import now

NEXT_RUNS = 5

register = template.Library()


@register.filter
def dates(run: CourseRun) -> str:
    """Saturday 9 January 2027, 9:00 am – 5:00 pm."""
    return dates_in_words(run.starts_at, run.ends_at)


@register.filter
def state_badge(run: CourseRun) -> SafeString:
    """The state of a run, as a badge."""
    return format_html('<span class="badge {}">{}</span>', BADGES[RunState(run.state)], run.get_state_display())


@register.simple_tag(takes_context=True)
def months_without_a_course(context: Context) -> list[date]:
    """The months of the coming year that have no published run, for whoever may add one. One query."""
    return empty_months(now()) if context["request"].user.has_perm(ADD) else []


@register.simple_tag(takes_context=True)
def next_runs(context: Context) -> list[CourseRun] | None:
    """The published runs that are under way or next, for whoever may see who is in them; else None. One query."""
    if not context["request"].user.has_perm("courses.view_enrolment"):
        return None
    rows = CourseRun.objects.filter(state=RunState.PUBLISHED, ends_at__gt=now()).select_related("course").with_queue()
    return list(rows.order_by("starts_at", "pk")[:NEXT_RUNS])


@register.simple_tag(takes_context=True)
def doctors_to_tell(context: Context) -> int | None:
    """How many doctors no message reaches, for whoever may see enrolments. Two queries."""
    return len(could_not_reach(now())) if context["request"].user.has_perm("courses.view_enrolment") else None
