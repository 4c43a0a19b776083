"""Texts that staff enter, and the inputs of a form, for templates."""

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def staff_text(obj: Model, name: str) -> SafeString:
    """The text of a field in the page's language; what is missing falls back, marked with its language (L1).

    Line ends become line breaks, so that an address keeps its shape.
    """
    text, language = in_page_language(obj, name)
    return marked(format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.splitlines())), language)


@register.simple_tag
def staff_lines(obj: Model, name: str) -> list[SafeString]:
    """The same for a field with one item on each line: a list for `{% for %}`."""
    text, language = in_page_language(obj, name)
    return [marked(conditional_escape(line), language) for line in lines(text)]


@register.filter
def lines(text: str | None) -> list[str]:
    """The lines of a text that have anything on them."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id of a field's first input, for a link that takes the reader there."""
    # Where one label cannot name them all (radio buttons, day and month and year), Django counts the inputs.
    return field.id_for_label or f"{field.auto_id}_0"


def in_page_language(obj: Model, name: str) -> tuple[str, str]:
    """The text of a field, and its language where that is not the page's."""
    english, hindi = getattr(obj, name) or "", getattr(obj, f"{name}_hi", "") or ""
    if get_language() == "hi":
        return (hindi, "") if hindi else (english, "en")
    return (english, "") if english else (hindi, "hi")


def marked(text: SafeString, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language and text else text
