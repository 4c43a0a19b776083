"""The list of payments. It is shown here and changed by the verbs alone: no form can save it."""

from collections import Counter

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Media
from django.http import HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin import money_pages, payment_pages
from courses.models import Enrolment, Payment, PaymentState
from courses.models.payment import transaction_key
from ipsc.admin.base import PlainList, StaffAdmin
from ipsc.dates import clinic_day, day_in_words, now
from ipsc.names import matching

STATE, ALL = "state", "all"
SHORTEST_SEARCH = 4
BADGES = {
    PaymentState.CLAIMED: "badge-requested",
    PaymentState.RECEIVED: "badge-arrived",
    PaymentState.REFUSED: "badge-cancelled",
}


class PaymentStateFilter(admin.SimpleListFilter):
    """What waits for a check, unless a state or all is asked for, or somebody searches."""

    title = gettext_lazy("state")
    parameter_name = STATE

    def lookups(self, request, model_admin):
        return [(ALL, _("All")), *PaymentState.choices]

    def queryset(self, request, queryset):
        if self.value() in PaymentState.values:
            return queryset.filter(state=self.value())
        if self.value() == ALL or request.GET.get("q", "").strip():
            return queryset
        return queryset.filter(state=PaymentState.CLAIMED)


class PaymentList(PlainList):
    """Claims are answered in the order in which they came; what is answered is read from its end."""

    def get_ordering(self, request, queryset):
        asked = request.GET.get(STATE) or ("" if not request.GET.get("q", "").strip() else ALL)
        return ["claimed_at", "pk"] if asked in ("", PaymentState.CLAIMED) else ["-pk"]

    def get_results(self, request) -> None:
        super().get_results(request)
        self.counts = payment_pages.counts(now())
        # The same sum from the same person twice is mostly one payment, told twice.
        told = Counter((each.enrolment_id, each.amount) for each in self.result_list)
        for each in self.result_list:
            each.told_twice = each.state == PaymentState.CLAIMED and told[each.enrolment_id, each.amount] > 1
        chosen = self.params.get(STATE)
        self.chosen = chosen if chosen == ALL or chosen in PaymentState.values else ""


@admin.register(Payment)
class PaymentAdmin(StaffAdmin):
    change_list_template = "admin/courses/payment/change_list.html"
    list_filter = [PaymentStateFilter]
    list_display_links = None
    list_select_related = ["enrolment__run__course"]
    search_fields = ["transaction_key"]
    search_help_text = gettext_lazy("Transaction number, reference, name or phone.")

    @property
    def media(self):
        # Nothing of the list or of a payment needs the admin's scripts.
        return Media()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", wrap(view), name=f"courses_payment_{name}")
            for name, view in payment_pages.VERBS.items()
        ]
        own += [
            path("refunds/", wrap(money_pages.refunds), name="courses_payment_refunds"),
            path("refunds/<int:pk>/", wrap(money_pages.refund), name="courses_payment_refund"),
            path("overdue/", wrap(money_pages.late), name="courses_payment_overdue"),
            path("overdue/<int:pk>/told/", wrap(money_pages.told), name="courses_payment_told"),
            path("take/", wrap(money_pages.find), name="courses_payment_find"),
            path("take/<int:pk>/", wrap(money_pages.take), name="courses_payment_take"),
        ]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **options):
        return PaymentList

    def get_list_display(self, request):
        columns = ["since", "who", "sums", "number"]
        if request.GET.get(STATE) or request.GET.get("q", "").strip():
            # In the queue all wait for a check.
            columns.append("state_shown")
        return [*columns, "next_step"] if self.has_change_permission(request) else columns

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        found = Q(enrolment__in=matching(Enrolment.objects.all(), search_term).values("pk"))
        key = transaction_key(search_term)
        if len(key) >= SHORTEST_SEARCH:
            found |= Q(transaction_key__contains=key)
        return queryset.filter(found), False

    def has_add_permission(self, request) -> bool:
        """Money comes in by a claim, or by the page to take a payment."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        payment = self.get_object(request, unquote(object_id))
        if payment is None:
            return self.no_such_row(request, object_id)
        return payment_pages.page(request, payment_pages.load(payment.pk))

    def save_model(self, request, obj, form, change) -> None:
        raise PermissionDenied("payments are changed by the verbs of courses.enrolment")

    @admin.display(description=gettext_lazy("since"))
    def since(self, payment: Payment) -> SafeString | str:
        moment = payment.claimed_at or payment.received_at
        return format_html('<span class="quiet">{}</span>', day_in_words(clinic_day(moment))) if moment else ""

    @admin.display(description=gettext_lazy("who"))
    def who(self, payment: Payment) -> SafeString:
        one = payment.enrolment
        return format_html(
            '<a href="{}" class="who">{}</a> <span class="quiet reference">{}</span> <span class="quiet">{}</span>',
            reverse("admin:courses_payment_change", args=[payment.pk]),
            one.name,
            one.spoken_reference,
            one.run,
        )

    @admin.display(description=gettext_lazy("amount"))
    def sums(self, payment: Payment) -> SafeString:
        owed = payment.enrolment.owed
        told = _("owed: ₹ %(owed)s") % {"owed": intcomma(owed)} if owed else _("nothing is owed")
        tone = "quiet" if owed == payment.amount or payment.state != PaymentState.CLAIMED else "overdue"
        return format_html('<strong>₹ {}</strong> <span class="{}">{}</span>', intcomma(payment.amount), tone, told)

    @admin.display(description=gettext_lazy("way and number"))
    def number(self, payment: Payment) -> SafeString:
        twice = _("the same sum told twice") if getattr(payment, "told_twice", False) else ""
        return format_html(
            '<span class="quiet">{}</span> <span class="ledger-to">{}</span> <span class="overdue">{}</span>',
            capfirst(str(payment.get_way_display())),
            payment.transaction_number,
            twice,
        )

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, payment: Payment) -> SafeString:
        badge = BADGES[PaymentState(payment.state)]
        return format_html('<span class="badge {}">{}</span>', badge, payment.get_state_display())

    @admin.display(description=gettext_lazy("next"), empty_value="")
    def next_step(self, payment: Payment) -> SafeString | str:
        """The list stands in a form of its own, to which the button gives another address."""
        if payment.state != PaymentState.CLAIMED:
            return ""
        name = payment.enrolment.name
        return format_html(
            '<span class="call-acts">'
            '<button class="step" name="amount" value="{}" formaction="{}" aria-label="{}: {}">{}</button> '
            '<a class="button plain" href="{}" aria-label="{}: {}">{}</a></span>',
            payment.amount,
            reverse("admin:courses_payment_received", args=[payment.pk]),
            _("Received"),
            name,
            _("Received"),
            reverse("admin:courses_payment_not_found", args=[payment.pk]),
            _("Not found…"),
            name,
            _("Not found…"),
        )
