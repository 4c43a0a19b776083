"""All of the FAQ as a file to take away, and back: what an import would do is shown before it does it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from faq import editing, transfer
from faq.admin.frame import VIEW, actor, require, show
from ipsc.dates import clinic_day, now
from ipsc.verbs import Refusal


class FileForm(forms.Form):
    """A file to import; nothing is changed by sending it without the box that says so."""

    content = forms.FileField(
        label=gettext_lazy("File that was exported"),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Import it now. Without this, you are only shown what would change."), required=False
    )

    def clean_content(self):
        content = self.cleaned_data["content"]
        if content.size > transfer.MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 MB: no export is."), code="large")
        return content

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything as one file. By POST, so that no prefetching browser and no mail scanner takes it."""
    require(request, VIEW)
    name = f"ipsc-faq-{clinic_day(now()).isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(transfer.dump(), content_type="application/json", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take the FAQ away as a file, or bring one in."""
    require(request, VIEW)
    if request.method != "POST":
        return answer(request, FileForm())
    if not editing.may_publish(actor(request)):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return answer(request, form)
    data, sure = form.cleaned_data["content"].read(), form.cleaned_data["sure"]
    try:
        done = transfer.load(data=data, by=actor(request), now=now(), dry=not sure)
    except Refusal as refusal:
        form.add_error("content", str(refusal))
        return answer(request, form)
    if not sure:
        return answer(request, form, would=done)
    messages.success(
        request,
        _("Imported: %(made)s new, %(changed)s changed, %(same)s as they were.")
        % {"made": len(done.made), "changed": len(done.changed), "same": done.same},
    )
    for name in done.left_out:
        messages.warning(request, _("There is no “%(name)s” here: it was left out.") % {"name": name})
    return redirect("admin:faq_question_changelist")


def answer(request: HttpRequest, form: FileForm, would: transfer.Imported | None = None) -> HttpResponse:
    return show(request, "transfer", {"title": _("Export and import"), "form": form, "would": would})
