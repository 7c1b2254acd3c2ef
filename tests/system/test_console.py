"""The console in a browser: nobody is shut out, nothing is cut off, and it renews itself."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import get_resolver
from playwright.sync_api import BrowserContext, Page, expect

from observability.console.verbs import marks
from observability.slo.edges import BUCKETS
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator
from tests.system.conftest import PHONE
from tests.system.test_pages import grave
from tika.route_guard import patterns

Visit = Callable[..., BrowserContext]
PAGES = sorted(
    f"/{route}"
    for route, _ in patterns(get_resolver())
    if route.startswith("ops/") and "<" not in route and route[-1] == "/"
)
ROUTE = "/ops/routes/route/"  # which route, is said behind it
# Django's own pages are looked at for complaints alone.
OWN = [path for path in PAGES if not path.startswith("/ops/records/") and path != ROUTE]
RECORDS = ["/ops/records/", "/ops/records/tenancy/user/", "/ops/records/audit/operator/"]


@pytest.fixture(scope="module")
def admin() -> Person:
    count(f"api/{secrets.token_hex(4)}/<uuid:ticket_id>/position", fast=90, slow=8, failed=2)
    with tenant_context(OPERATORS_ID):
        marks.record("deploy", f"0.1.0 {secrets.token_hex(5)}", detail="Spread connections evenly")
    return make_operator("admin")


def count(route: str, *, fast: int, slow: int = 0, failed: int = 0) -> None:
    """Answers of the last five minutes."""
    hist = [0] * BUCKETS
    hist[2], hist[7] = fast, slow
    answers = {"failed": failed, "sum_ms": 20.0 * fast, "hist": hist}
    routes = [{"route": route, "method": "GET", "age": 60 * minute, **answers} for minute in range(1, 6)]
    counts = {"good": fast + slow, "valid": fast + slow + failed, "synthetic": 0, "sum_ms": 0.0, "hist": None}
    minutes = [{"tenant": None, "sli": "availability", "age": 60 * minute, **counts} for minute in range(1, 6)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT slo_count(%s::jsonb)", [json.dumps({"minutes": minutes, "routes": routes})])


def opened(visit: Visit, person: Person, **options: Any) -> tuple[Page, list[str]]:
    page, complaints = visit(person, **options).new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_too_wide(
    scheme: str, device: dict[str, Any], admin: Person, visit: Visit
) -> None:
    page, complaints = opened(visit, admin, color_scheme=scheme, **device)
    for path in [*OWN, f"{ROUTE}?method=GET&route=api/tickets"]:
        page.goto(path)
        assert grave(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert complaints == []


def test_django_s_pages_keep_to_the_policy(admin: Person, visit: Visit) -> None:
    page, complaints = opened(visit, admin)
    for path in RECORDS:
        assert page.goto(path).status == 200  # type: ignore[union-attr]
        expect(page.get_by_role("link", name="Back to the console")).to_be_visible()
    assert complaints == []


def test_a_point_is_read_by_pointer_and_by_key(admin: Person, visit: Visit) -> None:
    page, complaints = opened(visit, admin)
    page.goto("/ops/")
    plot = page.locator("[data-chart=points-requests]")
    plot.hover()
    expect(page.locator(".tip")).to_contain_text("Served")
    page.mouse.move(5, 5)
    expect(page.locator(".tip")).to_have_count(0)
    plot.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("status").filter(has_text="Served")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_have_count(0)
    assert complaints == []


def test_a_page_renews_itself_and_leaves_open_what_is_open(admin: Person, visit: Visit) -> None:
    page, complaints = opened(visit, admin)
    page.clock.install()
    page.goto("/ops/routes/")
    name = secrets.token_hex(4)
    expect(page.get_by_text(name)).to_have_count(0)
    count(f"api/{name}/", fast=1, slow=9)
    page.clock.run_for(11_000)
    expect(page.get_by_text(name)).to_be_visible()
    page.goto("/ops/")
    details = page.locator("#chart-requests details")
    details.locator("summary").click()
    with page.expect_response("**/ops/"):
        page.clock.run_for(11_000)
    expect(details).to_have_attribute("open", "")
    assert complaints == []


def test_live_can_be_switched_off(admin: Person, visit: Visit) -> None:
    page, _ = opened(visit, admin)
    page.clock.install()
    page.goto("/ops/routes/")
    page.get_by_role("button", name="Live").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(40_000)
    assert asked == []


def test_without_scripts_the_pages_say_the_same(admin: Person, visit: Visit) -> None:
    page = visit(admin, java_script_enabled=False).new_page()
    page.goto("/ops/")
    expect(page.locator("#chart-requests path.line").first).to_be_attached()
    expect(page.get_by_role("button", name="Live")).to_be_hidden()
    page.goto("/ops/slos/")
    page.locator("summary").first.click()
    expect(page.get_by_role("table").nth(1)).to_be_visible()


def test_a_logger_is_changed_and_goes_back(admin: Person, visit: Visit) -> None:
    page, complaints = opened(visit, admin)
    page.goto("/ops/log-levels/")
    name = f"tika.t{secrets.token_hex(3)}"
    page.get_by_label("Logger", exact=True).fill(name)
    page.get_by_label("For how many minutes").fill("2")
    page.get_by_role("button", name="Change for a while").click()
    expect(page.locator("#toasts")).to_contain_text("within five seconds")
    page.get_by_role("button", name=f"End it for {name}").click()
    expect(page.locator("#toasts")).to_contain_text("goes back")
    expect(page.get_by_text(name)).to_have_count(0)
    assert complaints == []
