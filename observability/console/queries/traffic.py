"""What was asked and how fast it was answered, from the minutes that every process counts (observability.slo)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from observability.console.histogram import within
from observability.console.spans import Span
from observability.slo.edges import BUCKETS
from observability.slo.percentile import percentile
from tenancy.operators import OPERATORS_ID

HIST = ", ".join(f"sum(hist[{number}])::bigint" for number in range(1, BUCKETS + 1))
WITHIN = "tenant_id = %(tenant)s AND minute >= %(begin)s AND minute < %(end)s"
TIMES_SQL = f"""
SELECT date_bin(%(step)s, minute, %(begin)s), sum(failed)::bigint, sum(sum_ms), {HIST} FROM slo_routeminute
WHERE {WITHIN} AND (%(route)s = '' OR route = %(route)s AND method = %(method)s) GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - made of constants
ROUTES_SQL = f"""
SELECT method, route, sum(failed)::bigint, sum(sum_ms), {HIST} FROM slo_routeminute WHERE {WITHIN} GROUP BY 1, 2
"""  # noqa: S608 - made of constants
STRIPS_SQL = f"""
SELECT method, route, date_bin(%(step)s, minute, %(begin)s), sum(failed)::bigint, sum(sum_ms), {HIST}
FROM slo_routeminute WHERE {WITHIN} GROUP BY 1, 2, 3
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Answers:
    """`hist` counts those that succeeded by duration; `failed` are 5xx and those nobody waited for."""

    failed: int = 0
    sum_ms: float = 0.0
    hist: tuple[int, ...] = (0,) * BUCKETS

    @property
    def succeeded(self) -> int:
        return sum(self.hist)

    @property
    def all(self) -> int:
        return self.succeeded + self.failed

    @property
    def mean(self) -> float | None:
        return self.sum_ms / self.succeeded if self.succeeded else None

    @property
    def failed_share(self) -> float | None:
        return self.failed / self.all if self.all else None

    @property
    def p50(self) -> float | None:
        return percentile(list(self.hist), 0.5)

    @property
    def p95(self) -> float | None:
        return percentile(list(self.hist), 0.95)

    @property
    def p99(self) -> float | None:
        return percentile(list(self.hist), 0.99)

    @property
    def within_300(self) -> float | None:
        return within(self.hist, 300)


@dataclass
class Route:
    """A pattern and a method; `strip` is one Answers for each step of the span, where it was asked for."""

    method: str
    pattern: str
    answers: Answers
    strip: dict[datetime, Answers] = field(default_factory=dict)


def answers_of(row: tuple[Any, ...]) -> Answers:
    failed, sum_ms, *hist = row
    return Answers(failed or 0, sum_ms or 0.0, tuple(count or 0 for count in hist))


def by_time(
    span: Span, begin: datetime, end: datetime, *, route: str = "", method: str = ""
) -> dict[datetime, Answers]:
    """{beginning of a step: answers}; of one route where it is named. A step without a request is absent."""
    told = parameters(begin, end, step=span.step, route=route, method=method)
    with connection.cursor() as cursor:
        cursor.execute(TIMES_SQL, told)
        return {row[0]: answers_of(row[1:]) for row in cursor.fetchall()}


def by_route(begin: datetime, end: datetime) -> list[Route]:
    """The slowest first, by the 95th percentile."""
    with connection.cursor() as cursor:
        cursor.execute(ROUTES_SQL, parameters(begin, end))
        found = [Route(row[0], row[1], answers_of(row[2:])) for row in cursor.fetchall()]
    return slowest_first(found)


def by_route_and_time(span: Span, begin: datetime, end: datetime) -> list[Route]:
    """As `by_route`, each with its strip."""
    strips: dict[tuple[str, str], dict[datetime, Answers]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(STRIPS_SQL, parameters(begin, end, step=span.step))
        for method, pattern, at, *counts in cursor.fetchall():
            strips[method, pattern][at] = answers_of(tuple(counts))
    return slowest_first([Route(*name, summed(strip.values()), strip) for name, strip in strips.items()])


def summed(parts: Iterable[Answers]) -> Answers:
    all_parts = list(parts)
    hist = tuple(sum(column) for column in zip(*(part.hist for part in all_parts), strict=True))
    return Answers(sum(part.failed for part in all_parts), sum(part.sum_ms for part in all_parts), hist)


def slowest_first(routes: list[Route]) -> list[Route]:
    return sorted(routes, key=lambda one: (-(one.answers.p95 or 0), one.pattern, one.method))


def parameters(begin: datetime, end: datetime, **more: Any) -> dict[str, Any]:
    return {"tenant": OPERATORS_ID, "begin": begin, "end": end, **more}
