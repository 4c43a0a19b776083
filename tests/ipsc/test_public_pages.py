"""Every public page in both languages, as search engines and those who share a link see it; and no other page."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from ipsc.templatetags.machines import PUBLIC, is_public
from tests import factories, public_pages
from tests.people import Clinic, Patient
from tests.public_pages import LANGUAGES, Read, read

pytestmark = pytest.mark.django_db

SITE_URL = "http://testserver"
# Shorter ones say nothing, longer ones are cut off; Hindi needs fewer and wider characters or more marks.
DESCRIPTION = {"en": (50, 160), "hi": (40, 200)}


@pytest.fixture(autouse=True)
def english():
    """A request in Hindi leaves its language behind in this thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def clinic(db) -> Clinic:
    return public_pages.make_open_house()


@pytest.fixture
def at_nine():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def pages(clinic, client) -> dict[str, dict[str, Read]]:
    """Every public page, read, by language and address."""
    return {
        language: {address: read(client.get(address).text) for address in public_pages.addresses(language)}
        for language in LANGUAGES
    }


def test_every_public_page_is_in_the_list_of_public_pages():
    assert {*public_pages.NAMES, *public_pages.ROWS, *public_pages.OF_FAQ, *public_pages.OF_COURSES} == PUBLIC


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_title_and_one_heading_of_its_own(pages, language):
    titles = Counter(page.title for page in pages[language].values())
    assert [title for title, times in titles.items() if times > 1] == []
    for address, page in pages[language].items():
        assert re.fullmatch(r"\S.* – IPSC", page.title), address
        assert page.one("h1").text.strip(), address
        assert page.one("html").attributes["lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_description_of_its_own_that_is_read_in_full(pages, language):
    shortest, longest = DESCRIPTION[language]
    descriptions = {address: page.description for address, page in pages[language].items()}
    assert {address: len(text) for address, text in descriptions.items() if not shortest <= len(text) <= longest} == {}
    times = Counter(descriptions.values())
    assert {address: text for address, text in descriptions.items() if times[text] > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_names_its_own_address(pages, language):
    for address, page in pages[language].items():
        assert page.canonical == page.one("meta", property="og:url").attributes["content"] == SITE_URL + address


def test_a_query_is_no_part_of_the_address(client, clinic):
    page = read(client.get("/appointments/book/?service=abc&x=%22%3E%3Cscript%3E").text)
    assert page.canonical == f"{SITE_URL}/appointments/book/"
    assert page.alternates["hi"] == f"{SITE_URL}/hi/appointments/book/"


def test_the_two_languages_of_a_page_name_each_other(pages):
    everywhere = pages["en"] | pages["hi"]
    for language in LANGUAGES:
        for address, page in pages[language].items():
            links = page.alternates
            assert set(links) == {"en", "hi", "x-default"}
            assert links[language] == SITE_URL + address
            assert links["x-default"] == links["en"]
            other = everywhere[links["hi" if language == "en" else "en"].removeprefix(SITE_URL)]
            assert other.alternates == links


def test_every_page_has_a_card_for_those_who_share_it(pages):
    with Image.open(finders.find("ipsc/card.png")) as card:
        card_size = tuple(map(str, card.size))
    for language, locale in (("en", "en_IN"), ("hi", "hi_IN")):
        for page in pages[language].values():
            told = {tag.attributes.get("property"): tag.attributes.get("content") for tag in page.all("meta")}
            assert told["og:locale"] == locale
            assert told["og:site_name"] == "IPSC"
            assert told["og:image"] == f"{SITE_URL}/static/ipsc/card.png"
            assert told["og:image:alt"]
            assert (told["og:image:width"], told["og:image:height"]) == card_size


def test_what_is_told_to_machines_parses_back(pages):
    kinds = Counter(block["@type"] for found in pages.values() for page in found.values() for block in page.blocks)
    kinds_told = {"MedicalClinic", "Physician", "MedicalProcedure", "Service", "FAQPage", "MedicalWebPage"}
    assert set(kinds) <= kinds_told | {"Course", "ItemList", "BreadcrumbList"}
    for found in pages.values():
        for page in found.values():
            assert all(block["@context"] == "https://schema.org" for block in page.blocks)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("home", {"MedicalClinic"}), ("contact", {"MedicalClinic"}), ("privacy", set()), ("doctors", set())],
)
def test_the_clinic_is_told_where_one_looks_for_it(clinic, client, name, kinds):
    for language in LANGUAGES:
        with translation.override(language):
            page = read(client.get(reverse(name)).text)
        assert {block["@type"] for block in page.blocks} == kinds


def test_a_doctor_and_a_treatment_are_told_on_their_own_pages(clinic, client):
    (doctor,) = read(client.get(reverse("doctor", args=[clinic.clinician.slug])).text).blocks
    assert (doctor["@type"], doctor["identifier"]["value"]) == ("Physician", "DMC/1")
    (visit,) = read(client.get(reverse("treatment", args=[clinic.service.slug])).text).blocks
    assert visit["name"] == clinic.service.name


def test_no_link_of_any_page_is_broken(pages, clinic):
    seen: dict[str, str] = {}
    ids = {address: ids_of(page) for found in pages.values() for address, page in found.items()}
    for found in pages.values():
        for address, page in found.items():
            for link in page.links:
                seen.setdefault(link if not link.startswith("#") else address + link, address)
    broken = {}
    for link, address in seen.items():
        url = urlsplit(link)
        if url.scheme or url.netloc:
            assert url.scheme in ("tel", "mailto", "https", "webcal"), link
            continue
        response = Client().get(url.path + (f"?{url.query}" if url.query else ""))
        if response.status_code not in (200, 302):
            broken[link] = (response.status_code, address)
        elif url.fragment and url.path in ids and url.fragment not in ids[url.path]:
            broken[link] = ("no such place", address)
    assert broken == {}


def ids_of(page: Read) -> set[str]:
    return {tag.attributes["id"] for tag in page.tags if "id" in tag.attributes}


def test_no_page_asks_anything_of_a_third_party(pages):
    for found in pages.values():
        for address, page in found.items():
            assert [each for each in page.loaded if not re.match(r"/[^/]", each)] == [], address


def test_every_picture_has_its_size(pages):
    for found in pages.values():
        for page in found.values():
            for tag in page.all("img"):
                assert int(tag.attributes["width"]) > 0
                assert int(tag.attributes["height"]) > 0


def test_no_public_page_sets_a_cookie(clinic):
    for language in LANGUAGES:
        for address in public_pages.addresses(language):
            client = Client()
            client.get(address)
            # The first page of booking sends no form either.
            assert not client.cookies, address


def is_hidden(page: Read) -> bool:
    return page.canonical is None and not page.alternates and not page.all("meta", property="og:url")


def test_a_page_with_somebodys_details_has_no_address_for_machines(clinic, at_nine):
    patient = Patient()
    patient.choose(clinic)
    assert is_hidden(read(patient.client.get(patient.who_url).text))
    patient.answer()
    assert is_hidden(read(patient.client.get(patient.check_url).text))
    done = patient.send()
    assert is_hidden(read(patient.client.get(done.headers["Location"], follow=True).text))


@pytest.mark.parametrize("address", ["/no-such-page/", "/doctors/nobody/", "/hi/treatments/nothing/"])
def test_an_error_has_no_address_for_machines(clinic, client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert is_hidden(read(response.text))
    assert read(response.text).blocks == []


def test_the_answer_to_a_form_has_no_address_for_machines(clinic, rf):
    request = rf.post("/")
    request.resolver_match = type("Match", (), {"view_name": "home"})
    assert not is_public(request)
