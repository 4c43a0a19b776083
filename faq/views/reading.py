"""The pages that are read: the topics, a topic with all its answers, one question, and the leaflet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from faq import shown, structured
from faq.addresses import moved_question, moved_topic
from faq.codes import qr_code
from faq.kept import kept
from faq.models import Topic
from faq.origins import from_question, from_topic
from ipsc.dates import clinic_day, now


@kept
def topics(request: HttpRequest) -> HttpResponse:
    """What there is to read, by topic."""
    return render(request, "faq/topics.html", {"topics": shown.topics(now())})


@kept
def topic(request: HttpRequest, topic: str) -> HttpResponse:
    """All questions of a topic with their answers, folded up."""
    found = shown.find_topic(topic)
    if found is None:
        return elsewhere(moved_topic(topic))
    rows = shown.answers(found, language=language(), at=now())
    context = {
        "topic": found,
        "answers": rows,
        "shows_card": shows_card(found, rows),
        "came_from": from_topic(found),
        "structured": structured.faq_page(found, rows, base_url=base_url(request)),
    }
    return render(request, "faq/topic.html", context)


@kept
def question(request: HttpRequest, topic: str, question: str) -> HttpResponse:
    """One question and its answer."""
    at = now()
    found = shown.answer(topic, question, language=language(), at=at)
    if found is None:
        return elsewhere(moved_question(topic, question, at=at))
    reviewed = shown.reviewed(found.wording, clinic_day(at))
    context = {
        "shown": found,
        "question": found.question,
        "topic": found.question.topic,
        "reviewed": reviewed,
        "near": shown.neighbours(found, language=language(), at=at),
        "came_from": from_question(found.question),
        "structured": structured.medical_web_page(found, reviewed, base_url=base_url(request)),
    }
    return render(request, "faq/question.html", context)


@kept
def leaflet(request: HttpRequest, topic: str) -> HttpResponse:
    """A topic to print and to take home, with a code that leads to the newest text."""
    found = shown.find_topic(topic)
    if found is None:
        moved = moved_topic(topic)
        return elsewhere(moved and f"{moved}leaflet/")
    rows = shown.answers(found, language=language(), at=now())
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {
        "topic": found,
        "answers": rows,
        "address": address,
        "qr_code": qr_code(address),
        "shows_card": shows_card(found, rows),
        "edition": edition(found, rows),
        "unreviewed": [each for each in rows if not each.wording.is_reviewed],
    }
    return render(request, "faq/leaflet.html", context)


def shows_card(topic: Topic, rows: list[shown.Shown]) -> bool:
    """Whether the signs that cannot wait stand on a page with these questions: one that asks for them is enough."""
    return topic.red_flags or any(each.question.red_flags for each in rows)


def edition(topic: Topic, rows: list[shown.Shown]):
    """The moment at which anything in the leaflet was last published; None for an empty one."""
    return max((each.wording.published_at for each in rows if each.wording.published_at), default=None)


def elsewhere(address: str | None) -> HttpResponse:
    """To where a page stands now, for good; without a trace of it, the page for addresses that do not exist."""
    if not address:
        raise Http404
    response = redirect(address, permanent=True)
    # A name may come back: browsers that keep both directions for ever would go round in a circle.
    patch_cache_control(response, no_cache=True)
    return response


def language() -> str:
    return get_language() or "en"


def base_url(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
