"""Pages that are read again and again: one query tells whether one has changed (RFC 9110, conditional requests).

The tag of a page names all that it is made of: the newest records of every history it draws from, how many questions
have come into their time or out of it, the day, the address, and the release. So a page that is kept under its tag is
never an old one.
"""

import functools
import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from appointments.models import Clinician, Service
from faq.models import Question, Topic, Wording
from ipsc import samples
from ipsc.dates import clinic_day, now
from ipsc.models import ClinicSettings

KEPT_SECONDS = 600
NEWEST = '(SELECT sum(history_id) FROM (SELECT history_id FROM "{table}" ORDER BY history_id DESC LIMIT 100) AS newest)'
LEVEL = 6  # of compression
TRACKED = (Topic, Question, Wording, ClinicSettings, Service, Clinician)


@functools.cache
def statement() -> str:
    """One look at the newest record of each history, and at the questions whose time has come or gone."""
    # Not the newest alone: of two changes at once, the one with the lower number may be the later to be seen.
    newest = [NEWEST.format(table=model.history.model._meta.db_table) for model in TRACKED]
    table = Question._meta.db_table
    moments = [f'(SELECT count(*) FROM "{table}" WHERE {name} <= %(now)s)' for name in ("publish_from", "unpublish_at")]  # noqa: S608
    return f"SELECT {', '.join(newest + moments)}"


def state(at: datetime) -> tuple:
    """Numbers that change whenever anything that an FAQ page shows does; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(statement(), {"now": at})
        return cursor.fetchone()


@functools.cache
def release() -> str:
    """What changes with every release: the names, sizes and times of the files that pages are made of."""
    files = [
        path
        for folder in ("templates", "faq", "ipsc", "appointments")
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in (".html", ".py", ".mo", ".css", ".js")
    ]
    lines = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sorted(files)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def tag_of(request: HttpRequest, at: datetime) -> str:
    """The entity tag of a page at this moment. The address names its language too (rule L1)."""
    parts = (
        *(release(), request.scheme, request.get_host(), request.get_full_path()),
        *(samples.are_shown(), clinic_day(at), *state(at)),
    )
    # Weak, since the same page goes out compressed and plain.
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def answer_with(request: HttpRequest, page: bytes, tag: str) -> HttpResponse:
    """A kept page as the reader can take it. It holds no secret, so that its compression tells none (BREACH)."""
    if takes_gzip(request):
        response = HttpResponse(page, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(page))
    return dressed(response, tag)


def dressed(response: HttpResponse, tag: str) -> HttpResponse:
    """What a 304 says as well as a 200 (RFC 9110, 15.4.5): the tag, and that each reader asks again with it."""
    response.headers["ETag"] = tag
    patch_vary_headers(response, ["Accept-Encoding"])
    patch_cache_control(response, no_cache=True)
    return response


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the reader says so, without a doubt (RFC 9110, 12.5.3); whoever says it in an odd way gets it plain."""
    wanted = [each.replace(" ", "").lower() for each in request.headers.get("Accept-Encoding", "").split(",")]
    return "gzip" in wanted


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of pages that everybody reads alike: 304 where the reader has the page, else the kept one or a new one.

    Only what answers 200 to a plain address is kept, for KEPT_SECONDS.
    """

    @functools.wraps(view)
    @require_safe
    def run(request: HttpRequest, **options) -> HttpResponse:
        if getattr(request, "preview", False):
            return view(request, **options)
        tag = tag_of(request, now())
        # By name alone: “*” would say of a page that is not there that it has not changed.
        if tag in request.headers.get("If-None-Match", ""):
            return dressed(HttpResponseNotModified(), tag)
        page = cache.get(f"faq:{tag}")
        if page is None:
            response = view(request, **options)
            if response.status_code != 200:
                return response
            page = gzip.compress(response.content, LEVEL, mtime=0)
            if not request.META.get("QUERY_STRING"):
                cache.set(f"faq:{tag}", page, KEPT_SECONDS)
        return answer_with(request, page, tag)

    return run
