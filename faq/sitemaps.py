"""The FAQ for search engines: the list of topics, each topic, each question, with the moment of its last change."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from faq.models import Question, Topic
from ipsc.dates import now


class InEachLanguage(Sitemap):
    """Each page in English and in Hindi, each naming the other; readers of other languages get English (L1)."""

    i18n = alternates = x_default = True


class TopicList(InEachLanguage):
    def items(self) -> list[str]:
        return ["faq:topics"]

    def location(self, item: str) -> str:
        return reverse(item)


class Topics(InEachLanguage):
    """A topic changes with what is published in it."""

    def items(self) -> QuerySet[Topic]:
        return Topic.objects.published().annotate(changed_at=Max("questions__wordings__published_at")).order_by("pk")

    def lastmod(self, item) -> datetime | None:
        return item.changed_at


class Questions(InEachLanguage):
    def items(self) -> QuerySet[Question]:
        rows = Question.objects.published(now()).select_related("topic").order_by("pk")
        return rows.annotate(changed_at=Max("wordings__published_at"))

    def lastmod(self, item) -> datetime | None:
        return item.changed_at


SITEMAPS = {"faq": TopicList, "topics": Topics, "questions": Questions}
