"""Money as people read it."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma

register = template.Library()


@register.filter
def rupees(amount: int | str) -> str:
    """Whole INR: ₹ 1,50,000, never broken at the end of a line."""
    return f"₹\u00a0{intcomma(amount)}"
