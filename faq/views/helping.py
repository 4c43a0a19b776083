"""Was this helpful? Pages that read set no cookie, and so their form has no token: see `is_from_elsewhere`."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from faq import helping, shown
from faq.addresses import moved_question
from faq.forms import WhyForm
from faq.models import Vote
from ipsc.dates import now
from ipsc.ratelimit import address_of
from ipsc.views import csrf_failure

COOKIE = "helpful"
COOKIE_AGE = 365 * 24 * 60 * 60
ANSWERS = {"yes": True, "no": False}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def helpful(request: HttpRequest, topic: str, question: str) -> HttpResponse:
    """Take a yes or a no; after a no, ask why."""
    request.encoding = "utf-8"  # whatever was claimed: some encodings make what can be neither stored nor shown
    found = shown.answer(topic, question, language=get_language() or "en", at=now())
    if found is None:
        if not (moved := moved_question(topic, question, at=now())):
            raise Http404
        return redirect(moved)
    mine = helping.vote_of(request.GET.get("vote", ""))
    if mine is not None and mine.question_id != found.question.pk:
        mine = None
    if request.method != "POST":
        return answered(request, found, mine, WhyForm())
    if is_from_elsewhere(request):
        return csrf_failure(request)
    if request.POST.get("helpful") in ANSWERS:
        return take(request, found)
    return explain(request, found, mine)


def take(request: HttpRequest, found: shown.Shown) -> HttpResponse:
    """Record the yes or the no, and go on to the page that thanks and may ask why."""
    browser = helping.known_browser(request.COOKIES.get(COOKIE, ""))
    try:
        vote = helping.vote(
            wording=found.wording,
            browser=browser,
            helpful=ANSWERS[request.POST["helpful"]],
            address=address_of(request),
            now=now(),
        )
    except helping.TooManyVotes as refusal:
        return render(request, "faq/too_many.html", {"refusal": refusal, "shown": found}, status=429)
    response = redirect(f"{request.path}?{urlencode({'vote': helping.token_of(vote)})}")
    response.set_cookie(
        COOKIE, browser, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.CSRF_COOKIE_SECURE
    )
    return response


def explain(request: HttpRequest, found: shown.Shown, mine: Vote | None) -> HttpResponse:
    """Take the reason for a no."""
    form = WhyForm(request.POST)
    if mine is None or mine.helpful:
        return redirect(found.question)
    if not form.is_valid():
        return answered(request, found, mine, form)
    helping.explain(vote=mine, now=now(), **form.cleaned_data)
    return redirect(request.get_full_path())


def answered(request: HttpRequest, found: shown.Shown, mine: Vote | None, form: WhyForm) -> HttpResponse:
    """Where a link to this page has no answer with it, the question itself is the place to give one."""
    if mine is None:
        return redirect(found.question)
    asks = not mine.helpful and not (mine.reason or mine.text)
    context = {"shown": found, "question": found.question, "vote": mine, "form": form if asks else None}
    return render(request, "faq/helpful.html", context)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this form (Fetch Metadata, or the Origin of RFC 6454)."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True
