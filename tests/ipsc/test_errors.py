"""What people are shown when something goes wrong: kind, whole, and never a page of Python."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import path
from django.views.defaults import permission_denied

from ipsc import urls as site_urls
from ipsc import views
from ipsc.models import ClinicSettings


def fail(request):
    raise ZeroDivisionError


def fail_after_reading_settings(request):
    from ipsc.context_processors import clinic_of

    clinic_of(request)
    raise ZeroDivisionError


def deny(request):
    raise PermissionDenied


def suspect(request):
    raise SuspiciousOperation


urlpatterns = [
    path("fail/", fail),
    path("hi/fail/", fail),
    path("fail-late/", fail_after_reading_settings),
    path("deny/", deny),
    path("suspect/", suspect),
    *site_urls.urlpatterns,
]
handler400 = views.bad_request
handler500 = views.server_error


@pytest.fixture
def broken(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("url", "language", "words"), [("/fail/", "en", "Something went wrong"), ("/hi/fail/", "hi", "112")]
)
def test_it_shows_a_page_for_an_error_of_ours_without_the_database(broken, url, language, words):
    # No database mark: a query here would fail the test.
    page = broken.get(url)
    assert page.status_code == 500
    assert f'<html lang="{language}">' in page.text
    assert words in page.text
    assert 'href="tel:112"' in page.text
    assert "bootstrap.min.css" in page.text
    assert "ZeroDivisionError" not in page.text


@pytest.mark.django_db
def test_it_shows_the_phone_after_an_error_where_it_was_read_before(broken):
    ClinicSettings(pk=1, phone="+911145678901").save()
    assert 'href="tel:+911145678901"' in broken.get("/fail-late/").text
    assert "+911145678901" not in broken.get("/fail/").text


def test_it_shows_the_page_also_without_collected_static_files(broken, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    page = broken.get("/fail/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "stylesheet" not in page.text


@pytest.mark.django_db
def test_it_shows_the_page_when_the_database_is_gone(monkeypatch):
    def gone(*args, **options):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "cursor", gone)
    page = Client(raise_request_exception=False).get("/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "bootstrap.min.css" in page.text, "the site's own handler, not Django's, which gives no context"


def test_it_shows_a_page_for_a_request_that_cannot_be_read(broken):
    page = broken.get("/suspect/")
    assert page.status_code == 400
    assert "We could not read what your browser sent" in page.text


def test_it_shows_the_same_page_for_a_host_that_is_not_ours(client):
    page = client.get("/", headers={"host": "elsewhere.example"})
    assert page.status_code == 400
    assert "elsewhere.example" not in page.text


@pytest.mark.django_db
def test_it_shows_a_page_where_access_is_denied(broken):
    page = broken.get("/deny/")
    assert page.status_code == 403
    assert "This page is not open to you" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "language"), [("/no-such-page/", "en"), ("/hi/no-such-page/", "hi")])
def test_it_shows_a_page_for_an_address_that_does_not_exist(client, url, language, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(url)
    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1


@pytest.mark.django_db
def test_it_does_not_repeat_an_address_that_does_not_exist(client):
    assert "alert" not in client.get("/<script>alert(1)</script>/").text


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_it_shows_a_kind_page_for_a_form_without_its_token(prefix, settings):
    page = Client(enforce_csrf_checks=True).post(f"{prefix}/appointments/book/visit/", {"name": "Patient One"})
    assert page.status_code == 403
    assert page.text.count("<h1>") == 1
    assert "CSRF" not in page.text
    if not prefix:
        assert "Nothing was booked and nothing was changed." in page.text


@pytest.mark.django_db
def test_it_shows_error_pages_to_requests_that_carry_a_form(client):
    assert client.post("/no-such-page/", {"a": "b"}).status_code == 404
    assert client.post("/hi/no-such-page/", {"a": "b"}).status_code == 404


@pytest.mark.django_db
def test_it_renders_every_error_page_without_leftovers(rf: RequestFactory):
    request = rf.get("/")
    pages = [
        views.bad_request(request),
        views.server_error(request),
        views.csrf_failure(request, reason="CSRF token missing."),
        permission_denied(request, PermissionDenied()),
    ]
    for page in pages:
        text = page.content.decode()
        assert not re.search(r"{{|{%|None|csrf token missing", text, re.IGNORECASE), text
        assert "<!DOCTYPE html>" in text
