"""Topics: their words, whether the public sees them, and their order."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from faq import editing
from faq.admin.frame import Refusing, actor, require, show
from faq.models import OldTopicSlug, Question, Topic
from ipsc.admin.base import StaffAdmin
from ipsc.admin.scripts import ScriptsChecked
from ipsc.admin.seen import SeenModelForm
from ipsc.dates import now

CHANGE = "faq.change_topic"
STEP = 10


class TopicForm(SeenModelForm):
    """Refuses what the verb would refuse, beside the field."""

    may_publish = True

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if OldTopicSlug.objects.filter(slug=slug).exclude(topic=self.instance.pk).exists():
            raise ValidationError(editing.AddressTaken.words, code="taken")
        return slug

    def clean_published(self) -> bool:
        published = self.cleaned_data["published"]
        if published and not self.may_publish:
            raise ValidationError(editing.MayNotPublish.words, code="right")
        return published


@admin.register(Topic)
class TopicAdmin(Refusing, ScriptsChecked, StaffAdmin):
    form = TopicForm
    list_display = ["title", "questions_shown", "service", "published", "order_shown"]
    view_on_site = False
    prepopulated_fields = {"slug": ["title"]}
    change_list_template = "admin/faq/topic/change_list.html"
    fieldsets = [
        (None, {"fields": ["title", "title_hi", "medical_name", "medical_name_hi", "slug", "published", "seen"]}),
        (gettext_lazy("Above the questions"), {"fields": ["introduction", "introduction_hi"]}),
        (gettext_lazy("Leading on"), {"fields": ["service", "red_flags", "red_flags_text", "red_flags_text_hi"]}),
    ]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("order/", wrap(order_topics), name="faq_topic_order"),
            path("<int:pk>/order/", wrap(order_questions), name="faq_topic_questions"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("service").annotate(count=Count("questions"))

    def has_change_permission(self, request, obj=None) -> bool:
        """What the public reads is changed by those who may publish; others see it."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or not obj.published or editing.may_publish(actor(request))

    def get_form(self, request, obj=None, change=False, **options):
        form = super().get_form(request, obj, change=change, **options)
        form.may_publish = editing.may_publish(actor(request))  # type: ignore[attr-defined]  # made for this request
        return form

    def save_model(self, request, obj, form, change) -> None:
        values = {name: form.cleaned_data[name] for name in form.fields if name in form.cleaned_data and name != "seen"}
        if not change:
            last = Topic.objects.order_by("-order").values_list("order", flat=True).first() or 0
            values["order"] = last + STEP
        saved = editing.amend_topic(topic=obj, values=values, by=actor(request), now=now())
        obj.pk = saved.pk

    @admin.display(description=gettext_lazy("questions"))
    def questions_shown(self, topic: Topic) -> str:
        address = reverse("admin:faq_question_changelist")
        return format_html('<a href="{}?topic__id__exact={}">{}</a>', address, topic.pk, topic.count)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("order"))
    def order_shown(self, topic: Topic) -> str:
        address = reverse("admin:faq_topic_questions", args=[topic.pk])
        return format_html('<a href="{}">{}</a>', address, _("Put its questions in order"))


def order_topics(request: HttpRequest) -> HttpResponse:
    """The topics, to be put in order by dragging or by number."""
    rows = list(Topic.objects.all())
    back = reverse("admin:faq_topic_changelist")
    return put_in_order(request, rows, Topic, title=_("Order of the topics"), back=back)


def order_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a topic, to be put in order by dragging or by number."""
    topic = get_object_or_404(Topic, pk=pk)
    rows = list(topic.questions.prefetch_related("wordings"))
    back = f"{reverse('admin:faq_question_changelist')}?topic__id__exact={topic.pk}"
    title = _("Order of the questions: %(topic)s") % {"topic": topic}
    return put_in_order(request, rows, Question, title=title, back=back)


def put_in_order(request, rows, model, *, title: str, back: str) -> HttpResponse:
    """Show the rows with their numbers; by POST, save these. A number that is none is told beside it."""
    require(request, CHANGE)
    if model is Topic and any(row.published for row in rows) and not editing.may_publish(actor(request)):
        raise PermissionDenied
    places = [(row, place, "") for place, row in enumerate(rows, start=1)]
    if request.method == "POST":
        wanted = {row.pk: request.POST.get(f"order-{row.pk}", "").strip() for row in rows}
        numbers = {pk: int(text) for pk, text in wanted.items() if text.isascii() and text.isdigit() and len(text) < 5}
        if len(numbers) == len(rows):
            in_order = sorted(rows, key=lambda row: (numbers[row.pk], row.order, row.pk))
            orders = {row.pk: place * STEP for place, row in enumerate(in_order, start=1)}
            editing.reorder(rows=orders, model=model, by=actor(request), now=now())
            messages.success(request, _("The order is saved."))
            return redirect(back)
        problem = _("Type a number from 0 to 9999.")
        places = [(row, wanted[row.pk], "" if row.pk in numbers else problem) for row in rows]
    return show(request, "topic/order", {"title": title, "places": places, "back": back})
