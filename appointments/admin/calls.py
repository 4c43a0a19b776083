"""The list of those who want to be called. It is shown here and changed by the verbs alone: no form can save it."""

from collections import Counter

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, F, IntegerField, When
from django.forms import Media
from django.http import HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.admin import call_facts, call_steps, facts
from appointments.calling import open_calls
from appointments.models import CallBack, CallState
from appointments.models.call_back import OPEN_CALLS
from ipsc.admin.base import PlainList, StaffAdmin
from ipsc.dates import now

STATE, ALL = "state", "all"
VERBS = {
    "called_in_vain": call_steps.called_in_vain,
    "reached": call_steps.reached,
    "drop": call_steps.drop,
    "reopen": call_steps.reopen,
}


class CallStateFilter(admin.SimpleListFilter):
    """Those who still wait, unless a state or all is asked for."""

    title = gettext_lazy("state")
    parameter_name = STATE

    def lookups(self, request, model_admin):
        return [(ALL, _("All")), *CallState.choices]

    def queryset(self, request, queryset):
        if self.value() == ALL:
            return queryset
        return queryset.filter(state__in=[self.value()] if self.value() in CallState.values else OPEN_CALLS)


def most_urgent_first(rows):
    """Open ones first; of these, words of an emergency, then those whom nobody has called yet, then by the moment."""

    def first(**condition) -> Case:
        return Case(When(**condition, then=0), default=1, output_field=IntegerField())

    return rows.order_by(
        first(state__in=OPEN_CALLS),
        Case(When(red_flags="", then=1), When(state__in=OPEN_CALLS, then=0), default=1, output_field=IntegerField()),
        Case(When(state=CallState.TRIED, then=1), default=0, output_field=IntegerField()),
        Case(When(state__in=OPEN_CALLS, then=F("due_at"))).asc(nulls_last=True),
        Case(When(state__in=OPEN_CALLS, then=F("created_at"))).asc(nulls_last=True),
        "-created_at",
        "-pk",
    )


class CallList(PlainList):
    """Adds the states with their counts; how many queries it takes does not depend on how many rows there are."""

    def get_queryset(self, request, exclude_parameters=None):
        return most_urgent_first(super().get_queryset(request, exclude_parameters))

    def get_results(self, request) -> None:
        super().get_results(request)
        self.waiting = open_calls(now())
        numbers = Counter(call.phone.as_e164 for call in self.result_list)
        for call in self.result_list:
            call.same_number = numbers[call.phone.as_e164]
        self.tabs = self._tabs()

    def _tabs(self) -> list[dict]:
        counts = dict(CallBack.objects.order_by().values_list("state").annotate(Count("pk")))
        chosen = self.params.get(STATE)
        chosen = chosen if chosen == ALL or chosen in CallState.values else ""
        tabs = [("", _("To call"), self.waiting.open), (ALL, _("All"), sum(counts.values()))]
        tabs += [(state.value, str(capfirst(state.label)), counts.get(state.value, 0)) for state in CallState]
        return [
            {
                "label": label,
                "count": count,
                "query": f"?{STATE}={value}" if value else "?",
                "is_chosen": value == chosen,
            }
            for value, label, count in tabs
        ]


@admin.register(CallBack)
class CallBackAdmin(StaffAdmin):
    change_list_template = "admin/appointments/callback/change_list.html"
    list_filter = [CallStateFilter]
    list_display_links = None

    @property
    def media(self):
        # Nothing of the list or of the request needs the admin's scripts.
        return Media()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", wrap(view), name=f"appointments_callback_{name}") for name, view in VERBS.items()
        ]
        return [*own, *super().get_urls()]

    def get_changelist(self, request, **options):
        return CallList

    def get_list_display(self, request):
        columns = ["by_when", "who", "phone_links", "wish", "origin"]
        return [*columns, "next_step"] if self.has_change_permission(request) else columns

    def has_add_permission(self, request) -> bool:
        """Callers ask by themselves; whoever is on the phone already needs no call."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        call = self.get_object(request, unquote(object_id))
        if call is None:
            return self.no_such_row(request, object_id)
        return call_steps.page(request, call)

    def save_model(self, request, obj, form, change) -> None:
        raise PermissionDenied("call-backs are changed by the verbs of appointments.calling")

    @admin.display(description=gettext_lazy("call by"))
    def by_when(self, call: CallBack) -> SafeString:
        return call_facts.by_when(call, now())

    @admin.display(description=gettext_lazy("who"))
    def who(self, call: CallBack) -> SafeString:
        url = reverse("admin:appointments_callback_change", args=[call.pk])
        about = format_html('<span class="call-about typed">{}</span>', call.about) if call.about else ""
        return format_html('<a href="{}" class="who">{}</a>{}{}', url, call.name, call_facts.alarm(call), about)

    @admin.display(description=gettext_lazy("phone"))
    def phone_links(self, call: CallBack) -> SafeString:
        links = facts.phone_link(call.phone), call_facts.whatsapp_link(call)
        return format_html("{} {} {}", *links, call_facts.same_number(getattr(call, "same_number", 1)))

    @admin.display(description=gettext_lazy("language, time"))
    def wish(self, call: CallBack) -> SafeString:
        told = call_facts.language(call), call.get_best_time_display()
        return format_html('<strong>{}</strong> <span class="quiet">{}</span>', *told)

    @admin.display(description=gettext_lazy("from"))
    def origin(self, call: CallBack) -> SafeString:
        return format_html('<span class="quiet">{}</span>', call.get_came_from_display())

    @admin.display(description=gettext_lazy("next"), empty_value="")
    def next_step(self, call: CallBack) -> SafeString | str:
        return call_facts.buttons(call)
