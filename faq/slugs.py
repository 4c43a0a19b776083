"""The last part of a page's address, made from its title: lowercase Latin letters, digits and hyphens."""

from collections.abc import Collection

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

LONGEST = 80
# Words that stand in the place of a slug in an address of the site.
RESERVED = frozenset({"search", "suggest", "leaflet", "helpful", "print", "preview", "feed", "all", "new"})


def slug_of(title: str, taken: Collection[str] = (), fallback: str = "question") -> str:
    """A slug for a title in any script that is not in `taken` and not reserved; at most LONGEST characters.

    A title without a letter or a digit gives `fallback`.
    """
    stem = slugify(anyascii(title))[:LONGEST].strip("-") or fallback
    slug, number = stem, 1
    while slug in taken or slug in RESERVED:
        number += 1
        ending = f"-{number}"
        slug = stem[: LONGEST - len(ending)].rstrip("-") + ending
    return slug


def not_reserved(slug: str) -> None:
    """:raises ValidationError: the site uses this word for a page of its own."""
    if slug in RESERVED:
        raise ValidationError(_("The site uses this word for another page. Choose another."), code="reserved")
