"""The search box of the lists."""

from django.db.models import QuerySet

from ipsc.admin.base import BoundedPaginator
from ipsc.names import matching

MOST_CHARACTERS = 200


def found(rows: QuerySet, text: str) -> QuerySet:
    """The rows that `text` may mean, of which a list shows no more than it counts; all of them where it is empty.

    The search is done once: to count and to show would each search a million names, and to show in order of time would
    make PostgreSQL walk through all times instead of looking the name up.
    """
    text = text.strip()[:MOST_CHARACTERS]
    if not text:
        return rows
    keys = matching(rows, text).order_by().values_list("pk", flat=True)[: BoundedPaginator.most + 1]
    return rows.filter(pk__in=list(keys))
