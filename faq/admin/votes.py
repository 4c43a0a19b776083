"""What patients say of the answers, the worst first; nothing of it is ever shown in public."""

import math

from django.contrib import admin
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from faq.admin.frame import require, show
from faq.models import Question, Reason, Vote
from ipsc.admin.base import Careful

VIEW = "faq.view_vote"
CERTAIN = 1.96  # standard deviations of the interval: 95 %


def least_share(no: int, total: int) -> float:
    """The lower end of Wilson's interval for the share of “no”, from 0 to 1 (Wilson 1927).

    Three of three count for more than one of one, and thirty of a hundred for less than either.
    """
    if not total:
        return 0.0
    share, square = no / total, CERTAIN**2
    spread = CERTAIN * math.sqrt((share * (1 - share) + square / (4 * total)) / total)
    return (share + square / (2 * total) - spread) / (1 + square / total)


@admin.register(Vote)
class VoteAdmin(Careful):
    """The single answers, behind the page that counts them. They are read and never written here."""

    list_display = ["at", "question", "helpful", "reason", "text", "red_flags", "language", "version"]
    list_filter = ["question", "helpful", "reason"]
    list_select_related = ["question__topic"]
    list_display_links = None
    ordering = ["-at"]

    def changelist_view(self, request, extra_context=None):
        """What is asked for without a filter is which answers to better."""
        if not request.GET and self.has_view_permission(request):
            return redirect("admin:faq_vote_worst")
        return super().changelist_view(request, extra_context)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path("worst/", wrap(worst_first), name="faq_vote_worst"), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("question__wordings")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@require_safe
def worst_first(request: HttpRequest) -> HttpResponse:
    """How many found each answer helpful, and why not; the answer that helped least stands first."""
    require(request, VIEW)
    counts = {
        "total": Count("votes"),
        "yes": Count("votes", filter=Q(votes__helpful=True)),
        "no": Count("votes", filter=Q(votes__helpful=False)),
        "last": Max("votes__at"),
    }
    counts |= {reason.value: Count("votes", filter=Q(votes__reason=reason)) for reason in Reason}
    answered = Question.objects.filter(pk__in=Vote.objects.values("question"))
    rows = answered.annotate(**counts).select_related("topic").prefetch_related("wordings")
    ranked = sorted(rows, key=lambda row: -least_share(row.no, row.total))
    told = [(row, [(reason.label, getattr(row, reason.value)) for reason in Reason]) for row in ranked]
    context = {"title": _("Was it helpful?"), "rows": told, "list_url": reverse("admin:faq_vote_changelist")}
    return show(request, "votes", context)
