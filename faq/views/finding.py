"""The search: what people type is read for signs that cannot wait before anything else (rule F2)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from faq.search import fruitless
from faq.search.finding import find
from ipsc.dates import now
from ipsc.ratelimit import address_of
from ipsc.redflags import MOST_TEXT
from ipsc.signs import signs_in

LONGEST = 200
SUGGESTIONS = 5
SHORTEST_TO_SUGGEST = 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers what was typed, the nearest first. A sign that cannot wait puts the card before all of it."""
    at, text = now(), typed(request)
    found = find(text, language=get_language() or "en", at=at)
    cannot_wait = bool(signs_in(whole(request)))
    if text and not found.hits and not cannot_wait and not found.is_empty_query:
        fruitless.count(text, place=address_of(request), now=at)
    context = {"text": text, "found": found, "shows_card": cannot_wait}
    return render(request, "faq/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """The titles of a few questions for what has been typed so far. Nothing is counted or kept."""
    text = typed(request)
    hits = []
    if len(text) >= SHORTEST_TO_SUGGEST:
        hits = find(text, language=get_language() or "en", at=now()).hits[:SUGGESTIONS]
    return JsonResponse({"titles": [hit.title for hit in hits]})


def whole(request: HttpRequest) -> str:
    """All that was typed, for the detector: a sign may stand at the end of a long complaint."""
    request.encoding = "utf-8"
    return request.GET.get("q", "").replace("\0", " ")[:MOST_TEXT]


def typed(request: HttpRequest) -> str:
    """The query: one line, without what no database can store, in the one encoding that browsers send."""
    request.encoding = "utf-8"
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
