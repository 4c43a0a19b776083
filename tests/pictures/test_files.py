"""The pictures are made small without losing what makes them what they are."""

import io

import pytest
from PIL import Image, ImageDraw

from tests.pictures import drawing, files


def png(picture: Image.Image) -> bytes:
    stored = io.BytesIO()
    picture.save(stored, "PNG")
    return stored.getvalue()


def noise(size: int = 64) -> bytes:
    return png(Image.effect_noise((size, size), 100).convert("RGB"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BASE_DIR", tmp_path)
    return tmp_path


def test_it_writes_the_picture_and_tells_what_it_wrote(folder, capsys):
    files.write(folder / "a" / "b.png", png(Image.new("RGB", (30, 20), "#0f5f57")), limit=1000)
    with Image.open(folder / "a" / "b.png") as written:
        assert written.size == (30, 20)
        assert written.convert("RGB").getpixel((5, 5)) == (0x0F, 0x5F, 0x57)
    assert capsys.readouterr().out == "a/b.png: 30 × 20, 0.1 kB\n"


def test_it_takes_fewer_colours_where_the_limit_asks_for_it():
    many, few = files.squeezed(noise(), 100_000), files.squeezed(noise(), 4000)
    assert len(few) <= 4000 < len(many)


def test_it_keeps_the_picture_of_before_where_none_fits(folder):
    (folder / "x.png").write_bytes(b"before")
    with pytest.raises(files.TooLarge, match=r"x\.png does not fit into 100 bytes"):
        files.write(folder / "x.png", noise(), limit=100)
    assert [each.name for each in folder.iterdir()] == ["x.png"]
    assert (folder / "x.png").read_bytes() == b"before"


def test_it_keeps_holes_and_soft_edges():
    picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((8, 8, 56, 56), fill=(15, 95, 87, 255))
    picture = picture.resize((32, 32), Image.Resampling.LANCZOS)
    with Image.open(io.BytesIO(files.squeezed(png(picture), 5000))) as small:
        alpha = small.convert("RGBA").getchannel("A")
    assert alpha.getpixel((0, 0)) == 0
    assert alpha.getpixel((16, 16)) >= 250
    assert any(0 < value < 255 for value in alpha.tobytes())


def test_the_drawings_show_the_mark_of_the_pages():
    mark = drawing.mark()
    assert mark.startswith("<svg")
    assert mark.count("<rect") == 5
    assert mark in drawing.filled("card.html")
    assert "$" not in drawing.filled("icon.html", share="1%", radius="0")
