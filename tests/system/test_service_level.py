"""A workspace's own service level in a browser: readable by everybody, on every screen, and without colour."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from observability.slo.budget import Counts
from tests.cast import Person, Workspace, run_sql
from tests.slo.counting import write_minutes
from tests.system.conftest import PHONE
from tests.system.test_pages import grave

Visit = Callable[..., BrowserContext]
BAD_DAY = 3


@pytest.fixture
def served(workspace: Workspace) -> Workspace:
    """A week, one day of which was bad."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    days = [(now - timedelta(days=number), Counts(980 if number == BAD_DAY else 1000, 1000)) for number in range(7)]
    for name in ("availability", "api_latency_p95", "api_latency_p99"):
        write_minutes(name, days, tenant=workspace.id)
    run_sql("SELECT slo_roll_up(%s)", [(now - timedelta(days=8)).date()], role="worker")
    return workspace


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_too_wide(
    scheme: str, device: dict[str, Any], olga: Person, served: Workspace, visit: Visit
) -> None:
    page = visit(olga, color_scheme=scheme, **device).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    for path in ("", f"report?month={datetime.now(UTC):%Y-%m}"):
        page.goto(f"/{served.slug}/service-level/{path}")
        assert grave(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert complaints == []


def test_a_bad_day_has_another_shape_and_its_numbers_are_behind(olga: Person, served: Workspace, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{served.slug}/")
    page.get_by_role("button", name="Acme").click()
    page.get_by_role("menuitem", name="Service level").click()
    first = page.get_by_role("region", name="Availability")
    assert first.locator(".day-missed").count() == 1
    assert first.locator(".day-kept").count() == 6
    first.get_by_text("The numbers").click()
    expect(first.get_by_role("row").filter(has_text="98%")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    assert download.value.suggested_filename.endswith(".pdf")
