"""Whether the process lives, and whether it can serve; for whatever watches over the site."""

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database: a restart would not mend that."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; otherwise 503, with the reason in one word."""
    missing = what_is_missing()
    if missing:
        return HttpResponse(f"not ready: {missing}\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def what_is_missing() -> str:
    """Return `database`, `migrations` or nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        return "migrations" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "database"
