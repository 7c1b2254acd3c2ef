"""Processes, queue, schema, connections and disk: the parts of the overview, as checks."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.console.health import Component, Health
from observability.console.queries import components
from observability.console.queries.processes import alive
from observability.doctor.check import Finding, State, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import limit_statements
from observability.doctor.stages import Stage
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

STATES = {Health.OK: State.OK, Health.DEGRADED: State.WARN, Health.DOWN: State.FAIL, Health.UNKNOWN: State.UNKNOWN}
KINDS = ("web", "live", "worker")


def as_finding(of: Callable[[], Component], remedy: str) -> Finding:
    with tenant_context(OPERATORS_ID):
        limit_statements()
        part = of()
    state = STATES[part.health]
    return Finding(state, part.says, "" if state is State.OK else remedy, part.advice)


@check(
    "machinery.schema",
    Stage.MVP,
    gettext_lazy("The tables are those of this version"),
    gettext_lazy("The applied migrations, against those of the code."),
)
def schema() -> Finding:
    return as_finding(components.of_schema, "bin/manage migrate")


@check(
    "machinery.processes",
    Stage.MVP,
    gettext_lazy("Every kind of process is there, of one version"),
    gettext_lazy("The signs of life of the last 30 seconds."),
)
def processes() -> Finding:
    with tenant_context(OPERATORS_ID):
        limit_statements()
        there = alive()
    counts = {kind: sum(one.kind == kind for one in there) for kind in KINDS}
    versions = sorted({one.version for one in there})
    missing = [kind for kind, count in counts.items() if not count]
    says = ", ".join(f"{kind} {count}" for kind, count in counts.items()) + f" · {', '.join(versions) or '–'}"
    if missing:
        return fail(says, "bin/run", _("Not there: %(kinds)s") % {"kinds": ", ".join(missing)})
    if len(versions) > 1:
        return warn(says, "bin/run", _("Two versions at once: is an upgrade under way?"))
    return ok(says)


@check(
    "machinery.queue",
    Stage.MVP,
    gettext_lazy("Jobs do not wait"),
    gettext_lazy("The queue: how many jobs wait, and for how long."),
)
def queue() -> Finding:
    return as_finding(components.of_queue, "bin/manage worker")


@check(
    "machinery.database",
    Stage.MVP,
    gettext_lazy("PostgreSQL answers, with connections to spare"),
    gettext_lazy("The time of an answer, and the connections in use."),
)
def database() -> Finding:
    return as_finding(components.of_database, "TIKA_PGBOUNCER=1")


@check(
    "machinery.disk",
    Stage.MVP,
    gettext_lazy("There is room on the disk"),
    gettext_lazy("The file system of the data folder."),
)
def disk() -> Finding:
    return as_finding(components.of_disk, 'du -xh --max-depth=2 "$TIKA_DATA_DIR" | sort -h | tail')
