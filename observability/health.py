"""Is the process alive, and can it serve? (guide 6.2; research trap T9: two questions, two answers)"""

from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse


def livez(request: HttpRequest) -> HttpResponse:
    """No look at anything: a database that rests must not restart the process."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """{"status": "ok"|"unavailable", "checks": {name: bool}}; 503 while a check fails."""
    checks = {"database": False, "isolation": False, "migrations": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            checks["database"], checks["isolation"] = True, not cursor.fetchone()[0]
            cursor.execute("SELECT app, name FROM django_migrations")
            checks["migrations"] = latest_migrations() <= set(cursor.fetchall())
    except Error:
        connection.close()
    healthy = all(checks.values())
    status = "ok" if healthy else "unavailable"
    body = {"status": status, "checks": checks, "version": settings.VERSION}
    return JsonResponse(body, status=200 if healthy else 503)


@cache
def latest_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of each app's last migration in this code: without them its tables are not what it expects."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
