"""Counts for tests: objectives with names of their own, minutes written down, answers observed."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from observability.slo.budget import Counts
from observability.slo.objective import Objective, objectives
from observability.slo.observe import observe
from tenancy.operators import OPERATORS_ID
from tests.cast import connect


def own(name: str = "availability", **changes: Any) -> Objective:
    """Like the objective of that name, counted apart from everything else."""
    return replace(objectives().named(name), name=f"{name}_{secrets.token_hex(4)}", **changes)


def write_minutes(
    name: str, minutes: Iterable[tuple[datetime, Counts]], *, tenant: uuid.UUID = OPERATORS_ID, synthetic: int = 0
) -> None:
    rows = [(tenant, name, minute, counts.good, counts.valid, synthetic) for minute, counts in minutes]
    with connect("superuser") as own_connection, own_connection.transaction():
        own_connection.cursor().executemany(
            "INSERT INTO slo_sliminute (id, tenant_id, sli, minute, good, valid, synthetic, sum_ms)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, 0)",
            rows,
        )


def answer(
    status: int = 200, route: str = "api/tickets", seconds: float = 0.01, tenant: Any = None, method: str = "GET"
) -> None:
    """As the middleware tells of it."""
    member = SimpleNamespace(tenant_id=tenant) if tenant else None
    request: Any = SimpleNamespace(method=method, META={}, member=member)
    response: Any = SimpleNamespace(status_code=status)
    observe(request, response, route, seconds)
