"""What the admin's own templates need of a page that is no form of a model."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise

from ipsc.models import ClinicSettings


def frame(request: HttpRequest, title: str | Promise, name: str) -> dict:
    """The context of such a page; `name` tells the pages apart in templates."""
    return {**admin.site.each_context(request), "opts": ClinicSettings._meta, "title": title, "page_name": name}
