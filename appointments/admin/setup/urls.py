"""The addresses of the set-up, under that of the appointments."""

from collections.abc import Callable

from django.urls import URLPattern, path

from appointments.admin.setup import holidays, pages, preview, weeks


def patterns(wrap: Callable) -> list[URLPattern]:
    """The set-up's pages, each wrapped in what lets staff alone in."""
    return [
        path("setup/", wrap(pages.page), name="setup"),
        path("setup/hours/", wrap(weeks.hours), name="setup_hours"),
        path("setup/week/<int:pk>/", wrap(weeks.week), name="setup_week"),
        path("setup/holidays/", wrap(holidays.holidays), name="setup_holidays"),
        path("setup/open/", wrap(pages.open_booking), name="setup_open"),
        path("setup/close/", wrap(pages.close_booking), name="setup_close"),
        path("setup/preview/", wrap(preview.pages), name="setup_previews"),
        path("setup/preview/<str:page>/", wrap(preview.preview), name="setup_preview"),
    ]
