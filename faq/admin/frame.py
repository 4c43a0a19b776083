"""What the pages about one question share: who may act, which question and language are meant, and the frame."""

import functools
from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from faq.editing import EditingRefused, may_publish
from faq.models import Language, Question, Wording
from ipsc.history import Actor

VIEW, CHANGE = "faq.view_question", "faq.change_question"
STALE = -1


def require(request: HttpRequest, permission: str) -> None:
    """:raises PermissionDenied: whoever asks may not do this (rule P2)."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


class Refusing:
    """For pages whose saving is a verb's: what it refuses is told in words; goes before the page's other bases."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        except EditingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())


def on_wording(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view its question, and the wording of its language or a new one, if whoever asks may change questions."""

    @functools.wraps(view)
    def run(request: HttpRequest, pk: int, language: str) -> HttpResponse:
        require(request, CHANGE)
        if language not in Language.values:
            raise Http404
        question = get_object_or_404(Question.objects.select_related("topic__service", "reviewer"), pk=pk)
        return view(request, question, wording_of(question, language))

    return run


def wording_of(question: Question, language: str) -> Wording:
    rows = Wording.objects.select_related("picture", "draft_picture", "reviewed_by")
    rows = rows.defer("picture__content", "draft_picture__content")
    return rows.filter(question=question, language=language).first() or Wording(question=question, language=language)


def actor(request: HttpRequest) -> Actor:
    return Actor.staff(request.user)


def number_in(request: HttpRequest, name: str) -> int:
    """A count that a form carries, such as the `sequence` it was made from; one that never was for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else STALE


def show(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    """A page in the frame of the admin."""
    frame = {**admin.site.each_context(request), "opts": Question._meta, "may_publish": may_publish(actor(request))}
    return render(request, f"admin/faq/{template}.html", frame | context, status=status)


def url(page: str, question: Question, language: str = "") -> str:
    """The address of a page about a question, or about one of its languages."""
    return reverse(f"admin:faq_question_{page}", args=[question.pk, *([language] if language else [])])


def about(question: Question, wording: Wording) -> dict:
    """What every page about a wording shows of it."""
    return {"question": question, "original": question, "wording": wording, "language": wording.language}
