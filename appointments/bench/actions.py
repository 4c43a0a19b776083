"""What is measured. Each action goes through the whole site in this process: middleware, addresses, view, template."""

import functools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path, reverse
from django.utils.crypto import get_random_string

from appointments import attempts
from appointments.attempts import Choice
from appointments.diary import Slot, openings
from appointments.models import Clinician, Service
from faq.models import Topic
from ipsc.dates import now
from ipsc.urls import urlpatterns as site

# What the form page sets in a browser.
COOKIE = get_random_string(32)
BARE = "<!DOCTYPE html><title>Bare</title><ul>{% for each in clinicians %}<li>{{ each.name }}</li>{% endfor %}</ul>"
ANSWERS = {"for_whom": "me", "name": "Patient One", "age_years": "62", "phone": "98000 00001", "consent": "on"}
# What a browser says: the page is compressed for it.
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def bare(request: HttpRequest) -> HttpResponse:
    """The least that a page with a template and a query costs in this site: what the times page is compared with."""
    return HttpResponse(_bare_template().render({"clinicians": Clinician.objects.all()}))


@functools.cache
def _bare_template():
    return engines["django"].from_string(BARE)


urlpatterns = [path("bench/bare/", bare, name="bench-bare"), *site]


@dataclass
class Action:
    """`prepare` and `clean` stand outside what is timed, and what `prepare` returns is handed on."""

    name: str
    act: Callable[..., None]
    prepare: Callable[[], tuple] = tuple
    clean: Callable[..., None] = lambda *_given: None


def bare_page(client: Client) -> Action:
    return Action("bare view", lambda: _get(client, reverse("bench-bare")))


def times_page(client: Client) -> Action:
    """The times of the one service of all ten clinicians, 28 days."""
    url = reverse("appointments:times", args=[Service.objects.get().public_id])
    return Action("times page", lambda: _get(client, url))


def home_page(client: Client) -> Action:
    """The first page, as most visitors meet it: the next free time is kept for a few seconds."""
    return Action("home page", lambda: _get(client, reverse("home")))


def topic_page(client: Client) -> Action:
    """The fourteen questions with their answers, as most visitors meet them: kept while nothing has changed."""
    url = Topic.objects.earliest("pk").get_absolute_url()
    return Action("topic page", lambda: _get(client, url))


def booking(client: Client) -> Action:
    """A booking that is committed, from a draft with all its answers; afterwards it is taken away again."""
    service = Service.objects.get()
    starts = cycle(_starts(service))
    client.cookies[settings.CSRF_COOKIE_NAME] = COOKIE

    def prepare() -> tuple[uuid.UUID]:
        attempt = uuid.uuid4()
        moment = now()
        choice = Choice(service, None, next(starts).starts_at)
        attempts.keep(attempts.key_for(attempt, COOKIE), choice, ANSWERS | attempts.consent_now(moment), moment)
        return (attempt,)

    def act(attempt: uuid.UUID) -> None:
        response = client.post(reverse("appointments:check", args=[attempt]), headers=BROWSER)
        if response.status_code != 302 or "/manage/" not in response.headers["Location"]:
            raise RuntimeError(f"the booking was refused: {response.status_code} {response.headers.get('Location')}")

    return Action("booking", act, prepare, _take_away)


def _get(client: Client, url: str) -> None:
    response = client.get(url, headers=BROWSER)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answers {response.status_code}")


def _starts(service: Service) -> Iterator[Slot]:
    """Starts that stay on offer while this runs: from the third day on, beyond any notice."""
    found = openings(service, now=now())
    for ahead in range(3, found.days):
        yield from found.on(found.first_day + timedelta(days=ahead))


def _take_away(attempt: uuid.UUID) -> None:
    key = attempts.key_for(attempt, COOKIE)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_historicalappointment WHERE attempt = %s", [key])
        cursor.execute("DELETE FROM appointments_appointment WHERE attempt = %s", [key])
        cursor.execute("DELETE FROM ipsc_ratelimit")
