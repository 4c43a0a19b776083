"""The pages on which an answer is written, looked at and thrown away; they order, the verbs in `faq.editing` act."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from faq import editing, shown
from faq.admin.compare import compared
from faq.admin.forms import WritingForm
from faq.admin.frame import about, actor, number_in, on_wording, show, url, wording_of
from faq.html import text_of
from faq.models import CONTENT, Draft, Language, Question, Wording
from faq.origins import from_question
from faq.reading import reading_level
from faq.reminding import address_of
from ipsc.dates import clinic_day, now


@require_http_methods(["GET", "HEAD", "POST"])
@on_wording
def write(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """The draft of one language. By POST it is saved; the button says what comes next."""
    if request.method != "POST":
        return page(request, question, wording, WritingForm(initial=vars(wording.draft), wording=wording))
    if not request.POST and not request.FILES:
        raise BadRequest("an empty form")
    form = WritingForm(request.POST, request.FILES, wording=wording)
    if not form.is_valid():
        return page(request, question, wording, form)
    try:
        saved = editing.save_draft(
            question=question,
            language=wording.language,
            draft=form.draft(),
            seen=number_in(request, "seen"),
            by=actor(request),
            now=now(),
            why=form.cleaned_data["why"],
        )
    except editing.SavedMeanwhile as refusal:
        theirs = wording_of(question, wording.language)
        return page(request, question, theirs, form, refusal=refusal, mine=typed(form))
    return onward(request, question, saved)


def onward(request: HttpRequest, question: Question, saved: Wording) -> HttpResponse:
    """To the next page: the preview, the comparison before publishing, or this one again."""
    if "_preview" in request.POST:
        return redirect(url("preview", question, saved.language))
    if "_publish" in request.POST:
        return redirect(url("publish", question, saved.language))
    if "_send" in request.POST:
        return send_on(request, question, saved)
    messages.success(request, _("The draft is saved. Patients see what was published before."))
    return redirect(url("write", question, saved.language))


def send_on(request: HttpRequest, question: Question, saved: Wording) -> HttpResponse:
    """Send a saved draft to the doctor; what is refused stays a draft."""
    try:
        editing.send_to_doctor(
            question=question, language=saved.language, seen=saved.sequence, by=actor(request), now=now()
        )
    except editing.EditingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(url("write", question, saved.language))
    name = question.reviewer
    if address_of(name):
        messages.success(request, _("The draft is with the doctor; %(name)s is told by e-mail.") % {"name": name})
    elif name:
        words = _("The draft is marked for the doctor. No e-mail goes to %(name)s: please tell them yourself.")
        messages.warning(request, words % {"name": name})
    else:
        messages.warning(request, _("The draft is marked for the doctors. Choose who looks after this question."))
    return redirect(url("change", question))


def page(request, question, wording, form, *, refusal=None, mine: Draft | None = None) -> HttpResponse:
    """The form; with somebody else's text beside it where it came between."""
    english = wording_of(question, Language.ENGLISH) if wording.language != Language.ENGLISH else None
    context = about(question, wording) | {
        "title": _("Write: %(question)s") % {"question": wording.draft.title or question},
        "form": form,
        "refusal": refusal,
        # A form that comes back with an error was made from the text that it says, whatever was saved meanwhile.
        "seen": number_in(request, "seen") if form.is_bound and refusal is None else wording.sequence,
        "differences": compared(wording.draft, mine) if mine else None,
        "level": reading_level(text_of(wording.draft.answer)) if wording.language == Language.ENGLISH else None,
        "english": english,
        "is_older": is_older(wording, english),
    }
    return show(request, "question/write", context, status=409 if refusal else 200)


def is_older(wording: Wording, english: Wording | None) -> bool:
    """Whether the English text has been published anew since this translation followed it."""
    if english is None or not english.published_at or not wording.published_at:
        return False
    return wording.english_version != english.version


def typed(form: WritingForm) -> Draft:
    return Draft(**{name: form.cleaned_data[name] for name in ("title", "answer", "sources", "picture_alt")})


@require_safe
@on_wording
def preview(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """The draft as its public page will show it: the same template with the same context."""
    text = wording.draft
    if not text.title:
        messages.error(request, _("There is nothing to look at yet."))
        return redirect(url("write", question, wording.language))
    picture = wording.draft_picture if wording.has_draft else wording.picture
    for name in CONTENT:
        setattr(wording, name, getattr(text, name))
    wording.picture, wording.published_at = picture, wording.published_at or now()
    # As it will be: a review of the text before does not hold for this one.
    wording.version += wording.has_draft
    wording.question = question
    found = shown.Shown(question, wording)
    request.preview = True  # type: ignore[attr-defined]
    request.preview_back = url("change", question)  # type: ignore[attr-defined]
    with override(wording.language):
        context = {
            "shown": found,
            "question": question,
            "topic": question.topic,
            "reviewed": shown.reviewed(wording, clinic_day(now())),
            "near": shown.neighbours(found, language=wording.language, at=now()),
            "came_from": from_question(question),
        }
        return render(request, "faq/question.html", context)


@require_POST
@on_wording
def discard(request: HttpRequest, question: Question, wording: Wording) -> HttpResponse:
    """Throw the draft away."""
    try:
        editing.discard(
            question=question,
            language=wording.language,
            seen=number_in(request, "seen"),
            by=actor(request),
            now=now(),
        )
    except editing.EditingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is thrown away. The history keeps it."))
    return redirect(url("change", question))
