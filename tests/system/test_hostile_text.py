"""Script in a title, a text, a comment, a file name, a picture: in a real browser nothing of it runs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from boards.verbs import attachments, checklists, comments
from tests.cast import Person, Scene
from tests.hostile import FILES, SVG, lines_of

Open = Callable[..., Any]
SCRIPT = '<script>document.title="ran"</script><img src=x onerror="document.title=\'ran\'">'
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
VECTORS = [line for path in FILES if path.name.startswith("XSS_Injection--Intruders") for line in lines_of(path)]
TRAP = """() => {
    window.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.ran.push(name);
}"""


@pytest.fixture
def ticket(board: Scene, olga: Person) -> int:
    """Number 5, with script wherever a text can be."""
    made = board.ticket(
        SCRIPT, description=SCRIPT + "\n\n[x](javascript:document.title='ran')\n\n" + "\n\n".join(VECTORS[:400])
    )
    with board.workspace.told() as by:
        for start in range(0, len(VECTORS), 100):
            comments.create(made, SCRIPT + "\n\n".join(VECTORS[start : start + 100]), by=by)
        checklists.add_item(checklists.create(made, SCRIPT, by=by), SCRIPT, by=by)
        for name, picture in [("own.svg", PICTURE), *((path.name, path.read_bytes()) for path in SVG)]:
            attachments.store(made, SimpleUploadedFile(name, picture, "image/svg+xml"), by=by)
        attachments.store(made, SimpleUploadedFile(SCRIPT.replace("/", ""), b"x", "text/html"), by=by)
    return 5


def test_nothing_runs_on_the_board_in_the_panel_and_in_the_search(
    olga: Person, board: Scene, ticket: int, open_board: Open
) -> None:
    at = open_board(olga, board)
    at.page.add_init_script(f"({TRAP})()")
    for path in (f"{at.address}tickets/{ticket}/", f"/{board.workspace.slug}/search/?q=script", at.address):
        at.page.goto(path)
        at.page.wait_for_load_state("load")
        at.page.wait_for_timeout(300)
        assert at.page.evaluate("window.ran") == []
        assert at.page.title() != "ran"
        assert at.page.locator("script:not([src]):not([type='application/json'])").count() == 0
        assert at.page.locator("[onerror], [onload], [onclick], a[href^='javascript:' i]").count() == 0
    at.expect_column("To do", ["Pay page fails", "카드결제오류", SCRIPT])


def test_an_svg_that_is_opened_by_its_address_is_a_download(
    olga: Person, board: Scene, ticket: int, open_board: Open
) -> None:
    at = open_board(olga, board, f"tickets/{ticket}/")
    link = at.page.locator("#panel a[href*='/content']").first
    expect(link).to_be_attached()
    address = link.get_attribute("href")
    with at.page.expect_download() as download:
        at.page.evaluate("(address) => { location.href = address; }", address)
    assert download.value.suggested_filename.endswith(".svg")
