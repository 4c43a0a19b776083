"""Taking the sample content out again, after seeing what goes and what stays (rule F3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import samples
from appointments.admin.pages import actor, require, show

# Whoever may change the clinic's settings decides whether its content is still made up.
PERMISSION = "ipsc.change_clinicsettings"


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """GET says what would go; POST does it."""
    require(request, PERMISSION)
    if request.method == "POST":
        gone = samples.remove(by=actor(request))
        told = _("Removed: %(rows)s services and clinicians or hours, %(visits)s sample visits.")
        messages.success(request, told % {"rows": len(gone.gone), "visits": gone.visits})
        return redirect("admin:appointments_samples" if gone.kept else "admin:index")
    context = {"title": _("Remove all samples"), "removal": samples.preview()}
    return show(request, "samples", context)
