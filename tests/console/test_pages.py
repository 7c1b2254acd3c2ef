"""What the pages show under some load, and what they never show: what people wrote in a workspace."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import get_resolver

from observability.console import processes, statements
from observability.console.models import Process
from observability.console.queries.components import components, of_objectives
from observability.console.queries.objectives import Burn, Shown, shown
from observability.errors.groups import waiting as exceptions
from observability.logs.levels import LEVELS
from observability.slo import flush
from observability.slo.budget import Counts
from observability.slo.burn import Verdict
from observability.slo.edges import BUCKETS
from observability.slo.objective import objectives
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tests.isolation.estate import Estate, furnished
from tests.language.reading import english_in
from tika.route_guard import patterns

PAGES = sorted(
    route for route, _ in patterns(get_resolver()) if route.startswith("ops/") and "<" not in route and route[-1] == "/"
)
NAMED = [objective.name for objective in objectives().all]
# Where people, workspaces, versions and columns stand under their own names, which are no words of a language.
WITH_NAMES = {
    "ops/",
    "ops/doctor/",
    "ops/cost/",
    "ops/operators/",
    "ops/deploys/",
    "ops/boards/",
    "ops/gate/",
    "ops/maintenance/",
    "ops/agreements/",
    "ops/backups/",
}
WITH_NAMES |= {route for route in PAGES if route.startswith("ops/records/")}
# The operators' workspace, and what the processes, units and levels are called.
SAME_IN_ALL = {"Operations", "p50", "p95", "p99", "·", "web", "live", "worker", *LEVELS}


@pytest.fixture(scope="module")
def estate() -> Estate:
    return furnished("Secretive", olga="OWNER")


@pytest.fixture(scope="module")
def busy(estate: Estate) -> Estate:
    """Somebody of another workspace has used it, and all that was counted is told."""
    for path in ("/api/boards", f"/api/tickets/{estate.ids['ticket']}", "/api/search?q=pay"):
        assert estate.owner.api.get(path).status_code == 200
    estate.owner.client.get(f"/{estate.workspace.slug}/boards/{estate.scene.key}/")
    estate.workspace.board("Launch of the zebra")
    flush.flush()
    statements.flush()
    exceptions.flush()
    return estate


@pytest.fixture(scope="module")
def admin() -> Person:
    return make_operator("admin")


def told(estate: Estate) -> Iterator[str]:
    """What the people of the workspace wrote, and who they are."""
    tables = {"boards_ticket": ("title", "description"), "boards_board": ("name",), "boards_comment": ("body",)}
    tables |= {"boards_label": ("name",), "boards_attachment": ("name",), "boards_checklistitem": ("text",)}
    for table, columns in tables.items():
        for row in run_sql(f"SELECT {', '.join(columns)} FROM {table}", tenant=estate.workspace.id):
            yield from (text for text in row if len(text) > 5)


@pytest.mark.parametrize("route", PAGES)
def test_no_page_shows_what_people_wrote(route: str, busy: Estate, admin: Person) -> None:
    page = admin.client.get(f"/{route}").content.decode()
    found = [text for text in told(busy) if text in page and text != "Operations"]
    assert found == []
    assert str(busy.workspace.id) not in page
    if not route.startswith("ops/records/"):
        assert busy.owner.user.email not in page


def test_there_is_something_to_find(busy: Estate) -> None:
    assert {"Pay page fails", "Who looks at this?", "Back up", "Launch of the zebra"} <= set(told(busy))
    assert len(PAGES) > 20


@pytest.mark.parametrize("route", sorted(set(PAGES) - WITH_NAMES))
def test_every_page_is_korean(route: str, busy: Estate, admin: Person) -> None:
    answer = admin.client.get(f"/{route}", headers={"accept-language": "ko"})
    assert answer["Content-Language"] == "ko"
    page = answer.content.decode()
    for name in (admin.user.name, "SENTRY_DSN", "Sentry", "tika.request", *NAMED):
        page = page.replace(name, "")
    left = [text for text in english_in(page) if not set(text.split()) <= SAME_IN_ALL]
    assert left == []


def count(route: str, *, slow: int = 0, fast: int = 0, failed: int = 0) -> None:
    hist = [0] * BUCKETS
    hist[1], hist[8] = fast, slow
    row = {"route": route, "method": "GET", "age": 70, "failed": failed, "sum_ms": 10.0 * fast, "hist": hist}
    with connection.cursor() as cursor:
        cursor.execute("SELECT slo_count(%s::jsonb)", [json.dumps({"minutes": [], "routes": [row]})])


def test_the_slowest_route_comes_first_with_its_numbers(admin: Person) -> None:
    route = f"api/odd-{datetime.now(UTC):%H%M%S%f}/"
    count(route, slow=19, fast=1, failed=3)
    page = admin.client.get("/ops/routes/").content.decode()
    shown = page[page.index(route.split("/")[1]) :]
    assert "23" in shown
    assert "5.0%" in shown
    one = admin.client.get("/ops/routes/route/", {"method": "GET", "route": route}).content.decode()
    assert "The numbers" in one
    assert '<td class="number">19</td>' in one


def test_a_route_nobody_asked_for_says_so(admin: Person) -> None:
    page = admin.client.get("/ops/routes/route/", {"route": "no/such/<script>"}).content.decode()
    assert "Nothing was asked in this time" in page
    assert "no/such/<script>" not in page
    assert admin.client.get("/ops/routes/route/").status_code == 404


@pytest.mark.parametrize("path", ["/ops/?span=30y", "/ops/statements/?order=%27;&span=x", "/ops/routes/?span=%00"])
def test_nonsense_in_the_address_is_the_usual_page(path: str, admin: Person) -> None:
    assert admin.client.get(path).status_code == 200


def part(name: str) -> Any:
    with tenant_context(OPERATORS_ID):
        return next(one for one in components(shown()) if one.name == name)


def live(kind: str, *, seen: timedelta) -> None:
    now = datetime.now(UTC)
    with tenant_context(OPERATORS_ID):
        Process.objects.filter(tenant_id=OPERATORS_ID).delete()
        fields: dict[str, Any] = {"host": "here", "pid": 1, "version": "1", "connections": 4, "busy": 1, "threads": 8}
        Process.objects.create(tenant_id=OPERATORS_ID, kind=kind, started_at=now, seen_at=now - seen, **fields)


def test_a_process_that_went_silent_is_missed() -> None:
    live("worker", seen=timedelta(seconds=5))
    assert part("worker").health.name == "OK"
    live("worker", seen=timedelta(seconds=31))
    assert part("worker").health.name == "DOWN"
    assert part("web").health.name == "UNKNOWN"


def test_a_process_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "kind", lambda: "live")
    processes.say()
    processes.say()
    with tenant_context(OPERATORS_ID):
        (mine,) = Process.objects.filter(tenant_id=OPERATORS_ID, started_at=processes.started)
    assert mine.kind == "live"
    assert mine.connections >= 1
    assert mine.threads >= 1


def test_a_budget_that_burns_too_fast_degrades_the_whole() -> None:
    window, objective = objectives().windows[0], objectives().all[0]

    def health(verdict: Verdict | None, left: float | None) -> str:
        burns = (Burn(window, verdict),) if verdict else ()
        return of_objectives([Shown(objective, Counts(), left, burns, False)]).health.name

    assert health(Verdict(True, 15.0, 15.0, 9), 0.5) == "DEGRADED"
    assert health(Verdict(False, 1.0, 1.0, 9), 0.5) == "OK"
    assert health(None, None) == "UNKNOWN"


def test_the_wall_and_the_schema_are_in_force() -> None:
    assert part("wall").health.name == "OK"
    assert part("schema").health.name == "OK"


def test_a_job_that_waits_too_long_degrades_the_queue() -> None:
    """In a transaction that is undone."""
    insert = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) VALUES ('q', 't', %s, %s)"
    secret = json.dumps({"title": "Pay page fails"})
    with tenant_context(OPERATORS_ID):
        for minutes, expected in ((1, "OK"), (6, "DEGRADED"), (40, "DOWN")):
            with connection.cursor() as cursor:
                cursor.execute(insert, [secret, datetime.now(UTC) - timedelta(minutes=minutes)])
            assert part("queue").health.name == expected
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 't'")
