"""Pictures in templates, always with their size, so that nothing on the page moves when they arrive."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def picture(row, alt: str = "", loading: str = "lazy") -> SafeString:
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="{}" decoding="async">',
        reverse("picture", args=[row.digest]),
        row.width,
        row.height,
        alt,
        loading,
    )
