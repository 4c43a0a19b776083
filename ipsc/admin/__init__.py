"""The staff's pages: Django's admin, with what all of its pages share in `ipsc.admin.base` (rules B5, P2)."""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ipsc.admin import clinic, ledger, users, words

admin.site.site_header = admin.site.site_title = _("IPSC")
# Every page has the rooms of the house in a bar on top, which leaves the width to the lists.
admin.site.enable_nav_sidebar = False
admin.site.index_title = _("Reception and administration")

# “Authentication and Authorization” is no word of a clinic.
apps.get_app_config("auth").verbose_name = _("Staff accounts")

__all__ = ["clinic", "ledger", "users", "words"]
