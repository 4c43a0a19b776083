"""Publishing after seeing the difference, the history and the way back, and the doctors' reviews (rule F1)."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from faq import editing
from faq.admin.compare import compared
from faq.admin.forms import PublishForm, ReviewForm
from faq.admin.frame import about, actor, number_in, on_wording, show, url, wording_of
from faq.admin.writing import is_older
from faq.editing.revisions import NoSuchRevision, revert, revisions
from faq.html import text_of
from faq.models import Language, Question, Wording
from faq.reading import reading_level
from ipsc.dates import clinic_day, now


@require_http_methods(["GET", "HEAD", "POST"])
@on_wording
def publish(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """What publishing would change, word by word; by POST, publish what was seen."""
    if not wording.has_draft:
        messages.info(request, str(editing.NothingToPublish()))
        return redirect(url("change", question))
    translated = wording.language == Language.HINDI
    form = PublishForm(request.POST if request.method == "POST" else None, translated=translated)
    if request.method != "POST" or not form.is_valid():
        return compare(request, question, wording, form)
    try:
        editing.publish(
            question=question,
            language=wording.language,
            seen=number_in(request, "seen"),
            by=actor(request),
            now=now(),
            why=form.cleaned_data["why"],
            follows_english=form.cleaned_data.get("follows_english", True),
        )
    except editing.EditingRefused as refusal:
        return compare(request, question, wording_of(question, wording.language), form, refusal=refusal)
    messages.success(request, _("It is published. Patients see it from now on."))
    if not question.topic.published:
        messages.warning(request, _("Its topic is not published, so that nobody sees it yet."))
    elif not question.is_in_time(now()):
        messages.warning(request, _("It is shown only between the two moments that its page names."))
    return redirect(url("change", question))


def compare(request, question, wording, form, *, refusal=None) -> HttpResponse:
    english = wording_of(question, Language.ENGLISH) if wording.language == Language.HINDI else None
    context = about(question, wording) | {
        "title": _("Publish: %(question)s") % {"question": wording.draft.title},
        "form": form,
        "refusal": refusal,
        "differences": compared(wording.published, wording.draft),
        "level": None if english else reading_level(text_of(wording.draft.answer)),
        "english": english,
        "is_older": is_older(wording, english),
    }
    return show(request, "question/publish", context, status=409 if refusal else 200)


@require_POST
@on_wording
def withdraw(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """Take a published text back at once; it stays as a draft."""
    try:
        editing.withdraw_text(
            question=question,
            language=wording.language,
            seen=number_in(request, "seen"),
            by=actor(request),
            now=now(),
        )
    except editing.EditingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Patients do not see it any more. The text is a draft now."))
    return redirect(url("change", question))


@require_http_methods(["GET", "HEAD", "POST"])
@on_wording
def history(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """Every change of a text, with what it changed; by POST, one of them becomes the draft again."""
    if request.method == "POST":
        return take_back(request, question, wording)
    rows = [(each, compared(each.before, each.text)) for each in revisions(wording)] if wording.pk else []
    title = _("History: %(question)s") % {"question": wording.draft.title or question}
    return show(request, "question/history", about(question, wording) | {"title": title, "rows": rows})


def take_back(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    try:
        revert(
            question=question,
            language=wording.language,
            to=number_in(request, "revision"),
            seen=number_in(request, "seen"),
            by=actor(request),
            now=now(),
        )
    except (NoSuchRevision, editing.EditingRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect(url("revisions", question, wording.language))
    messages.success(request, _("That text is the draft now. Look at it, and publish it if it is right."))
    return redirect(url("publish", question, wording.language))


@require_http_methods(["GET", "HEAD", "POST"])
@on_wording
def review(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """The published answer to be read by a doctor; by POST, that one has."""
    if not wording.is_public_text:
        messages.error(request, _("Nothing is published in this language, so that there is nothing to review."))
        return redirect(url("change", question))
    today = clinic_day(now())
    initial = {"reviewed_by": question.reviewer_id, "reviewed_on": today, "due_on": next_year(today)}
    form = ReviewForm(request.POST if request.method == "POST" else None, today=today, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return to_read(request, question, wording, form)
    typed = form.cleaned_data
    try:
        editing.review(
            question=question,
            language=wording.language,
            version=number_in(request, "version"),
            reviewed_by=typed["reviewed_by"],
            on=typed["reviewed_on"],
            due_on=typed["due_on"],
            by=actor(request),
            now=now(),
        )
    except editing.EditingRefused as refusal:
        # Another text: it has to be read, and the box ticked, once more.
        fresh = ReviewForm(None, today=today, initial=initial)
        return to_read(request, question, wording_of(question, wording.language), fresh, refusal=refusal)
    messages.success(request, _("The review is recorded; the page says so."))
    return redirect(url("change", question))


def to_read(request, question, wording, form, *, refusal=None) -> HttpResponse:
    context = about(question, wording) | {
        "title": _("Review: %(question)s") % {"question": wording.title},
        "form": form,
        "refusal": refusal,
        "version": number_in(request, "version") if form.is_bound else wording.version,
        "nobody": not form.fields["reviewed_by"].queryset.exists(),
    }
    return show(request, "question/review", context, status=409 if refusal else 200)


def next_year(day: date) -> date:
    """The same day a year later; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
