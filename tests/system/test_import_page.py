"""A Trello export is dropped into the browser, looked at, imported, and taken back."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from boards.importers.worker import carry_on
from boards.models import Import
from tests import replicas
from tests.boards.importers import exports
from tests.cast import Workspace
from tests.system.conftest import PHONE

pytestmark = pytest.mark.browser

# What a browser does when a file falls on an element.
DROP = """(zone, text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "board.json", { type: "application/json" }));
    for (const type of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def work(workspace: Workspace, page: Page, heading: str) -> None:
    """The worker's next step, which the page waits for under this heading; where there are workers, it is theirs."""
    if replicas.PORT in os.environ:
        return
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    with workspace.told():
        row = Import.objects.filter(tenant_id=workspace.id).latest("created_at")
    assert carry_on(workspace.id, row.pk)


def check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark", **PHONE}], ids=["desktop", "dark phone"])
def test_drops_an_export_and_works_with_it(
    look: dict[str, Any], workspace: Workspace, visit: Callable[..., BrowserContext]
) -> None:
    page = visit(workspace.owner, **look).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"/{workspace.slug}/imports/new")
    check(page)
    page.locator(".drop-zone").evaluate(DROP, json.dumps(exports.board()))
    work(workspace, page, "Reading the file")
    expect(page.get_by_text("Nothing has been written yet.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Start the import").click()
    work(workspace, page, "Importing")
    expect(page.get_by_text("All that was announced is there.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    work(workspace, page, "Taking the import back")
    expect(page.get_by_text("has been removed")).to_be_visible()
    assert not complaints


def test_says_what_is_wrong_where_the_file_was_chosen(
    workspace: Workspace, visit: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = visit(workspace.owner).new_page()
    page.goto(f"/{workspace.slug}/imports/new")
    page.set_input_files("input[type=file]", exports.written(tmp_path, ""))
    page.get_by_role("button", name="Upload and look into it").click()
    expect(page.get_by_role("alert").filter(has_text="The file is empty.")).to_be_visible()


def test_a_form_without_scripts_uploads_too(
    workspace: Workspace, visit: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    page = visit(workspace.owner, java_script_enabled=False).new_page()
    page.goto(f"/{workspace.slug}/imports/new")
    page.set_input_files("input[type=file]", exports.written(tmp_path, exports.board()))
    page.get_by_role("button", name="Upload and look into it").click()
    expect(page.get_by_role("heading", name="board.json")).to_be_visible()
