"""The list of what people say instead of the words of the answers."""

import tomllib
from pathlib import Path

from faq.models import LayWord

SHIPPED = Path(__file__).resolve().parent.parent / "content" / "lay_words.toml"


def shipped() -> dict[str, str]:
    """The list as it ships: what people say → words of the answers."""
    return dict(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["words"])


def load(*, dry_run: bool = False) -> list[str]:
    """Add what ships and was never there; return it.

    One that staff have edited or turned off stays so, under whatever words: it is known by what it began as. One that
    staff have written themselves stays theirs.
    """
    given = shipped()
    known = set(LayWord.objects.values_list("source_key", flat=True)) | set(
        LayWord.objects.values_list("words", flat=True)
    )
    missing = [words for words in given if words not in known]
    if not dry_run:
        rows = [LayWord(words=words, means=given[words], source_key=words) for words in missing]
        # Somebody may add the same words meanwhile: theirs stand.
        LayWord.objects.bulk_create(rows, ignore_conflicts=True)
    return missing
