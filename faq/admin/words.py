"""What people say instead of the words of the answers, and what they looked for in vain."""

from django.contrib import admin

from faq.models import FruitlessSearch, LayWord
from ipsc.admin.base import Careful


@admin.register(LayWord)
class LayWordAdmin(Careful):
    """Turned off instead of deleted: what ships with the site would come back otherwise."""

    list_display = ["words", "means", "active"]
    list_filter = ["active"]
    search_fields = ["words", "means"]
    fields = ["words", "means", "active"]


@admin.register(FruitlessSearch)
class FruitlessSearchAdmin(Careful):
    """Terms that several people have looked for; those of fewer are not kept in words."""

    list_display = ["term", "times", "first_on", "last_on"]
    list_display_links = None
    ordering = ["-times", "-last_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(term="")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False
