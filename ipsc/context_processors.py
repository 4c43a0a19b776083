"""What every template knows: the clinic, the demonstration ribbon, and this page in the other languages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, override

from ipsc.models import ClinicSettings


@dataclass(frozen=True)
class LanguageLink:
    """This page in one language: `name` is the language's own name for itself."""

    code: str
    name: str
    url: str
    current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """For every template. All that costs anything is lazy: a page that does not ask for it does not pay for it."""
    return {
        "clinic": SimpleLazyObject(lambda: clinic_of(request)),
        "ribbon": settings.SHOWS_SAMPLES,
        "language_links": SimpleLazyObject(lambda: language_links(request)),
    }


def clinic_of(request: HttpRequest) -> ClinicSettings:
    """The clinic's settings, read once in a request."""
    if not hasattr(request, "clinic"):
        request.clinic = ClinicSettings.load()  # type: ignore[attr-defined]
    return request.clinic  # type: ignore[attr-defined]


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """This page in each language, its query kept; the home page where this page has no address in a language (L1)."""
    current = get_language()
    here = escape_leading_slashes(request.get_full_path())
    links = []
    for code, name in OWN_NAMES.items():
        url = here if code == current else translate_url(here, code)
        if code != current and url == here:
            # Not an address of the site, as on the page for addresses that do not exist.
            with override(code):
                url = reverse("home")
        links.append(LanguageLink(code=code, name=name, url=url, current=code == current))
    return links


# Each in its own script, so that nobody has to read the other language to find it; hence no gettext.
OWN_NAMES = {"en": "English", "hi": "हिन्दी"}
