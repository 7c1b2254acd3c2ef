"""The health value of each part of the installation, from what the parts themselves say."""

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from observability.console.health import Component, Health
from observability.console.models import Process
from observability.console.queries.backups import of_backups
from observability.console.queries.database import database, role_that_passes_the_wall
from observability.console.queries.jobs import queue
from observability.console.queries.objectives import Shown
from observability.console.queries.processes import alive
from observability.health import latest_migrations

SLOW_ANSWER_MS = 100.0
FEW_CONNECTIONS, LITTLE_SPACE, NO_SPACE = 0.2, 0.1, 0.02
JOB_WAITS, JOB_STARVES = timedelta(minutes=5), timedelta(minutes=30)


def components(objectives: Sequence[Shown]) -> list[Component]:
    there = alive()
    parts: list[Callable[[], Component]] = [
        lambda: of_processes("web", _("Web"), there),
        lambda: of_processes("live", _("Live"), there),
        lambda: of_processes("worker", _("Worker"), there),
        of_database,
        of_queue,
        of_wall,
        of_schema,
        of_disk,
        of_backups,
        lambda: of_objectives(objectives),
    ]
    return [part() for part in parts]


def of_processes(kind: str, label: str, there: list[Process]) -> Component:
    mine = [process for process in there if process.kind == kind]
    if mine:
        sentence = ngettext(
            "%(count)d process, %(busy)d of %(connections)d connections busy",
            "%(count)d processes, %(busy)d of %(connections)d connections busy",
            len(mine),
        )
        says = sentence % {
            "count": len(mine),
            "busy": sum(process.busy for process in mine),
            "connections": sum(process.connections for process in mine),
        }
        return Component(kind, label, Health.OK, says, page="processes")
    if kind == "web":
        # It answers this very request, so only its signs of life are missing.
        return Component(kind, label, Health.UNKNOWN, _("No sign of life yet"), _("Wait half a minute."), "processes")
    advice = _("Start it: bin/run does, and a deployment has a process of this name.")
    return Component(kind, label, Health.DOWN, _("No process has been heard of for half a minute"), advice, "processes")


def of_database() -> Component:
    found = database()
    says = _("Answers in %(ms).1f ms; %(count)d of %(limit)d connections; %(size)s") % {
        "ms": found.answer_ms,
        "count": found.connections,
        "limit": found.limit,
        "size": filesizeformat(found.size),
    }
    health, advice = Health.OK, ""
    if found.free_share < FEW_CONNECTIONS:
        health, advice = Health.DEGRADED, _("Fewer processes or threads, or PgBouncer, leave connections free.")
    elif found.answer_ms > SLOW_ANSWER_MS:
        health, advice = Health.DEGRADED, _("Look at the statements that take its time.")
    return Component("database", _("Database"), health, says, advice, "processes")


def of_queue() -> Component:
    found = queue()
    minutes = int(found.oldest_age.total_seconds() // 60)
    says = _("%(due)d waiting, %(doing)d at work, %(failed)d failed today") % {
        "due": found.due,
        "doing": found.doing,
        "failed": found.failed,
    }
    if found.oldest_age > JOB_STARVES:
        advice = _("The oldest job has waited %(minutes)d minutes: is the worker there?") % {"minutes": minutes}
        return Component("queue", _("Queue"), Health.DOWN, says, advice, "jobs")
    if found.oldest_age > JOB_WAITS:
        advice = _("The oldest job has waited %(minutes)d minutes.") % {"minutes": minutes}
        return Component("queue", _("Queue"), Health.DEGRADED, says, advice, "jobs")
    return Component("queue", _("Queue"), Health.OK, says, page="jobs")


def of_wall() -> Component:
    if what := role_that_passes_the_wall():
        advice = _("Stop Tika and give it the roles of docs/operating.md.")
        says = _("The database role passes it, as %(what)s") % {"what": what}
        return Component("wall", _("Isolation"), Health.DOWN, says, advice)
    return Component("wall", _("Isolation"), Health.OK, _("Enforced by PostgreSQL for every table"))


def of_schema() -> Component:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = latest_migrations() - set(cursor.fetchall())
    if missing:
        advice = _("Run bin/manage migrate.")
        return Component("schema", _("Schema"), Health.DOWN, _("Apps that lack migrations: %d") % len(missing), advice)
    return Component("schema", _("Schema"), Health.OK, _("All migrations are applied"))


def of_disk() -> Component:
    """Of the data folder: attachments, imports and, with bin/run, the database itself."""
    try:
        usage = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        return Component("disk", _("Disk"), Health.UNKNOWN, _("The data folder cannot be looked at"))
    free = usage.free / usage.total
    says = _("%(free)s free of %(total)s") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
    }
    health = Health.DOWN if free < NO_SPACE else Health.DEGRADED if free < LITTLE_SPACE else Health.OK
    advice = "" if health is Health.OK else _("Make room: uploads and writes fail without it.")
    return Component("disk", _("Disk"), health, says, advice)


def of_objectives(found: Sequence[Shown]) -> Component:
    """Which budgets burn too fast right now."""
    label, firing = _("Objectives"), [one.objective.name for one in found if one.fires]
    if firing:
        says = _("Burning too fast: %(names)s") % {"names": ", ".join(firing)}
        advice = _("Look at what failed, and at what was deployed before.")
        return Component("objectives", label, Health.DEGRADED, says, advice, "slos")
    if all(one.left is None for one in found):
        return Component("objectives", label, Health.UNKNOWN, _("Nothing has been counted yet"), page="slos")
    return Component("objectives", label, Health.OK, _("No budget burns too fast"), page="slos")
