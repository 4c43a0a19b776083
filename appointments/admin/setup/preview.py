"""The public pages as they will look: without samples, and with booking open. Nothing is stored."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from appointments.admin.pages import require, show
from appointments.admin.setup.pages import PERMISSION
from appointments.front import views as front
from ipsc import samples
from ipsc.context_processors import clinic_of

PAGES: dict[str, tuple[str | Promise, Callable[[HttpRequest], HttpResponse]]] = {
    "home": (gettext_lazy("Home"), front.home),
    "contact": (gettext_lazy("Contact"), front.contact),
    "doctors": (gettext_lazy("Doctors"), front.doctors),
    "treatments": (gettext_lazy("Visits and treatments"), front.treatments),
}
LANGUAGES = {"en": gettext_lazy("in English"), "hi": gettext_lazy("in Hindi")}


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that can be looked at."""
    require(request, PERMISSION)
    listed = [(name, label) for name, (label, _view) in PAGES.items()]
    context = {"title": _("See the public pages"), "pages": listed, "languages": LANGUAGES.items()}
    return show(request, "setup/previews", context)


@require_safe
def preview(request: HttpRequest, page: str) -> HttpResponse:
    """One of them."""
    require(request, PERMISSION)
    if page not in PAGES:
        raise Http404
    language = "hi" if request.GET.get("language") == "hi" else "en"
    # Nobody saves this object: in this one request alone booking is open.
    clinic_of(request).online_booking_open = True
    request.preview = page  # type: ignore[attr-defined]
    _label, view = PAGES[page]
    with samples.hidden(), translation.override(language):
        response = view(request)
        response.headers["Content-Language"] = language
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
