"""The whole product in a real browser: `web` and `live` as bin/run starts them, Chromium, people who are signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests import replicas
from tests.cast import Person, Scene
from tests.live import servers
from tests.system.board_page import BoardPage

# A browser of the tests speaks to nobody but the server under test.
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How long an element is waited for, and what is expected of it, in milliseconds: a busy machine takes its time.
PATIENCE = 10_000
DESKTOP = {"width": 1440, "height": 900}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a `web` process answers which hands its event streams to a `live` one. Or a proxy before two of each."""
    if proxied := os.environ.get(replicas.PORT):
        yield f"http://127.0.0.1:{proxied}"
        return
    folder: Path = tmp_path_factory.mktemp("system")
    port = servers.free_port()
    streams = servers.live(folder)
    pages = servers.web(folder, port, TIKA_BASE_URL=f"http://127.0.0.1:{port}", TIKA_WEB_THREADS="8")
    yield f"http://127.0.0.1:{port}"
    pages.stop()
    streams.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, beside which Django refuses the database; nothing here awaits. It ends with
    # the file, because no other loop can run in the thread meanwhile, and other files' tests have loops of their own.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=os.environ.get("TIKA_CHROMIUM"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """`visit(olga)`: a browser in which that person is signed in; further words are Playwright's for a context."""
    opened: list[BrowserContext] = []

    def start(person: Person, **options: Any) -> BrowserContext:
        given = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Asia/Seoul", "base_url": address} | options
        context = chromium.new_context(**given)
        context.set_default_timeout(PATIENCE)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": person.session_key, "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def open_board(visit: Callable[..., BrowserContext]) -> Iterator[Callable[..., BoardPage]]:
    """`open_board(olga, board)`; afterwards the page must not have complained (scripts, policy, missing files)."""
    pages: list[BoardPage] = []

    def start(person: Person, scene: Scene, path: str = "", **options: Any) -> BoardPage:
        page = BoardPage(visit(person, **options).new_page(), scene)
        pages.append(page)
        page.go(path)
        return page

    yield start
    complaints = [complaint for page in pages for complaint in page.complaints]
    assert not complaints
