"""The sitemap: every page that the public may find, in both languages, and when it changed where that is known."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from ipsc.history import SITE, save_as
from tests import factories, public_pages
from tests.courses import rows
from tests.faq import writers
from tests.people import Clinic
from tests.public_pages import LANGUAGES, read

pytestmark = pytest.mark.django_db

SITE_URL = "http://testserver"
NAMESPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def clinic(db) -> Clinic:
    return public_pages.make_open_house()


def sitemap(client) -> dict[str, tuple[dict[str, str], str | None]]:
    """By address: the addresses of the same page by language, and when it changed."""
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    found = {}
    for each in ElementTree.fromstring(response.content).findall("s:url", NAMESPACES):
        links = {link.get("hreflang"): link.get("href") for link in each.findall("x:link", NAMESPACES)}
        address = each.find("s:loc", NAMESPACES).text
        assert address not in found
        changed = each.find("s:lastmod", NAMESPACES)
        found[address] = links, changed.text if changed is not None else None
    return found


def test_the_sitemap_holds_every_public_page_in_both_languages(client, clinic):
    expected = [SITE_URL + address for language in LANGUAGES for address in public_pages.addresses(language)]
    assert sorted(sitemap(client)) == sorted(expected)


def test_the_sitemap_says_of_each_page_what_its_head_says(client, clinic):
    for address, (links, _changed) in sitemap(client).items():
        page = read(client.get(urlsplit(address).path).text)
        assert (page.canonical, page.alternates) == (address, links)


def test_the_sitemap_tells_when_a_row_changed_and_of_no_other_page(client, clinic):
    clinic.clinician.history.update(history_date=factories.clinic_time(2026, 1, 2, 12))
    row = factories.service(slug="old")
    row.history.update(history_date=factories.clinic_time(2026, 1, 1, 12))
    save_as(row, by=SITE)
    row.history.filter(pk=row.history.latest().pk).update(history_date=factories.clinic_time(2026, 3, 4, 12))
    found = sitemap(client)
    for prefix in ("", "/hi"):
        assert found[f"{SITE_URL}{prefix}/doctors/{clinic.clinician.slug}/"][1] == "2026-01-02"
        assert found[f"{SITE_URL}{prefix}/treatments/old/"][1] == "2026-03-04"
        assert found[f"{SITE_URL}{prefix}/contact/"][1] is None


def test_the_sitemap_hides_what_the_public_may_not_see(client, clinic, settings):
    factories.service(slug="asleep", active=False)
    factories.clinician(slug="made-up", is_sample=True)
    assert not any("asleep" in url for url in sitemap(client))
    assert f"{SITE_URL}/doctors/made-up/" in sitemap(client)
    settings.SHOWS_SAMPLES = False
    assert not any("made-up" in url for url in sitemap(client))


def test_the_sitemap_costs_six_queries_however_many_rows(client, clinic, django_assert_num_queries):
    for _each in range(5):
        factories.service()
        factories.clinician()
        writers.published()
        rows.run()
    # Doctors, treatments, topics, questions, months, courses.
    with django_assert_num_queries(6):
        client.get("/sitemap.xml")


def test_robots_may_read_every_page_of_the_sitemap(client, settings, clinic):
    settings.SHOWS_SAMPLES = False
    hidden = re.findall(r"^Disallow: (.+)$", client.get("/robots.txt").text, re.M)
    assert hidden
    assert [url for url in sitemap(client) if urlsplit(url).path.startswith(tuple(hidden))] == []
