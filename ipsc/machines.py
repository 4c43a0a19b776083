"""Addresses that programs read: the rules for robots and the web app manifest."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ipsc.context_processors import clinic_of
from ipsc.templatetags.ipsc import staff_plain

# The ground of a page while it opens, and the frame round it: paper and leaf of site.css.
PAPER, LEAF = "#fbf8f3", "#0f5f57"
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))


# What is somebody's own, in both languages; the rest of booking may be read.
PRIVATE = (
    "/appointments/book/a/",
    "/appointments/manage/",
    "/appointments/call-me-back/sent/",
    "/courses/manage/",
    "/courses/runs/",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The Robots Exclusion Protocol (RFC 9309). Nothing of a demonstration may be read: it is no real clinic (F3)."""
    lines = ["User-agent: *"]
    if settings.SHOWS_SAMPLES:
        lines.append("Disallow: /")
    else:
        hidden = ["/admin/", *PRIVATE, *(f"/hi{path}" for path in PRIVATE)]
        lines += [f"Disallow: {path}" for path in hidden]
        lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What the site is called and looks like on the home screen of a phone (W3C Web Application Manifest)."""
    clinic, home = clinic_of(request), reverse("home")
    full_name = staff_plain(clinic, "full_name")
    facts = {
        "id": home,
        "name": f"{clinic.name} – {full_name}" if full_name else clinic.name,
        "short_name": clinic.name,
        "lang": get_language(),
        "dir": "ltr",
        "start_url": home,
        # The whole site, so that the other language does not open a second window.
        "scope": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": LEAF,
        "icons": [
            {"src": static(f"ipsc/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
        ],
    }
    return JsonResponse(
        facts, content_type="application/manifest+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )
