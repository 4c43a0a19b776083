"""Questions: the list of them with the state of each text, and the page from which all is done."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, OuterRef, Q
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq import editing, shown
from faq.admin import publishing, transfer, writing
from faq.admin.frame import Refusing, actor, url
from faq.editing.placing import FREE
from faq.models import Language, OldQuestionSlug, Question, State, Wording
from faq.models.question import EARLIEST, LATEST
from faq.reminding import AHEAD
from ipsc.admin.base import StaffAdmin
from ipsc.admin.seen import SeenModelForm
from ipsc.dates import clinic_day, now
from ipsc.fields import PlainTextField

WORK = "work"
PAGES = {
    "write": writing.write,
    "preview": writing.preview,
    "discard": writing.discard,
    "publish": publishing.publish,
    "withdraw": publishing.withdraw,
    "revisions": publishing.history,
    "review": publishing.review,
}


class WorkFilter(admin.SimpleListFilter):
    """What is to be done."""

    title = gettext_lazy("to do")
    parameter_name = WORK

    def lookups(self, request, model_admin):
        return [
            ("drafts", _("Drafts")),
            ("doctor", _("With the doctor")),
            ("review", _("Review due")),
            ("confirm", _("Claims to confirm")),
            ("hindi", _("Hindi missing or older")),
        ]

    def queryset(self, request, queryset):
        wanted = self.value()
        texts = Wording.objects.filter(question=OuterRef("pk"))
        if wanted == "drafts":
            return queryset.filter(Exists(texts.drafted()))
        if wanted == "doctor":
            return queryset.filter(Exists(texts.filter(state=State.REVIEW)))
        if wanted == "review":
            until = clinic_day(now()) + AHEAD
            due = Q(reviewed_version__isnull=True) | ~Q(reviewed_version=F("version")) | Q(review_due_on__lte=until)
            return queryset.filter(Exists(texts.filter(due, published_at__isnull=False)))
        if wanted == "confirm":
            return queryset.exclude(to_confirm="")
        if wanted == "hindi":
            english = Wording.objects.filter(question=OuterRef("question"), language=Language.ENGLISH)
            newer = english.filter(version=OuterRef("english_version"))
            good = texts.filter(Exists(newer), language=Language.HINDI, published_at__isnull=False)
            return queryset.exclude(Exists(good))
        return queryset


class NewQuestionForm(forms.ModelForm):
    """A new question: where it stands and what it asks. The answer is written on the page that follows."""

    title = PlainTextField(
        label=gettext_lazy("Question"),
        max_length=200,
        help_text=gettext_lazy("In English, as a patient would ask it."),
        error_messages={"required": gettext_lazy("Type the question.")},
    )

    class Meta:
        model = Question
        fields = ["topic"]


FACTS = [
    *("topic", "slug", "keywords", "red_flags", "to_confirm", "reviewer", "related"),
    *("publish_from", "unpublish_at"),
]


class FactsForm(SeenModelForm):
    """Refuses what the verb would refuse, beside the field."""

    class Meta:
        model = Question
        fields = FACTS

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name in {"publish_from", "unpublish_at"} & self.fields.keys():
            # Each of the two moments is typed into two fields, and the library names neither.
            for part, label in zip(self.fields[name].widget.widgets, (_("day"), _("time")), strict=True):
                part.attrs["aria-label"] = f"{self.fields[name].label}: {label}"

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for name in ("publish_from", "unpublish_at"):
            if (moment := cleaned.get(name)) and not EARLIEST <= moment <= LATEST:
                self.add_error(name, _("Give a moment of the years 2000 to 2199."))
        topic, slug = cleaned.get("topic"), cleaned.get("slug")
        if topic and slug:
            old = OldQuestionSlug.objects.filter(topic=topic, slug=slug).exclude(question=self.instance.pk)
            if old.exists():
                self.add_error("slug", ValidationError(editing.AddressTaken.words, code="taken"))
        return cleaned


@admin.register(Question)
class QuestionAdmin(Refusing, StaffAdmin):
    form = FactsForm
    change_form_template = "admin/faq/question/change_form.html"
    change_list_template = "admin/faq/question/change_list.html"
    list_display = ["name", "topic", "english", "hindi", "reviewed", "helpful"]
    list_display_links = ["name"]
    list_filter = [WorkFilter, "topic"]
    search_fields = ["slug", "keywords", "wordings__title", "wordings__draft_title"]
    view_on_site = False  # the page has a link of its own, where there is anything to see
    fieldsets = [
        (gettext_lazy("Place"), {"fields": ["topic", "slug", "seen"]}),
        (gettext_lazy("Search"), {"fields": ["keywords"]}),
        (gettext_lazy("For the doctors"), {"fields": ["reviewer", "to_confirm", "red_flags"]}),
        (gettext_lazy("When it is public"), {"fields": ["publish_from", "unpublish_at"]}),
        (gettext_lazy("More"), {"fields": ["related"]}),
    ]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/<str:language>/{name}/", wrap(view), name=f"faq_question_{name}")
            for name, view in PAGES.items()
        ]
        own += [
            path("transfer/", wrap(transfer.page), name="faq_question_transfer"),
            path("export/", wrap(transfer.export), name="faq_question_export"),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        votes = {
            "yes": Count("votes", filter=Q(votes__helpful=True), distinct=True),
            "no": Count("votes", filter=Q(votes__helpful=False), distinct=True),
        }
        rows = super().get_queryset(request).select_related("topic", "reviewer")
        return rows.prefetch_related("wordings__reviewed_by").annotate(**votes)

    def get_form(self, request, obj=None, change=False, **options):
        if obj is None:
            options["form"] = NewQuestionForm
        return super().get_form(request, obj, change=change, **options)

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": ["topic", "title"]})] if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Of what the public reads, those who may not publish change only what nobody sees."""
        if obj is None or editing.may_publish(actor(request)) or not any(each.is_public_text for each in texts(obj)):
            return []
        return [name for name in FACTS if name not in FREE]

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.name == "reviewer":
            options["queryset"] = db_field.related_model.objects.filter(is_sample=False, active=True)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_manytomany(self, db_field, request, **options):
        options["queryset"] = Question.objects.select_related("topic").prefetch_related("wordings")
        options["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **options)

    def save_model(self, request, obj, form, change) -> None:
        typed = form.cleaned_data
        if not change:
            made = editing.new_question(topic=typed["topic"], title=typed["title"], by=actor(request), now=now())
            draft = editing.save_draft(
                question=made,
                language=Language.ENGLISH,
                draft=writing.Draft(title=typed["title"]),
                seen=0,
                by=actor(request),
                now=now(),
            )
            obj.pk, obj.slug = draft.question_id, made.slug
            return
        values = {name: typed[name] for name in form.changed_data if name in typed and name not in ("related", "seen")}
        editing.amend_question(question=obj, values=values, related=typed.get("related"), by=actor(request), now=now())
        topic = values.get("topic")
        if topic is not None and not topic.published and any(each.is_public_text for each in texts(obj)):
            messages.warning(request, _("Its new topic is not published, so that nobody outside sees it now."))

    def save_related(self, request, form, formsets, change) -> None:
        """The verb has done it."""

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(url("write", obj, Language.ENGLISH))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {
                "panels": panels(obj),
                "may_publish": editing.may_publish(actor(request)),
                "on_site": Question.objects.published(now()).filter(pk=obj.pk).exists(),
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    @admin.display(description=gettext_lazy("question"))
    def name(self, question: Question) -> str:
        return str(question)

    @admin.display(description=gettext_lazy("English"))
    def english(self, question: Question) -> SafeString:
        return badges(panel(question, Language.ENGLISH))

    @admin.display(description=gettext_lazy("Hindi"))
    def hindi(self, question: Question) -> SafeString:
        return badges(panel(question, Language.HINDI))

    @admin.display(description=gettext_lazy("review"))
    def reviewed(self, question: Question) -> SafeString:
        public = [each for each in texts(question) if each.is_public_text]
        due = [each.review_due_on for each in public if each.is_reviewed]
        if not public:
            return SafeString("–")
        if len(due) < len(public):
            words = _("not reviewed") if not due else _("partly reviewed")
            return format_html('<span class="badge badge-requested">{}</span>', words)
        first = min(each for each in due if each)
        kind = "badge-overdue" if first < clinic_day(now()) else "badge"
        return format_html('<span class="badge {}">{}</span>', kind, _("due %(day)s") % {"day": f"{first:%d.%m.%Y}"})

    @admin.display(description=gettext_lazy("helpful"))
    def helpful(self, question: Question) -> SafeString:
        if not (question.yes or question.no):  # type: ignore[attr-defined]
            return SafeString("–")
        words = _("%(yes)s yes, %(no)s no") % {"yes": question.yes, "no": question.no}  # type: ignore[attr-defined]
        address = reverse("admin:faq_vote_changelist")
        return format_html('<a href="{}?question__id__exact={}">{}</a>', address, question.pk, words)


def texts(question: Question) -> list[Wording]:
    return list(question.wordings.all())


def panel(question: Question, language: str) -> dict[str, Any]:
    """One language of a question as its page shows it: the text, its state, and what can be done."""
    found = {each.language: each for each in texts(question)}
    wording = found.get(language) or Wording(question=question, language=language)
    english = found.get(Language.ENGLISH)
    translation = language == Language.HINDI
    return {
        "language": language,
        "name": Language(language).label,
        "wording": wording,
        "is_older": translation and writing.is_older(wording, english),
        "reviewed": shown.reviewed(wording, clinic_day(now())) if wording.is_public_text else None,
    }


def panels(question: Question) -> list[dict[str, Any]]:
    return [panel(question, language) for language in Language.values]


def badges(found: dict[str, Any]) -> SafeString:
    """The state of a text in a few words."""
    wording: Wording = found["wording"]
    words = []
    if wording.is_public_text:
        words.append(("badge-arrived", _("published")))
    elif not wording.has_draft:
        words.append(("", _("missing")))
    if wording.state == State.DRAFT:
        words.append(("badge-requested", _("draft")))
    if wording.state == State.REVIEW:
        words.append(("badge-requested", _("with the doctor")))
    if found["is_older"]:
        words.append(("badge-requested", _("older than the English")))
    return format_html_join(" ", '<span class="badge {}">{}</span>', words)
