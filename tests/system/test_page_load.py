"""A browser tells Tika how long a page took, under the policy that allows no inline script."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Request

from tests.cast import Person, Scene

pytestmark = pytest.mark.browser


def test_leaving_a_page_tells_how_long_it_took(
    visit: Callable[..., BrowserContext], olga: Person, board: Scene
) -> None:
    context = visit(olga)
    told: list[Request] = []
    context.on("request", lambda request: told.append(request) if request.url.endswith("/beacon") else None)
    page = context.new_page()
    page.add_init_script("Math.random = () => 0")
    page.goto(f"/{olga.member.tenant_slug}/boards/{board.key}/")
    page.get_by_text("Pay page fails").first.wait_for()
    with page.expect_request("**/beacon") as asked:
        # Playwright does not see what a page sends while it goes away.
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    body = json.loads(asked.value.post_data or "")
    assert list(body) == ["lcp_ms"]
    assert 0 < body["lcp_ms"] < 60_000
    assert len(told) == 1


def test_most_loads_tell_nothing(visit: Callable[..., BrowserContext], olga: Person) -> None:
    context = visit(olga)
    told: list[str] = []
    context.on("request", lambda request: told.append(request.url) if request.url.endswith("/beacon") else None)
    page = context.new_page()
    page.add_init_script("Math.random = () => 0.9")
    page.goto(f"/{olga.member.tenant_slug}/")
    page.goto(f"/{olga.member.tenant_slug}/members/")
    assert told == []
