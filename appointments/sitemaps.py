"""The sitemap: every page that the public may find, in each language (sitemaps.org, with Google's alternates)."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.urls import reverse

from appointments.models import Clinician, Service

PAGES = ("home", "contact", "doctors", "treatments", "privacy", "appointments:urgent")


class InEachLanguage(Sitemap):
    """Each page in English and in Hindi, each naming the other; readers of other languages get English (L1)."""

    i18n = alternates = x_default = True


class Pages(InEachLanguage):
    """Pages that are always there. They say nothing of when they changed: nobody keeps it."""

    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Rows(InEachLanguage):
    """A page for each row that the public may see; it changed when staff last changed the row."""

    page = ""
    model: type[Clinician] | type[Service]

    def items(self) -> QuerySet:
        # One Max in a subquery, not a join: the history may hold thousands of versions.
        history = self.model.history.filter(id=OuterRef("pk")).order_by()
        latest = history.values("id").annotate(latest=Max("history_date")).values("latest")
        return self.model.objects.public().annotate(changed_at=Subquery(latest)).only("slug")

    def location(self, item) -> str:
        return reverse(self.page, args=[item.slug])

    def lastmod(self, item) -> datetime | None:
        return item.changed_at


class Doctors(Rows):
    model, page = Clinician, "doctor"


class Treatments(Rows):
    model, page = Service, "treatment"


SITEMAPS = {"pages": Pages, "doctors": Doctors, "treatments": Treatments}
