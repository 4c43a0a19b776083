"""The pages that belong to no app: home, privacy, and what is shown when something goes wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ipsc.models import ClinicSettings
from ipsc.privacy import CONSENT_VERSION

STYLES = ("bootstrap/bootstrap.min.css", "ipsc/site.css")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of the details that a patient types (rule P1)."""
    return render(request, "privacy.html", {"consent_version": CONSENT_VERSION})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token, mostly because the page was old. `reason` is for developers, not for patients."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return bare(request, "500.html", 500)


def bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """An error page that asks nothing of the database or of the request: either may be what is broken.

    The phone is shown where the settings had been read before the error; else they are the defaults, without a phone.
    """
    context = {
        "clinic": getattr(request, "clinic", None) or ClinicSettings(),
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
