"""What stands in the head of a page for search engines and for those who show a link to it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from ipsc import jsonld

register = template.Library()

# The pages that may be found by everybody. All others, those with a person's details above all, have no canonical
# address and name no other language.
PUBLIC = {
    "home",
    "contact",
    "doctors",
    "doctor",
    "treatments",
    "treatment",
    "privacy",
    "appointments:urgent",
    "faq:topics",
    "faq:topic",
    "faq:question",
    "courses:catalogue",
    "courses:month",
    "courses:course",
}
# Where the site stands: Open Graph wants a language with its country.
LOCALES = {"en": "en_IN", "hi": "hi_IN"}


@dataclass(frozen=True)
class Alternate:
    """This page in one language, by its absolute address."""

    code: str
    url: str
    locale: str
    current: bool


@dataclass(frozen=True)
class Addresses:
    """The absolute addresses of a public page, without a query; `default` is for readers of any other language."""

    canonical: str
    default: str
    locale: str
    alternates: list[Alternate]
    card: str


@register.simple_tag(takes_context=True)
def public_addresses(context: Context) -> Addresses | None:
    """The addresses of this page; None where it is private, an answer to a form, or an error."""
    request = context.get("request")
    if request is None or not is_public(request) or "exception" in context:
        return None
    alternates = [
        Alternate(link.code, _absolute(request, link.url), LOCALES[link.code], link.current)
        for link in context["language_links"]
    ]
    here = next(each for each in alternates if each.current)
    english = next(each for each in alternates if each.code == "en")
    card = _absolute(request, static("ipsc/card.png"))
    return Addresses(here.url, english.url, here.locale, alternates, card)


@register.simple_tag
def json_ld(facts: dict[str, Any] | list[dict[str, Any] | None] | None) -> SafeString:
    """One script element for each dict of facts; nothing for none, as where the view gave the page none."""
    rows = facts if isinstance(facts, list) else [facts]
    return mark_safe("".join(jsonld.element(each or {}) for each in rows))  # noqa: S308 – each is escaped by its maker


def is_public(request: HttpRequest) -> bool:
    """Whether this request reads a page that everybody may find. An error inside such a page is not known here."""
    match = request.resolver_match
    return match is not None and match.view_name in PUBLIC and request.method in ("GET", "HEAD")


def _absolute(request: HttpRequest, url: str) -> str:
    return request.build_absolute_uri(url.partition("?")[0])
