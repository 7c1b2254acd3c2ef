"""The API's page for people, in a real browser, under the policy that every page has."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.cast import Workspace
from tests.system.conftest import PHONE

pytestmark = pytest.mark.browser

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEEN = """() => { window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective)); }"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_is_read_on_a_phone_in_both_languages(
    language: str, workspace: Workspace, visit: Callable[..., BrowserContext]
) -> None:
    page = visit(workspace.owner, locale=language, **PHONE).new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(f"({SEEN})()")
    page.goto("/api/docs")
    assert page.locator("html").get_attribute("lang") == language
    move = page.locator("details", has_text="PUT /api/tickets/{ticket_id}/position")
    move.locator("summary").tap()
    expect(move.locator("pre").first).to_contain_text('"after"')
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate(WIDER) <= 0
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("window.refused") == said == []
    home = page.url.removesuffix("/api/docs")
    assert [url for url in asked if not url.startswith(home)] == []
