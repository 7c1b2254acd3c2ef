"""Every metric Tika exports, each with its sentence: nothing is exported that does not stand here."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
Origin = Literal["processes", "exporter"]

# Milliseconds. 300 and 1000 are the objectives' thresholds: an edge, so that the share below them is counted and not
# interpolated (research PROM, trap T6).
REQUEST_EDGES = (5, 10, 25, 50, 100, 200, 300, 500, 1000, 2500, 5000, 10000)
QUERY_EDGES = (1, 2, 5, 10, 25, 50, 100, 250, 1000)
WAIT_EDGES = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 3)


@dataclass(frozen=True)
class Metric:
    """`twin` is the name of the same numbers in base units: a thousandth of what is counted here in milliseconds."""

    name: str
    kind: Kind
    says: str
    labels: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    twin: str = ""
    origin: Origin = "processes"

    @property
    def unit(self) -> str:
        for suffix, unit in UNITS.items():
            if self.name.endswith(suffix):
                return unit
        return "1"

    @property
    def width(self) -> int:
        """How many numbers one series keeps: a histogram's buckets, the one above all edges, and the sum."""
        return len(self.edges) + 2 if self.kind == "histogram" else 1


def fact(name: str, says: str, *labels: str) -> Metric:
    """A gauge that only the exporter knows."""
    return Metric(name, "gauge", says, labels, origin="exporter")


UNITS = {"_ms": "ms", "_seconds": "s", "_bytes": "bytes", "_ratio": "1"}

REQUESTS = Metric(
    "http_request_total",
    "counter",
    "Requests answered, by method, route pattern and status code.",
    ("method", "path", "status"),
)
REQUEST_DURATION = Metric(
    "http_request_duration_ms",
    "histogram",
    "Time from a request's arrival in a web process to its answer's first byte, by status class (2xx, 4xx, ...).",
    ("method", "path", "status"),
    REQUEST_EDGES,
    twin="http_server_request_duration_seconds",
)
ERROR_RATE = fact(
    "http_error_rate",
    "Share of requests answered with 5xx in the last five minutes; derived from http_request_total, absent while nobody"
    " asks anything.",
)
QUERY_DURATION = Metric(
    "db_query_duration_ms",
    "histogram",
    "Time a statement took as the process saw it, the way to the database included, by kind of statement.",
    ("operation",),
    QUERY_EDGES,
    twin="db_client_operation_duration_seconds",
)
CONNECTIONS_ACTIVE = Metric(
    "db_pool_active_connections",
    "gauge",
    "Database connections in the middle of a transaction, by kind of process, looked at every five seconds.",
    ("process",),
)
CONNECTIONS_OPEN = Metric(
    "db_pool_open_connections", "gauge", "Database connections held open, by kind of process.", ("process",)
)
CONNECTIONS_LIMIT = Metric(
    "db_pool_limit_connections", "gauge", "Database connections the processes may open at most.", ("process",)
)
POOL_WAITING = Metric(
    "db_pool_waiting_requests", "gauge", "Work that waits for a connection of its process's pool.", ("process",)
)
POOL_WAIT = Metric(
    "db_pool_wait_seconds",
    "histogram",
    "Time work waited for a connection of its process's pool; three seconds is where it gives up.",
    ("process",),
    WAIT_EDGES,
)
TICKETS_CREATED = Metric(
    "tickets_created_total",
    "counter",
    "Tickets created, by the category of the column they were created in; imported ones count too.",
    ("status",),
)
SLO_EVENTS = Metric(
    "slo_events_total",
    "counter",
    "Events of objectives that no request tells of (page loads, the lag of live updates), by whether they were good.",
    ("slo", "result"),
)
STREAMS_OPEN = Metric("live_open_streams", "gauge", "Event streams of open boards that a live process feeds.")
ROUNDS = Metric(
    "worker_rounds_total", "counter", "Rounds the worker made, by name and whether they went well.", ("round", "result")
)

TICKETS_BY_STATUS = fact(
    "tickets_by_status",
    "Tickets on the boards of all workspaces, archived and trashed ones left out, by their column's category.",
    "status",
)
QUEUE_DEPTH = fact("job_queue_depth", "Jobs that wait (todo) or are being done (doing).", "state")
QUEUE_AGE = fact(
    "job_queue_oldest_age_seconds", "How long the oldest job that is due has been waiting; 0 when none is."
)
SERVER_CONNECTIONS = fact("db_server_connections", "Connections the database server serves, everybody's.")
SERVER_CONNECTIONS_LIMIT = fact(
    "db_server_max_connections", "Connections the database server grants to roles that are no superuser."
)
DATABASE_SIZE = fact("db_size_bytes", "What the database takes on its disk.")
MIGRATIONS_PENDING = fact("migrations_pending", "Migrations of this code that the database has not seen.")
BUDGET = fact(
    "slo_error_budget_remaining_ratio",
    "What is left of an objective's error budget as Tika counts it: 1 untouched, 0 used up; absent while too little is"
    " known.",
    "slo",
)
BACKUP_AGE = fact("backup_age_seconds", "Time since the last backup that is known of; absent until there is one.")
BACKUP_FAILED = fact("backup_failed", "1 when the newest attempt of a kind of backup went wrong; 0 when none did.")
BACKUP_LOST = fact(
    "backup_unprotected_seconds",
    "What would be lost were the database gone now: the measured RPO; absent until then.",
)
DUMPS_ALONE = fact("backup_dumps_only", "1 when the database does not hand out its write-ahead log; 0 when it does.")
RESTORE_PROVEN = fact(
    "tika_last_restore_verified_timestamp_seconds",
    "When a backup was last restored and found whole; absent before.",
)
RESTORE_TIME = fact("tika_last_restore_rto_seconds", "How long that restore took: the measured RTO.")
FACTS_FRESH = fact(
    "exporter_fact_up",
    "1 when the exporter's last look at this fact went well; at 0 the fact's own numbers are absent.",
    "fact",
)
BUILD = fact("tika_build_info", "Always 1; the labels say what runs.", "version", "python")
FILES = fact("metrics_folder_files", "Files in the folder that the processes count in.")
FILES_BYTES = fact("metrics_folder_bytes", "What those files take.")
FILES_FREE = fact("metrics_folder_free_bytes", "Room left where that folder is.")
FILES_DAMAGED = fact("metrics_folder_damaged_files", "Files among them that could not be read and were left out.")

CATALOGUE = tuple(value for value in list(vars().values()) if isinstance(value, Metric))
BY_NAME = {metric.name: metric for metric in CATALOGUE}
