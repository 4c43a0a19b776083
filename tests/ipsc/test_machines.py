"""What programs read beside the pages: the rules for robots, the web app manifest, and the icons."""

import io
import json
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.utils import translation
from PIL import Image

from ipsc import machines
from ipsc.models import ClinicSettings
from tests import factories, public_pages
from tests.people import Clinic, Patient
from tests.public_pages import LANGUAGES, read

pytestmark = pytest.mark.django_db

SITE_URL = "http://testserver"


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


def rules(client) -> str:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return response.text


def test_robots_may_read_nothing_of_a_demonstration(client):
    lines = rules(client).splitlines()
    assert "Disallow: /" in lines
    assert not any(line.startswith("Sitemap") for line in lines)


def test_robots_may_read_all_but_private_pages_of_a_clinic(client, settings):
    settings.SHOWS_SAMPLES = False
    lines = rules(client).splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /" not in lines
    hidden = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert hidden[0] == "/admin/"
    for prefix in ("", "/hi"):
        for path in ("book/a/", "manage/", "call-me-back/sent/"):
            assert f"{prefix}/appointments/{path}" in hidden
    assert f"Sitemap: {SITE_URL}/sitemap.xml" in lines


def test_the_private_addresses_are_those_that_robots_are_kept_from(clinic, at_nine, settings, client):
    patient = Patient()
    patient.choose(clinic)
    settings.SHOWS_SAMPLES = False
    hidden = tuple(re.findall(r"^Disallow: (.+)$", rules(client), re.M))
    assert patient.who_url.startswith(hidden)
    patient.answer()
    assert patient.send().headers["Location"].startswith(hidden)


@pytest.mark.parametrize("path", ["/robots.txt", "/site.webmanifest", "/hi/site.webmanifest"])
def test_what_machines_read_is_for_reading_only(client, path):
    assert client.post(path).status_code == 405
    assert not client.get(path).cookies


def manifest(client, path: str = "/site.webmanifest") -> dict:
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/manifest+json; charset=utf-8"
    return json.loads(response.content)


def test_the_manifest_names_the_clinic_in_the_language_of_its_address(client, clinic):
    english, hindi = manifest(client), manifest(client, "/hi/site.webmanifest")
    assert english["name"] == "IPSC – Interventional pain and spine centre"
    assert hindi["name"] == f"IPSC – {clinic.settings.full_name_hi}"
    assert (english["lang"], hindi["lang"]) == LANGUAGES
    assert (english["start_url"], hindi["start_url"]) == ("/", "/hi/")
    assert english["short_name"] == hindi["short_name"] == "IPSC"


def test_the_manifest_follows_the_settings_and_takes_any_name(client):
    name = '"</script>\u2028 ' + "न" * 40
    ClinicSettings(pk=1, name=name, full_name="", full_name_hi="").save()
    assert manifest(client)["name"] == manifest(client)["short_name"] == name


def test_the_manifest_costs_one_query(client, clinic, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/hi/site.webmanifest")


def test_the_manifest_names_icons_that_are_there_in_the_size_it_says(client, clinic):
    icons = manifest(client)["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        found = picture(Path(icon["src"]).name)
        assert icon["src"] == f"/static/ipsc/{Path(icon['src']).name}"
        assert f"{found.width}x{found.height}" == icon["sizes"]
        assert icon["type"] == "image/png"


@pytest.mark.parametrize("path", ["/", "/appointments/book/visit/", "/no-such-page/"])
def test_every_page_leads_to_the_manifest_and_the_icons(client, clinic, path):
    for prefix in ("", "/hi"):
        page = read(client.get(prefix + path).text)
        assert page.one("link", rel="manifest").attributes["href"] == f"{prefix}/site.webmanifest"
        for rel in ("icon", "apple-touch-icon"):
            href = page.one("link", rel=rel).attributes["href"]
            assert finders.find(href.removeprefix("/static/"))


def picture(name: str) -> Image.Image:
    return Image.open(io.BytesIO(Path(finders.find(f"ipsc/{name}")).read_bytes()))


@pytest.mark.parametrize(
    ("name", "size", "limit"),
    [
        ("icon-192.png", 192, 15_000),
        ("icon-512.png", 512, 15_000),
        ("icon-maskable-512.png", 512, 15_000),
        ("apple-touch-icon.png", 180, 15_000),
        ("card.png", 1200, 40_000),
    ],
)
def test_the_pictures_are_small_files(name, size, limit):
    assert Path(finders.find(f"ipsc/{name}")).stat().st_size <= limit
    assert picture(name).width == size


@pytest.mark.parametrize("name", ["icon-maskable-512.png", "apple-touch-icon.png", "card.png"])
def test_pictures_that_phones_cut_have_no_holes(name):
    assert picture(name).convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_the_mark_stays_within_the_circle_that_no_phone_cuts():
    icon = picture("icon-maskable-512.png").convert("RGB")
    ground = icon.getpixel((0, 0))
    inside = [(x, y) for x in range(0, 512, 4) for y in range(0, 512, 4) if icon.getpixel((x, y)) != ground]
    assert inside
    assert max((x - 256) ** 2 + (y - 256) ** 2 for x, y in inside) <= (0.4 * 512) ** 2


def test_the_colours_are_those_of_the_style_sheet(client, clinic):
    colours = Path(finders.find("ipsc/site.css")).read_text()
    assert f"--paper: {machines.PAPER};" in colours
    assert f"--leaf: {machines.LEAF};" in colours
    found = [tag.attributes for tag in read(client.get("/").text).all("meta", name="theme-color")]
    assert [each["media"] for each in found] == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]
    assert found[0]["content"] == "#ffffff"
    assert "--card: #fff;" in colours
    assert f"--card: {found[1]['content']};" in colours
