"""The queue: how many jobs wait, for how long, and what became of the others. What a job was given is not shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

QUEUE_SQL = """
SELECT count(*) FILTER (WHERE due), min(began) FILTER (WHERE due), count(*) FILTER (WHERE status = 'todo' AND NOT due),
       count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'failed' AND ended > now() - interval '1 day'), now()
FROM (SELECT j.status, j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now()) AS due,
             greatest(j.scheduled_at, e.first) AS began, e.last AS ended
      FROM procrastinate_jobs j
      CROSS JOIN LATERAL (SELECT min(at) AS first, max(at) AS last FROM procrastinate_events WHERE job_id = j.id) e
      WHERE j.status IN ('todo', 'doing', 'failed')) q
"""
TASKS_SQL = """
SELECT j.task_name, j.queue_name, count(*) FILTER (WHERE j.status = 'todo'), count(*) FILTER (WHERE j.status = 'doing'),
       count(*) FILTER (WHERE j.status = 'succeeded'), count(*) FILTER (WHERE j.status IN ('failed', 'aborted')),
       avg(1000 * extract(epoch FROM e.ended - e.started)) FILTER (WHERE j.status = 'succeeded'),
       max(1000 * extract(epoch FROM e.ended - e.started)) FILTER (WHERE j.status = 'succeeded'), max(e.ended)
FROM procrastinate_jobs j
CROSS JOIN LATERAL (SELECT max(at) FILTER (WHERE type = 'started') AS started,
                           max(at) FILTER (WHERE type IN ('succeeded', 'failed')) AS ended
                    FROM procrastinate_events WHERE job_id = j.id) e
GROUP BY 1, 2 ORDER BY 3 DESC, 9 DESC NULLS LAST, 1 LIMIT 100
"""
LATEST_SQL = """
SELECT j.id, j.task_name, j.queue_name, j.status::text, j.attempts, j.scheduled_at, e.first, e.last
FROM procrastinate_jobs j
CROSS JOIN LATERAL (SELECT min(at) AS first, max(at) AS last FROM procrastinate_events WHERE job_id = j.id) e
ORDER BY (j.status IN ('todo', 'doing')) DESC, j.id DESC LIMIT %s
"""
SHOWN = 50
STATUS = {
    "todo": _("waiting"),
    "doing": _("at work"),
    "succeeded": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
    "aborting": _("stopping"),
    "aborted": _("stopped"),
}


@dataclass(frozen=True)
class Queue:
    """`due` wait now, the oldest since `oldest`; `later` have a time of their own; `failed` within a day."""

    due: int
    oldest: datetime | None
    later: int
    doing: int
    failed: int
    now: datetime

    @property
    def oldest_age(self) -> timedelta:
        return self.now - self.oldest if self.oldest else timedelta()


def queue() -> Queue:
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_SQL)
        return Queue(*cursor.fetchone())


def tasks() -> list[dict[str, Any]]:
    names = ("task", "queue", "todo", "doing", "succeeded", "failed", "mean_ms", "longest_ms", "last")
    return rows(TASKS_SQL, [], names)


def latest() -> list[dict[str, Any]]:
    names = ("id", "task", "queue", "status", "attempts", "scheduled_at", "made_at", "last_at")
    return [{**job, "status_label": STATUS[job["status"]]} for job in rows(LATEST_SQL, [SHOWN], names)]


def rows(query: str, parameters: list[Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
