"""All addresses of the site. English stands at /…, Hindi at /hi/… (rule L1); the admin has one language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from appointments import views as booking
from appointments.front import views as front
from appointments.sitemaps import SITEMAPS as APPOINTMENTS
from courses.sitemaps import SITEMAPS as COURSES
from faq.sitemaps import SITEMAPS as FAQ
from ipsc import health, machines, views

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": APPOINTMENTS | FAQ | COURSES}, name="sitemap"),
    path("pictures/<str:digest>.webp", views.picture, name="picture"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", front.home, name="home"),
        path("contact/", front.contact, name="contact"),
        path("doctors/", front.doctors, name="doctors"),
        path("doctors/<slug:slug>/", front.doctor, name="doctor"),
        path("treatments/", front.treatments, name="treatments"),
        path("treatments/<slug:slug>/", front.treatment, name="treatment"),
        path("look/", views.look, name="look"),
        path("privacy/", views.privacy, name="privacy"),
        path("site.webmanifest", machines.manifest, name="manifest"),
        path("m", booking.short, name="short"),
        path("faq/", include("faq.urls")),
        path("appointments/", include("appointments.urls")),
        path("courses/", include("courses.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "ipsc.views.bad_request"
handler500 = "ipsc.views.server_error"
