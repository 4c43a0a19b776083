"""What waits at the course office's till, for the first page of the admin."""

from django import template
from django.template import Context

from courses.admin.payment_pages import VIEW, Counts, counts
from ipsc.dates import now

register = template.Library()


@register.simple_tag(takes_context=True)
def money_counts(context: Context) -> Counts | None:
    """What waits, for whoever may see payments; else nothing. Four queries."""
    return counts(now()) if context["request"].user.has_perm(VIEW) else None
