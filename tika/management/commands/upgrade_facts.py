"""For bin/upgrade: what this release would do to the data of the one that runs, as JSON."""

import json
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum

from observability.slo.models.counts import RouteMinute
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = (
        'Tells bin/upgrade {"pending", "unknown", "proven", "sends_log"}; with --failures-since {"requests", "failed"}.'
    )
    # The tables may be those of the release before.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failures-since", metavar="TIME", type=datetime.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        since = options["failures_since"]
        told = failures(since) if since else {**migrations(), **backed_up()}
        self.stdout.write(json.dumps(told))


def migrations() -> dict[str, list[str]]:
    """`pending` are this release's that have not run, `unknown` those that a newer one has run."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - replaced
    return {
        "pending": [f"{migration.app_label}.{migration.name}" for migration, _ in plan],
        "unknown": [f"{app}.{name}" for app, name in sorted(unknown)],
    }


def backed_up() -> dict[str, Any]:
    """The last restore that was proven, None where the release that runs knows of none; and whether the database hands
    out its log, without which there is no base backup."""
    from backups.proven import last_proven, sends_log

    try:
        found, sent = last_proven(), sends_log()
    except ProgrammingError:
        return {"proven": None, "sends_log": True}
    when = found and {"when": found.when.isoformat(timespec="seconds"), "fresh": found.is_fresh}
    return {"proven": when, "sends_log": sent}


def failures(since: datetime) -> dict[str, int]:
    """Of the minutes since then, whole minutes: what was served before is in the first of them."""
    with tenant_context(OPERATORS_ID):
        mine = RouteMinute.objects.filter(tenant_id=OPERATORS_ID, minute__gte=since.replace(second=0, microsecond=0))
        failed = mine.aggregate(sum=Sum("failed"))["sum"] or 0
        requests = sum(sum(hist) for hist in mine.values_list("hist", flat=True))
    return {"requests": int(requests), "failed": int(failed)}
