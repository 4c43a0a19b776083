"""All addresses of the site. English stands at /…, Hindi at /hi/… (rule L1); the admin has one language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from ipsc import health, views

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("privacy/", views.privacy, name="privacy"),
        path("appointments/", include("appointments.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "ipsc.views.bad_request"
handler500 = "ipsc.views.server_error"
