"""What every template knows, and what it costs."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from ipsc.context_processors import clinic_of, language_links, site
from ipsc.models import ClinicSettings


def links(path: str, language: str) -> dict[str, str]:
    with override(language):
        return {link.code: link.url for link in language_links(RequestFactory().get(path))}


@pytest.mark.parametrize(
    ("english", "hindi"),
    [
        ("/", "/hi/"),
        ("/privacy/", "/hi/privacy/"),
        ("/appointments/book/visit/", "/hi/appointments/book/visit/"),
        ("/privacy/?a=1&b=%E0%A4%A8", "/hi/privacy/?a=1&b=%E0%A4%A8"),
        ("/appointments/manage/a~b.7/?x=%2F", "/hi/appointments/manage/a~b.7/?x=%2F"),
    ],
)
def test_it_links_the_same_page_in_the_other_language(english, hindi):
    assert links(english, "en") == links(hindi, "hi") == {"en": english, "hi": hindi}


@pytest.mark.parametrize("path", ["/no-such-page/", "//elsewhere.example/", "/%0d%0aSet-Cookie:x/", "/[", "/%00/"])
def test_it_links_the_home_page_where_there_is_no_such_page(path):
    assert links(path, "en")["hi"] == "/hi/"
    assert links("/hi" + path, "hi")["en"] == "/"


def test_it_names_each_language_in_itself_and_marks_the_current_one():
    with override("hi"):
        found = language_links(RequestFactory().get("/hi/"))
    assert [(link.name, link.current) for link in found] == [("English", False), ("हिन्दी", True)]


@pytest.mark.django_db
def test_it_reads_the_settings_once_in_a_request_and_only_when_asked(django_assert_num_queries):
    ClinicSettings(pk=1, phone="+911145678901").save()
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        context = site(request)
    with django_assert_num_queries(1):
        assert str(context["clinic"].phone) == "+911145678901"
        assert context["clinic"].name == "IPSC"
        assert clinic_of(request) is clinic_of(request)
        assert site(request)["clinic"].phone == context["clinic"].phone


@pytest.mark.django_db
def test_it_has_defaults_where_nobody_has_saved_settings_yet():
    clinic = clinic_of(RequestFactory().get("/"))
    assert (clinic.emergency_number, clinic.online_booking_open, clinic.phone) == ("112", False, "")


@pytest.mark.parametrize("shows", [True, False])
def test_it_flies_the_ribbon_where_samples_are_shown(settings, shows):
    settings.SHOWS_SAMPLES = shows
    assert site(RequestFactory().get("/"))["ribbon"] is shows
