"""Taking the sample content out again, after seeing what goes and what stays (rule F3)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import samples
from appointments.admin.pages import actor, require, show
from courses import samples as courses

# Whoever may change the clinic's settings decides whether its content is still made up.
PERMISSION = "ipsc.change_clinicsettings"


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """GET says what would go; POST does it."""
    require(request, PERMISSION)
    if request.method == "POST":
        with transaction.atomic():
            gone, taught = samples.remove(by=actor(request)), courses.remove(by=actor(request))
        told = _("Removed: %(rows)s services and clinicians or hours, %(visits)s sample visits.")
        messages.success(request, told % {"rows": len(gone.gone), "visits": gone.visits})
        told = _("Removed: %(rows)s courses and faculty, %(runs)s dates of courses, %(people)s sample enrolments.")
        count = {"rows": len(taught.gone), "runs": taught.runs, "people": taught.enrolments}
        messages.success(request, told % count)
        return redirect("admin:appointments_samples" if gone.kept or taught.kept else "admin:index")
    removal, taught = samples.preview(), courses.preview()
    context = {
        "title": _("Remove all samples"),
        "removal": removal,
        "taught": taught,
        "gone": [*removal.gone, *taught.gone],
        "kept": [*removal.kept, *taught.kept],
        "is_empty": removal.is_empty and taught.is_empty,
    }
    return show(request, "samples", context)
