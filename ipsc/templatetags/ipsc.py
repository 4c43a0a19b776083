"""Texts that staff enter, and the inputs of a form, for templates."""

import re

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# An empty line, as people make one: a space may stand in it.
PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")


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


@register.simple_tag
def staff_plain(obj: Model, name: str) -> str:
    """The same without marks, for titles and for what machines read."""
    return in_page_language(obj, name)[0]


@register.simple_tag
def staff_paragraphs(obj: Model, name: str) -> SafeString:
    """A longer text as paragraphs: an empty line ends one, other line ends become line breaks. Empty where it is."""
    text, language = in_page_language(obj, name)
    attribute = format_html(' lang="{}"', language) if language else ""
    blocks = [block.splitlines() for block in PARAGRAPHS.split(text.replace("\r\n", "\n").strip()) if block.strip()]
    broken = [format_html_join(mark_safe("<br>"), "{}", ((line,) for line in block)) for block in blocks]
    return format_html_join("", "<p{}>{}</p>", ((attribute, block) for block in broken))


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
    """The text of a field, and its language where that is not the page's.

    Where the script shows that staff typed a text into the field of the other language, the script is believed.
    """
    english, hindi = getattr(obj, name) or "", getattr(obj, f"{name}_hi", "") or ""
    page = get_language() or "en"
    text, language = (hindi or english, "hi" if hindi else "en") if page == "hi" else (english or hindi, "en")
    if page != "hi" and not english:
        language = "hi"
    language = language_of(text) or language
    return text, "" if language == page else language


def language_of(text: str) -> str:
    """The language that a text's letters show: most of them Devanagari or none; empty where they show nothing."""
    letters = [each for each in text if each.isalpha()]
    if not letters:
        return ""
    devanagari = sum("\u0900" <= each <= "\u097f" for each in letters)
    if 2 * devanagari > len(letters):
        return "hi"
    return "" if devanagari else "en"


def marked(text: SafeString, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language and text else text
