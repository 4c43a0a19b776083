"""The pages that belong to no app: privacy, the look in development, and what is shown when something goes wrong."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ipsc.models import ClinicSettings, Picture
from ipsc.privacy import CONSENT_VERSION

STYLES = ("bootstrap/bootstrap.min.css", "ipsc/site.css")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of the details that a patient types (rule P1)."""
    return render(request, "privacy.html", {"consent_version": CONSENT_VERSION})


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Every component in one page, for whoever works on the looks; there is none outside development."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "look.html")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture that staff have added. Its address names its content, so that it may be kept for ever."""
    rows = Picture.objects.filter(pk=digest) if digest.isalnum() else Picture.objects.none()
    tag = {"ETag": f'"{digest}"'}
    if request.headers.get("If-None-Match") == tag["ETag"] and rows.exists():
        return HttpResponseNotModified(headers=tag)
    return HttpResponse(bytes(get_object_or_404(rows).content), content_type="image/webp", headers=tag)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token, mostly because the page was old. `reason` is for developers, not for patients."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return bare(request, "500.html", 500)


def bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """An error page that asks nothing of the database or of the request: either may be what is broken.

    The phone is shown where the settings had been read before the error; else they are the defaults, without a phone
    and with no call promised.
    """
    context = {
        "clinic": getattr(request, "clinic", None) or ClinicSettings(call_back_open=False),
        "language": get_language() or "en",
        "styles": styles(),
    }
    return HttpResponse(render_to_string(template, context), status=status)


def styles() -> list[str]:
    """The style sheets; none where the manifest of collected files is missing, for that must not cost the page."""
    try:
        return [static(path) for path in STYLES]
    except ValueError:
        return []
