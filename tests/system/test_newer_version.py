"""A page that is open while the server becomes a newer one: it says so quietly, and nothing that was typed is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.cast import Person, Scene
from tests.live import servers
from tika.cli.environment import ROOT

Open = Callable[..., Any]
NEWER = """
import tika.env
tika.env.VERSION = "9.0.0"
exec(compile(open({path!r}).read(), {path!r}, "exec"))
"""


class Upgraded:
    """`web` and `live` on one port, the first of which can be replaced by one that says it is 9.0.0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = servers.free_port()
        self.live = servers.live(folder)
        self.web = self.start("tika/gunicorn_web.py")

    def start(self, configuration: str) -> servers.Process:
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "TIKA_LIVE_HANDOVER": str(self.folder / "live.sock"),
            "TIKA_BASE_URL": f"http://127.0.0.1:{self.port}",
            "TIKA_WEB_WORKERS": "1",
            "TIKA_WEB_THREADS": "8",
        }
        command = ["gunicorn", "--config", configuration, "tika.wsgi"]
        process = servers.Process(command, self.folder / "web.log", port=self.port, **own)
        servers.wait_for(lambda: servers.is_up(self.port), process)
        return process

    def upgrade(self) -> None:
        file = self.folder / "newer.py"
        file.write_text(NEWER.format(path=str(ROOT / "tika" / "gunicorn_web.py")))
        self.web.stop(seconds=40)
        self.live.stop()
        self.web = self.start(str(file))
        self.live = servers.live(self.folder)

    def stop(self) -> None:
        self.web.stop()
        self.live.stop()


@pytest.fixture
def upgraded(tmp_path: Path) -> Iterator[Upgraded]:
    both = Upgraded(tmp_path)
    yield both
    both.stop()


@pytest.fixture
def address(upgraded: Upgraded) -> str:
    return f"http://127.0.0.1:{upgraded.port}"


@pytest.mark.browser
def test_a_board_keeps_its_drafts_over_an_upgrade(
    olga: Person, board: Scene, open_board: Open, upgraded: Upgraded
) -> None:
    at = open_board(olga, board, "tickets/1/")
    notice = at.page.locator("#newer")
    comment = at.panel.get_by_role("textbox", name="Write a comment")
    comment.fill("Half a thought")
    expect(notice).to_be_hidden()
    upgraded.upgrade()
    at.complaints.clear()
    expect(notice).to_be_visible(timeout=20_000)
    expect(notice).to_contain_text("Tika has been updated. What you have typed is kept.")
    # It is there, and in nobody's way: the person goes on typing.
    comment.press("End")
    at.page.keyboard.type(", and the rest")
    at.complaints.clear()
    notice.get_by_role("button", name="Reload").click()
    at.loaded()
    expect(comment).to_have_value("Half a thought, and the rest")
    expect(notice).to_be_hidden()


@pytest.mark.browser
def test_a_form_keeps_what_was_typed(
    olga: Person, board: Scene, visit: Callable[..., BrowserContext], upgraded: Upgraded
) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{board.workspace.slug}/boards/new")
    name = page.get_by_role("textbox").first
    name.fill("A board in the making")
    upgraded.upgrade()
    page.evaluate(
        "import(document.querySelector('script[src*=shell]').src.replace('shell.js', 'newer.js')).then((m) => m.ask())"
    )
    page.locator("#newer").get_by_role("button", name="Reload").click()
    page.wait_for_load_state()
    expect(page.get_by_role("textbox").first).to_have_value("A board in the making")
    expect(page.locator("#newer")).to_be_hidden()


@pytest.mark.browser
def test_it_can_be_left_for_later(olga: Person, board: Scene, open_board: Open, upgraded: Upgraded) -> None:
    at = open_board(olga, board)
    upgraded.upgrade()
    notice = at.page.locator("#newer")
    expect(notice).to_be_visible(timeout=20_000)
    notice.get_by_role("button", name="Later").click()
    expect(notice).to_be_hidden()
    at.page.reload()
    at.loaded()
    expect(notice).to_be_hidden()
    at.complaints.clear()
