"""What goes into the archive. A new part is one function and its line in `PARTS`; everything is redacted afterwards."""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from prometheus_client.exposition import generate_latest

from observability.console.models import ErrorGroup, Mark
from observability.console.queries import components, doctor, jobs, objectives, processes, statements
from observability.console.queries.errors import error_groups
from observability.console.queries.usage import usage
from observability.console.spans import DAY
from observability.console.support.plans import plans
from observability.console.version import running
from observability.health import examine
from observability.metrics import configuration
from observability.metrics.exposition import Collected
from observability.metrics.folder import Folder
from tenancy.operators import OPERATORS_ID

# Of the environment: what an installation is configured with. Other names are nobody's business here.
OURS = ("TIKA_", "DATABASE_URL", "EMAIL_URL", "SENTRY_", "OTEL_", "METRICS_", "DJANGO_", "PG")
OURS_TOO = {"HOST", "PORT", "LANG", "LC_ALL", "TZ"}
SETTINGS_SQL = """
SELECT name, setting, unit, source FROM pg_settings WHERE source NOT IN ('default', 'override') ORDER BY 1
"""
TABLES_SQL = """
SELECT c.relname, greatest(c.reltuples, 0)::bigint AS rows, pg_table_size(c.oid) AS bytes,
       pg_indexes_size(c.oid) AS indexes,
       s.seq_scan, s.idx_scan, s.n_dead_tup, s.last_autovacuum, s.last_autoanalyze
FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 3 DESC
"""
MIGRATIONS_SQL = "SELECT app, name, applied FROM django_migrations ORDER BY id"
NEWEST = 100


@dataclass(frozen=True)
class Part:
    """`collect` answers text, or what JSON can hold."""

    name: str
    title: Any
    collect: Callable[[], Any]


def versions() -> dict[str, Any]:
    found = {one.metadata["Name"]: one.version for one in metadata.distributions()}
    return {
        "tika": running(),
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "disk_free_bytes": shutil.disk_usage(settings.DATA_DIR).free if settings.DATA_DIR.exists() else None,
        "packages": dict(sorted(found.items())),
    }


def configuration_given() -> dict[str, str]:
    """Names as they are; values are redacted by their name and by their look, as in a line of the log."""
    mine = {name: value for name, value in os.environ.items() if name.startswith(OURS) or name in OURS_TOO}
    return dict(sorted(mine.items()))


def rows(query: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def health() -> dict[str, Any]:
    parts = components.components(objectives.shown())
    found = [{"part": one.name, "health": one.health.name.lower(), "says": one.says} for one in parts]
    return {"ready": examine(), "parts": found}


def metrics() -> str:
    """What Prometheus would fetch from this host now."""
    folder = Folder(configuration.folder_path())
    if not configuration.enabled() or not folder.path.is_dir():
        return "# no counts here\n"
    return generate_latest(Collected(folder, configuration.style())).decode()


def database() -> dict[str, Any]:
    return {"settings": rows(SETTINGS_SQL), "tables": rows(TABLES_SQL)}


def errors() -> list[dict[str, Any]]:
    """Their texts were redacted before they left their process."""
    names = ("type", "message", "traceback", "route", "service", "version", "count", "first_seen_at", "last_seen_at")
    found: list[ErrorGroup] = list(error_groups()[:NEWEST])
    return [{name: getattr(one, name) for name in names} for one in found]


def what_happened() -> list[Any]:
    mine = Mark.objects.filter(tenant_id=OPERATORS_ID).order_by("-at")[:NEWEST]
    return list(mine.values("kind", "name", "detail", "at"))


def objectives_now() -> list[dict[str, Any]]:
    return [
        {"objective": one.objective.name, "target": one.objective.target, "left": one.left, "absent": one.is_absent}
        for one in objectives.shown()
    ]


def processes_now() -> dict[str, Any]:
    names = ("kind", "host", "pid", "version", "started_at", "seen_at", "connections", "busy", "threads", "memory_mb")
    return {
        "processes": [{name: getattr(one, name) for name in names} for one in processes.alive()],
        "queue": asdict(jobs.queue()),
        "tasks": jobs.tasks(),
    }


PARTS = (
    Part("versions.json", _("Versions of Tika, Python, packages and the system"), versions),
    Part("configuration.json", _("What is set in the environment, without secrets"), configuration_given),
    Part("doctor.json", _("The doctor’s report"), lambda: doctor.report().as_json()),
    Part("health.json", _("The health of each part"), health),
    Part("usage.json", _("How much there is: people, workspaces, tickets, bytes, as counts"), lambda: asdict(usage())),
    Part("objectives.json", _("What is left of each error budget"), objectives_now),
    Part("processes.json", _("Processes, connections and the queue"), processes_now),
    Part("metrics.txt", _("The metrics of this host, as Prometheus fetches them"), metrics),
    Part("statements.json", _("The slowest statements, without a value"), lambda: statements.slowest(DAY)),
    Part("plans.txt", _("How PostgreSQL would go about the slowest of them"), plans),
    Part("database.json", _("PostgreSQL’s settings and the sizes of the tables"), database),
    Part("migrations.json", _("The applied migrations"), lambda: rows(MIGRATIONS_SQL)),
    Part("errors.json", _("The groups of exceptions, redacted"), errors),
    Part("deploys.json", _("Deploys, flags and what the pipeline reported"), what_happened),
)
