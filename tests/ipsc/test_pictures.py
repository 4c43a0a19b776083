"""Pictures that staff add: written anew whatever was sent, refused in words where they are none."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image

from ipsc import pictures
from ipsc.dates import now
from ipsc.models import ClinicSettings, Picture
from ipsc.roles import MANAGER, RECEPTION
from ipsc.uploads import MOST
from tests import factories
from tests.staff import client_of, member

SCRIPT = b"<script>alert(1)</script>"
EXIF_ORIENTATION, EXIF_GPS = 0x0112, 0x8825


def drawn(size=(60, 30), kind="PNG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says that it has ten billion points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def read(data: bytes, largest=pictures.PORTRAIT) -> tuple[Image.Image, bytes]:
    content, width, height = pictures.webp(io.BytesIO(data), largest=largest)
    found = Image.open(io.BytesIO(content))
    assert (found.format, found.size) == ("WEBP", (width, height))
    return found, content


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_it_writes_every_known_kind_anew(kind):
    found, _content = read(drawn(kind=kind))
    assert found.size == (60, 30)


def test_it_shrinks_what_is_larger_and_keeps_its_shape():
    found, _content = read(drawn((3000, 1500)), largest=(480, 160))
    assert found.size == (320, 160)


def test_it_drops_what_the_camera_wrote_and_turns_the_picture_as_it_was_held():
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6  # a quarter turn
    exif.get_ifd(EXIF_GPS)[1] = "N"
    found, content = read(drawn(kind="JPEG", exif=exif))
    assert found.size == (30, 60)
    assert not found.getexif()
    assert b"Exif" not in content


def test_it_leaves_behind_whatever_hangs_on_to_a_picture():
    _found, content = read(drawn(kind="GIF", comment=SCRIPT) + SCRIPT)
    assert SCRIPT not in content


def test_it_keeps_what_is_transparent():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    found, _content = read(out.getvalue())
    assert found.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just text",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        drawn(kind="JPEG")[:200],
        drawn()[:40],
        drawn(kind="BMP"),
        drawn(kind="TIFF"),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"GIF89a" + b"\xff" * 50,
    ],
)
def test_it_refuses_in_words_what_is_no_picture(data):
    with pytest.raises(ValidationError, match="not a picture that we can read"):
        pictures.webp(io.BytesIO(data), largest=pictures.PORTRAIT)


@pytest.mark.parametrize(
    ("tag", "kind", "value"),
    [(0x0100, 2, b"abc\0"), (0x010F, 11, b"\0\0\0\0"), (0x011A, 2, b"abc\0")],
    ids=["a width in letters", "a maker in figures", "a resolution in letters"],
)
def test_it_refuses_in_words_what_a_camera_wrote_wrongly(tag, kind, value):
    """Pillow reads each of these, and stumbles over it when it turns the picture: a struct.error and two others."""
    entries = struct.pack(">HHI4s", tag, kind, len(value) if kind == 2 else 1, value)
    turned = struct.pack(">HHI4s", EXIF_ORIENTATION, 3, 1, b"\0\6\0\0")
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + entries + turned + bytes(4)
    with pytest.raises(ValidationError, match="not a picture that we can read"):
        pictures.webp(io.BytesIO(drawn(kind="JPEG", exif=exif)), largest=pictures.PORTRAIT)


@pytest.mark.parametrize("data", [bomb(), b"x" * (pictures.MOST_BYTES + 1)])
def test_it_refuses_in_words_what_is_too_large(data):
    with pytest.raises(ValidationError, match="too large"):
        pictures.webp(io.BytesIO(data), largest=pictures.PORTRAIT)


def keep(data: bytes) -> Picture:
    return pictures.store(*pictures.webp(io.BytesIO(data), largest=pictures.PORTRAIT))


@pytest.mark.django_db
def test_it_keeps_the_same_picture_once():
    assert keep(drawn()) == keep(drawn())
    assert Picture.objects.count() == 1


@pytest.mark.django_db
def test_it_forgets_a_day_later_what_no_row_shows(django_assert_num_queries):
    used, unused, fresh = keep(drawn()), keep(drawn((20, 20))), keep(drawn((21, 21)))
    factories.clinician(photo=used)
    Picture.objects.exclude(pk=fresh.pk).update(added_at=now() - timedelta(days=2))
    assert pictures.forget_unused(now=now()) == 1
    assert set(Picture.objects.all()) == {used, fresh}
    assert unused not in Picture.objects.all()


@pytest.mark.django_db
def test_it_serves_a_picture_for_ever_and_without_a_cookie(client, django_assert_num_queries):
    row = keep(drawn())
    with django_assert_num_queries(1):
        page = client.get(f"/pictures/{row.pk}.webp")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "image/webp")
    assert page.content == bytes(row.content)
    assert "immutable" in page.headers["Cache-Control"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert not page.cookies
    again = client.get(f"/pictures/{row.pk}.webp", headers={"if-none-match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"/pictures/{row.pk}.webp").status_code == 200
    assert client.post(f"/pictures/{row.pk}.webp").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("digest", ["0" * 64, "x", "%00", "..%2f..%2fsettings", "0" * 5000])
def test_it_has_no_other_picture(client, digest):
    for headers in ({}, {"if-none-match": f'"{digest}"'}):
        assert client.get(f"/pictures/{digest}.webp", headers=headers).status_code == 404


CLINIC = "/admin/ipsc/clinicsettings/1/change/"


def form_of(client, url: str) -> dict:
    """What a browser would send back of an admin form, unchanged."""
    page = client.get(url)
    sent = {}
    for form in [page.context["adminform"].form, *(each.formset.management_form for each in formsets(page))]:
        for field in form:
            value = field.value()
            # A box that is not ticked is not sent; 0 is.
            if value is None or value is False or field.name == "picture_file":
                continue
            several = isinstance(value, list)
            sent[field.html_name] = [str(getattr(each, "pk", each)) for each in value] if several else str(value)
    return sent


def formsets(page) -> list:
    return list(page.context.get("inline_admin_formsets") or [])


@pytest.mark.django_db
def test_a_manager_puts_a_logo_on_every_page_and_takes_it_away(client):
    manager = client_of(MANAGER)
    sent = form_of(manager, CLINIC)
    upload = SimpleUploadedFile("logo.png", drawn((900, 300)), content_type="image/png")
    assert manager.post(CLINIC, sent | {"picture_file": upload}).status_code == 302
    logo = ClinicSettings.load().logo
    assert (logo.width, logo.height) == (480, 160)
    assert f'<img src="/pictures/{logo.pk}.webp" width="480" height="160" alt=""' in client.get("/").text
    assert manager.post(CLINIC, sent | {"picture_gone": "on"}).status_code == 302
    assert ClinicSettings.load().logo is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "words"),
    [(SCRIPT, "not a picture that we can read"), (b"x" * (8 * 1024 * 1024), "too large"), (b"", "not a picture")],
)
def test_a_logo_that_is_none_is_refused_and_nothing_typed_is_lost(data, words):
    manager = client_of(MANAGER)
    sent = form_of(manager, CLINIC) | {"address": "Plot 1"}
    page = manager.post(CLINIC, sent | {"picture_file": SimpleUploadedFile("logo.png", data)})
    assert page.status_code == 200
    assert words in page.text
    assert "Plot 1" in page.text
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_a_manager_adds_a_portrait_and_reception_cannot():
    row = factories.clinician(name="Consultant, spine", slug="consultant-spine")
    url = reverse("admin:appointments_clinician_change", args=[row.pk])
    manager = client_of(MANAGER)
    portrait = SimpleUploadedFile("me.jpg", drawn((1000, 1000), "JPEG"))
    answer = manager.post(url, form_of(manager, url) | {"picture_file": portrait, "hours-TOTAL_FORMS": "0"})
    assert answer.status_code == 302, answer.context["errors"]
    row.refresh_from_db()
    assert (row.photo.width, row.photo.height) == (480, 480)
    reception = client_of(RECEPTION)
    assert 'name="picture_file"' not in reception.get(url).text
    sent = {"picture_gone": "on", "picture_file": SimpleUploadedFile("x.png", drawn()), "hours-TOTAL_FORMS": "0"}
    assert reception.post(url, form_of(reception, url) | sent).status_code == 302
    row.refresh_from_db()
    assert row.photo is not None


@pytest.mark.django_db
def test_nobody_else_can_make_the_site_keep_a_file(client):
    """A public form with a file in it is read as if the file were not there."""
    upload = SimpleUploadedFile("big.bin", b"x" * 1_000_000)
    page = client.post("/appointments/call-me-back/", {"name": "Caller", "file": upload})
    assert page.status_code < 500
    assert not page.wsgi_request.FILES


@pytest.mark.django_db
def test_nobody_can_before_signing_in(client):
    page = client.post("/admin/login/", {"username": "x", "password": "y", "file": SimpleUploadedFile("x", b"x")})
    assert page.status_code == 200
    assert not page.wsgi_request.FILES


@pytest.mark.django_db
def test_staff_can_make_it_keep_no_more_than_one_picture_needs():
    files = [SimpleUploadedFile(f"{number}", b"x" * (MOST - 1)) for number in range(4)]
    request = RequestFactory().post(CLINIC, {"file": files})
    request.user = member(MANAGER)
    assert [len(each.read()) for each in request.FILES.getlist("file")] == [MOST - 1, 1, 0, 0]
