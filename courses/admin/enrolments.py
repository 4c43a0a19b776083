"""The list of enrolments. They are shown here and changed by the verbs alone: no form of the admin can save one."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from courses.admin import adding, importing, person, printing, roster, telling, writing
from courses.models import Enrolment
from ipsc.admin.base import BoundedPaginator, StaffAdmin
from ipsc.names import matching

MOST_CHARACTERS = 200


@admin.register(Enrolment)
class EnrolmentAdmin(StaffAdmin):
    list_display = ("name", "run_shown", "status", "payment_state", "phone_shown", "reference_shown")
    list_filter = ("status", "payment_state")
    list_select_related = ("run__course",)
    ordering = ("-created_at", "-pk")
    search_fields = ("reference",)
    search_help_text = gettext_lazy("Name, phone or reference.")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        pages = (roster, printing, writing, importing, person, telling, adding)
        return [*(url for page in pages for url in page.urls(wrap)), *super().get_urls()]

    def has_add_permission(self, request) -> bool:
        return False

    def get_search_results(self, request, queryset, search_term):
        text = search_term.strip()[:MOST_CHARACTERS]
        if not text:
            return queryset, False
        # Searched once: to count and to show would each search all names.
        keys = matching(queryset, text).order_by().values_list("pk", flat=True)[: BoundedPaginator.most + 1]
        return queryset.filter(pk__in=list(keys)), False

    @admin.display(description=gettext_lazy("run"), ordering="run__starts_at")
    def run_shown(self, enrolment: Enrolment) -> SafeString:
        """The run, as the way to all who are in it."""
        url = reverse("admin:courses_enrolment_roster", args=[enrolment.run_id])
        return format_html('<a href="{}">{}</a>', url, enrolment.run)

    @admin.display(description=gettext_lazy("phone"))
    def phone_shown(self, enrolment: Enrolment) -> str:
        return enrolment.phone.as_international

    @admin.display(description=gettext_lazy("reference"), ordering="reference")
    def reference_shown(self, enrolment: Enrolment) -> str:
        return enrolment.spoken_reference

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self.no_such_row(request, object_id)
        return person.show(request, row)

    def save_model(self, request, obj, form, change) -> None:
        raise PermissionDenied("enrolments are changed by the verbs")
