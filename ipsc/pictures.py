"""Pictures that staff add: read, written anew, and kept in the database (docs/adr/0006).

What is stored is never what was sent. Every picture is decoded and encoded again, so that nothing else that a file may
carry (a place, a script, a second file behind the first) reaches anybody.
"""

import hashlib
import io
import warnings
from datetime import datetime, timedelta
from typing import IO

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from ipsc.models import Picture

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
QUALITY = 82
LOGO, PORTRAIT = (480, 160), (480, 480)
# The parts of a WebP file that hold points and nothing else.
POINTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
MOST_SIDE = 4000
UNUSED_FOR = timedelta(days=1)

NO_PICTURE = _("This is not a picture that we can read. Use PNG, JPEG or WebP.")
TOO_LARGE = _("This picture is too large. Use one of at most 5 MB and 40 million points.")


def webp(upload: IO[bytes], *, largest: tuple[int, int]) -> tuple[bytes, int, int]:
    """The picture in an upload as WebP, shrunk into `largest` (width and height); its bytes, width and height.

    The first frame of several; turned as the camera held it; without any metadata.

    :raises ValidationError: it is none, it is broken, or it is too large.
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValidationError(TOO_LARGE, code="large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise ValidationError(TOO_LARGE, code="large")
                picture = ImageOps.exif_transpose(found)
                picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE, code="large") from error
    except ValidationError:
        raise
    # Decoders meet broken files with errors of every kind; none of them is more than “not a picture” to staff.
    except Exception as error:
        raise ValidationError(NO_PICTURE, code="picture") from error
    picture.thumbnail(largest, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # A new image of the points alone: what else Pillow had read stays behind.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    bare.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue(), bare.width, bare.height


def take(content: bytes) -> Picture:
    """Keep a picture that was written here before, as an export holds it: to the byte, or not at all.

    :raises ValidationError: it is no WebP picture, or carries anything but its points.
    """
    known = Picture.objects.filter(pk=hashlib.sha256(content).hexdigest()).first()
    if known is not None:
        return known
    _encoded, width, height = webp(io.BytesIO(content), largest=(MOST_SIDE, MOST_SIDE))
    if _chunks(content) - POINTS:
        raise ValidationError(NO_PICTURE, code="picture")
    return store(content, width, height)


def _chunks(content: bytes) -> set[bytes]:
    """The names of the parts of a WebP file (RFC 9649); one that is none for a file that is longer than it says."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) != int.from_bytes(content[4:8], "little") + 8:
        return {b""}
    names, place = set(), 12
    while place < len(content):
        names.add(content[place : place + 4])
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return names


def store(content: bytes, width: int, height: int) -> Picture:
    """Keep a picture as `webp` gave it; the same picture again is the same row."""
    digest = hashlib.sha256(content).hexdigest()
    values = {"content": content, "width": width, "height": height}
    return Picture.objects.get_or_create(digest=digest, defaults=values)[0]


def forget_unused(*, now: datetime) -> int:
    """Delete pictures to which no row points, a day after they came; return how many.

    Histories keep the digest of a picture, not the picture: what staff have taken away is gone.
    """
    rows = Picture.objects.filter(added_at__lt=now - UNUSED_FOR)
    for field in _keys():
        used = field.model._default_manager.filter(**{f"{field.name}__isnull": False})
        rows = rows.exclude(pk__in=used.values(field.attname))
    return rows.delete()[0]


def _keys() -> list[ForeignKey]:
    """The foreign keys to pictures in all models, those of histories aside: the database does not uphold these."""
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    keys = [each for each in fields if isinstance(each, ForeignKey) and each.related_model is Picture]
    return [each for each in keys if getattr(each, "db_constraint", True)]
