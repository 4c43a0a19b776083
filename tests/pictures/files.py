"""PNG files, made small."""

import io
import os
from pathlib import Path

from PIL import Image

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# From the most colours to the fewest: fewer make bands in what is meant to be even.
COLOURS = (256, 128, 96, 64, 48, 32)


class TooLarge(Exception):
    """A picture that stays larger than it may be, however few colours it gets."""


def write(path: Path, png: bytes, *, limit: int) -> None:
    """Write the picture to `path` in as many colours as `limit` bytes can hold, and tell what was written.

    :raises TooLarge: not even the fewest fit; the file stays as it was.
    """
    small = squeezed(png, limit)
    if small is None:
        raise TooLarge(f"{path.name} does not fit into {limit} bytes in {COLOURS[-1]} colours.")
    path.parent.mkdir(parents=True, exist_ok=True)
    # In one step: whoever ends the command half-way keeps the picture of before.
    draft = path.with_suffix(".new")
    draft.write_bytes(small)
    os.replace(draft, path)
    with Image.open(path) as written:
        print(f"{path.relative_to(BASE_DIR)}: {written.width} × {written.height}, {len(small) / 1000:.1f} kB")


def squeezed(png: bytes, limit: int) -> bytes | None:
    """The same picture in the most colours of COLOURS that fit into `limit` bytes; None where none fit."""
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
    for colours in COLOURS:
        stored = io.BytesIO()
        reduced(picture, colours).save(stored, "PNG", optimize=True)
        if stored.tell() <= limit:
            return stored.getvalue()
    return None


def reduced(picture: Image.Image, colours: int) -> Image.Image:
    has_holes = "A" in picture.getbands() and picture.getchannel("A").getextrema()[0] < 255
    if has_holes:
        # The only way of Pillow's that keeps what is half transparent, as the edge of a round corner is.
        return picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return picture.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
