"""Answers in templates."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from faq.html import shifted
from faq.models import Wording

register = template.Library()


@register.simple_tag
def answer(wording: Wording, by: int = 0) -> SafeString:
    """The answer, its headings moved `by` levels from 3 to fit the page."""
    return shifted(wording.answer, by, tables=_("Table, to be moved sideways"))


@register.simple_tag
def lang(shown) -> SafeString:
    """The attribute that marks words in the other language than the page's (rule L1); empty for those in its own."""
    return format_html(' lang="{}"', shown.language) if shown.language else SafeString("")
