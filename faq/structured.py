"""Topics and questions in the words of schema.org, from rows; pure.

A review is told only where it is true of the text as it stands, and by a person in a register (rule F3).
"""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language

from appointments.front.structured import SCHEMA, clinic_id, physician
from faq.html import text_of
from faq.models import Topic
from faq.shown import Reviewed, Shown
from ipsc.templatetags.ipsc import staff_plain

Facts = dict[str, Any]


def faq_page(topic: Topic, rows: Iterable[Shown], *, base_url: str) -> Facts:
    """An FAQPage: every question of a topic with its whole answer, as text."""
    return {
        "@context": SCHEMA,
        "@type": "FAQPage",
        "@id": f"{base_url}{topic.get_absolute_url()}#faq",
        "name": staff_plain(topic, "title"),
        "url": base_url + topic.get_absolute_url(),
        "inLanguage": get_language(),
        "publisher": {"@type": "MedicalClinic", "@id": clinic_id(base_url)},
        "mainEntity": [question(each, base_url=base_url) for each in rows],
    }


def question(shown: Shown, *, base_url: str) -> Facts:
    return {
        "@type": "Question",
        "name": shown.title,
        "url": base_url + shown.question.get_absolute_url(),
        "inLanguage": shown.wording.language,
        "acceptedAnswer": {"@type": "Answer", "text": text_of(shown.wording.answer)},
    }


def medical_web_page(shown: Shown, reviewed: Reviewed, *, base_url: str) -> Facts:
    """A MedicalWebPage for patients, with its question, its last change and, where it is true, its review."""
    wording, topic = shown.wording, shown.question.topic
    facts = {
        "@context": SCHEMA,
        "@type": "MedicalWebPage",
        "name": shown.title,
        "url": base_url + shown.question.get_absolute_url(),
        "inLanguage": wording.language,
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "dateModified": localdate(wording.published_at).isoformat() if wording.published_at else None,
        "publisher": {"@type": "MedicalClinic", "@id": clinic_id(base_url)},
        "breadcrumb": breadcrumb(topic, shown, base_url=base_url),
        "mainEntity": question(shown, base_url=base_url),
    }
    if wording.reviewed_by and wording.reviewed_on and not reviewed.is_older:
        facts["lastReviewed"] = wording.reviewed_on.isoformat()
        facts["reviewedBy"] = physician(wording.reviewed_by, base_url=base_url)
    return facts


def breadcrumb(topic: Topic, shown: Shown, *, base_url: str) -> Facts:
    steps = [
        (reverse("faq:topics"), None),
        (topic.get_absolute_url(), staff_plain(topic, "title")),
        (shown.question.get_absolute_url(), shown.title),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name or "FAQ", "item": base_url + address}
            for place, (address, name) in enumerate(steps, start=1)
        ],
    }
