"""Joining a workspace, and the pages about people, in a browser: with scripts, without, and looked over by axe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tenancy.verbs import members
from tests.cast import PASSWORD, Person, Workspace
from tests.system.conftest import PHONE
from tests.tenancy.conftest import new_email

Visit = Callable[..., BrowserContext]
PAGES = ["members/", "tokens/", "settings/"]
OWN_PAGES = ["/profile/", "/workspaces/", "/workspaces/new", "/accounts/password/change/", "/accounts/logout/"]
ENTRANCE = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/confirm-email/"]


def check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [
        (rule["id"], rule["nodes"][0]["html"][:200]) for rule in found if rule["impact"] in ("serious", "critical")
    ]
    assert grave == [], page.url


@pytest.fixture
def stranger(chromium: Any, address: str) -> Iterator[Callable[..., Page]]:
    """A browser in which nobody is signed in."""
    opened: list[BrowserContext] = []

    def start(**options: Any) -> Page:
        opened.append(chromium.new_context(**{"locale": "en-GB", "base_url": address} | options))
        return opened[-1].new_page()

    yield start
    for context in opened:
        context.close()


def test_a_colleague_joins_by_a_link(
    workspace: Workspace, olga: Person, visit: Visit, stranger: Callable[..., Page], address: str
) -> None:
    inviting = visit(olga, permissions=["clipboard-read", "clipboard-write"]).new_page()
    inviting.goto(f"/{workspace.slug}/members/")
    inviting.get_by_role("button", name="Create an invitation link").click()
    inviting.get_by_role("button", name="Copy").click()
    expect(inviting.locator("#toasts")).to_contain_text("Copied.")
    link = inviting.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/invitations/")

    joining = stranger(**PHONE)
    joining.goto(link)
    check(joining)
    joining.get_by_role("link", name="Create an account").click()
    joining.get_by_label("Your name").fill("Noa")
    joining.get_by_label("E-mail address").fill(email := new_email())
    joining.get_by_label("Password").fill("short")
    joining.get_by_role("button", name="Sign up").click()
    expect(joining.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(joining.get_by_label("E-mail address")).to_have_value(email)
    check(joining)
    joining.get_by_label("Password").fill(PASSWORD)
    joining.get_by_role("button", name="Sign up").click()
    joining.get_by_role("button", name=f"Join as {email}").click()
    expect(joining).to_have_url(f"{address}/{workspace.slug}/")

    inviting.goto(f"/{workspace.slug}/members/")
    expect(inviting.get_by_role("listitem").filter(has_text="Noa")).to_contain_text(email)


def test_a_role_is_changed_in_its_line(workspace: Workspace, olga: Person, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{workspace.slug}/members/")
    line = page.get_by_role("listitem").filter(has_text="Mia")
    expect(line.get_by_role("button", name="Save")).to_be_hidden()
    line.get_by_label("Role of Mia").select_option("Viewer")
    line.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Role changed.")
    expect(line.get_by_label("Role of Mia")).to_have_value("VIEWER")


def test_removing_access_asks_first(workspace: Workspace, olga: Person, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{workspace.slug}/members/")
    line = page.get_by_role("listitem").filter(has_text="Mia")
    line.get_by_role("button", name="More about Mia").click()
    line.get_by_role("menuitem", name="Remove access").click()
    check(page)
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    expect(line).not_to_contain_text("no access")
    line.get_by_role("button", name="More about Mia").click()
    line.get_by_role("menuitem", name="Remove access").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove access").click()
    expect(line).to_contain_text("no access")


def test_everything_works_without_scripts(workspace: Workspace, olga: Person, visit: Visit) -> None:
    page = visit(olga, java_script_enabled=False).new_page()
    page.goto(f"/{workspace.slug}/members/")
    line = page.get_by_role("listitem").filter(has_text="Mia")
    line.get_by_label("Role of Mia").select_option("Viewer")
    line.get_by_role("button", name="Save").click()
    expect(line.get_by_label("Role of Mia")).to_have_value("VIEWER")
    page.get_by_role("button", name="Create an invitation link").click()
    assert "/invitations/" in page.locator("#shown-once").input_value()
    page.goto(f"/{workspace.slug}/tokens/")
    page.get_by_label("Name").fill("Build server")
    page.get_by_role("button", name="Create token").click()
    assert page.locator("#shown-once").input_value().startswith("tika_pat_")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(
    workspace: Workspace, olga: Person, visit: Visit, stranger: Callable[..., Page], scheme: str, device: dict[str, Any]
) -> None:
    with workspace.told():
        members.add(workspace.id, name="From Trello")
    page = visit(olga, color_scheme=scheme, **device).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    for path in [f"/{workspace.slug}/{name}" for name in PAGES] + OWN_PAGES:
        page.goto(path)
        check(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page = stranger(color_scheme=scheme, **device)
    for path in ENTRANCE:
        page.goto(path)
        check(page)
    assert complaints == []
