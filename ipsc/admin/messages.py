"""The page that proves that the mail server takes what the site sends, by a message to oneself."""

import smtplib

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ipsc.admin.frame import frame
from ipsc.dates import in_words, now
from ipsc.history import Actor
from ipsc.messages import TooManyTests, go_without_messages, messages_tested, spend_a_test
from ipsc.models import ClinicSettings

PERMISSION = "ipsc.change_clinicsettings"
WITHOUT = "without"


class TestMessageForm(forms.Form):
    to = forms.EmailField(
        label=gettext_lazy("Your own e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Type the address to which the test goes."),
            "invalid": gettext_lazy("This is not an e-mail address. Check it."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What is set up for messages; by POST, a test to oneself, or the decision to open without one."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "POST" and WITHOUT in request.POST:
        go_without_messages(by=Actor.staff(request.user))
        messages.success(request, _("Noted: the clinic opens without a test message."))
        return redirect("admin:setup")
    form, problem, status = TestMessageForm(request.POST or None, label_suffix=""), "", 200
    if request.method == "POST" and settings.SENDS_EMAIL and form.is_valid():
        problem, status = _send(request, form)
        if not problem:
            return redirect("admin:setup")
    context = frame(request, _("Test the messages"), "messages") | {
        "form": form,
        "problem": problem,
        "sends": settings.SENDS_EMAIL,
        "folder": getattr(settings, "EMAIL_FILE_PATH", "") if not settings.IS_PRODUCTION else "",
        "clinic": ClinicSettings.load(),
    }
    return render(request, "admin/ipsc/messages.html", context, status=status)


def _send(request: HttpRequest, form: TestMessageForm) -> tuple[str, int]:
    """Send the test; return what went wrong in the server's own words, if anything did, and the page's status."""
    moment, by = now(), Actor.staff(request.user)
    try:
        spend_a_test(by=by, now=moment)
    except TooManyTests as refusal:
        form.add_error(None, str(refusal))
        return str(refusal), 429
    clinic = ClinicSettings.load()
    words = _("This is a test from the site of %(clinic)s, sent on %(moment)s. It needs no answer.")
    message = EmailMessage(
        subject=_("Test message"),
        body=words % {"clinic": clinic.name, "moment": in_words(moment)},
        to=[form.cleaned_data["to"]],
    )
    try:
        message.send()
    # Whatever the mail server or the way to it may do, the manager is told; nothing is changed by it.
    except (OSError, smtplib.SMTPException, ValueError) as error:
        form.add_error(
            None, _("The message could not be sent. Nothing was recorded. Show this page to your developer.")
        )
        return f"{type(error).__name__}: {error}"[:300], 502
    messages_tested(by=by, now=moment)
    messages.success(request, _("The mail server has taken the test message. Look whether it arrives."))
    return "", 200
