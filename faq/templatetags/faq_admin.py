"""What waits for editors and doctors, on the first page of the admin."""

from dataclasses import dataclass

from django import template
from django.db.models import Count, Q
from django.template import Context

from faq.models import Question, State, Wording
from faq.reminding import AHEAD, due
from ipsc.dates import clinic_day, now

register = template.Library()


@dataclass(frozen=True)
class QuestionsCard:
    """How many texts are drafts, are with the doctor and are to be reviewed; how many claims nobody has confirmed."""

    drafts: int
    with_doctor: int
    to_review: int
    claims: int


@register.simple_tag(takes_context=True)
def questions_card(context: Context) -> QuestionsCard | None:
    """The card for whoever may change questions; None for all others. Three queries."""
    if not context["request"].user.has_perm("faq.change_question"):
        return None
    texts = Wording.objects.drafted().aggregate(
        drafts=Count("pk", filter=Q(state=State.DRAFT)), with_doctor=Count("pk", filter=Q(state=State.REVIEW))
    )
    return QuestionsCard(
        drafts=texts["drafts"],
        with_doctor=texts["with_doctor"],
        to_review=due(clinic_day(now()) + AHEAD).count(),
        claims=Question.objects.exclude(to_confirm="").count(),
    )
