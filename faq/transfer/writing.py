"""All of the FAQ as one file: written out, in an order that does not depend on the database."""

import base64
import json
from datetime import date, datetime
from typing import Any

from faq.models import LayWord, Question, Topic, Wording
from faq.transfer.shape import FORMAT, LAY_WORD, QUESTION, TOPIC, WORDING
from ipsc.models import Picture


def dump() -> bytes:
    """Everything, in an order that does not depend on the database: two exports of the same content are the same."""
    topics = [_topic(row) for row in Topic.objects.select_related("service").order_by("order", "public_id")]
    found = {
        "format": FORMAT,
        "topics": topics,
        "lay_words": [{name: getattr(row, name) for name in LAY_WORD} for row in LayWord.objects.order_by("words")],
        "pictures": [_picture(row) for row in _used_pictures()],
    }
    return (json.dumps(found, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in an export")


def _topic(row: Topic) -> dict[str, Any]:
    questions = row.questions.select_related("reviewer").prefetch_related(
        "wordings__reviewed_by", "related", "old_slugs__topic"
    )
    return {
        **{name: getattr(row, name) for name in TOPIC},
        "service": row.service.slug if row.service else None,
        "old_slugs": sorted(row.old_slugs.values_list("slug", flat=True)),
        "questions": [_question(each) for each in questions.order_by("order", "public_id")],
    }


def _question(row: Question) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in QUESTION},
        "reviewer": row.reviewer.slug if row.reviewer else None,
        "related": sorted(each.public_id for each in row.related.all()),
        "old_slugs": sorted([each.topic.public_id, each.slug] for each in row.old_slugs.all()),
        "wordings": {
            each.language: _wording(each) for each in sorted(row.wordings.all(), key=lambda each: each.language)
        },
    }


def _wording(row: Wording) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in WORDING}
    return told | {"reviewed_by": row.reviewed_by.slug if row.reviewed_by else None}


def _used_pictures() -> list[Picture]:
    used = {
        digest
        for pair in Wording.objects.values_list("picture_id", "draft_picture_id")
        for digest in pair
        if digest is not None
    }
    return list(Picture.objects.filter(pk__in=used).order_by("pk"))


def _picture(row: Picture) -> dict[str, str]:
    return {"digest": row.digest, "content": base64.b64encode(bytes(row.content)).decode()}
