"""The catalogue for search engines: its first page, each month in which something runs, each course."""

from datetime import date, datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from courses.catalogue.months import month_of, month_url
from courses.models import Course, CourseRun


class InEachLanguage(Sitemap):
    """Each page in English and in Hindi, each naming the other; readers of other languages get English (L1)."""

    i18n = alternates = x_default = True


class Catalogue(InEachLanguage):
    def items(self) -> list[str]:
        return ["courses:catalogue"]

    def location(self, item: str) -> str:
        return reverse(item)


class Months(InEachLanguage):
    """Those in which at least one run begins; how they stand changes too often to tell."""

    def items(self) -> list[date]:
        rows = CourseRun.objects.public().order_by()
        starts = rows.datetimes("starts_at", "month", tzinfo=timezone.get_default_timezone())
        return [each.date() for each in starts if month_of(each.year, each.month)]

    def location(self, item: date) -> str:
        return month_url(item)


class Courses(InEachLanguage):
    """A course changes when staff last changed its row."""

    def items(self) -> QuerySet[Course]:
        history = Course.history.filter(id=OuterRef("pk")).order_by()
        latest = history.values("id").annotate(latest=Max("history_date")).values("latest")
        return Course.objects.public().annotate(changed_at=Subquery(latest)).only("slug").order_by("pk")

    def lastmod(self, item) -> datetime | None:
        return item.changed_at


SITEMAPS = {"catalogue": Catalogue, "months": Months, "courses": Courses}
