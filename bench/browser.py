"""What a person sees: how soon a board is painted in Chromium, how large the page is, how soon a remote move shows.

Each visit is a fresh browser profile with nothing cached; boards take turns, so that a busy machine treats them alike.
"""

import http.client
import json
from collections.abc import Callable
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.installation import Installation
from bench.people import Caller, by_token, sign_in
from bench.report import BROWSER_GOALS
from bench.seed import Board, Workspace
from tests.tools import chromium

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
VISITS, MOVES = 5, 20
PATIENCE = 60_000  # milliseconds
PAINTED = "() => performance.getEntriesByName('tika:board-painted')[0]?.startTime"
NODES = "document.querySelectorAll('*').length"
SIZES = """() => {
    const sums = {js: 0, css: 0};
    for (const entry of performance.getEntriesByType("resource")) {
        const kind = new URL(entry.name).pathname.split(".").pop();
        if (kind in sums) sums[kind] += entry.encodedBodySize;
    }
    return sums;
}"""
# Counts frames, and notes at which frame the page says that an event has arrived and that it has been painted.
COUNT_FRAMES = """(() => {
    let frames = 0;
    const tick = () => { frames += 1; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    window.seen = {"tika:event": [], "tika:painted": []};
    const mark = performance.mark.bind(performance);
    performance.mark = (name, options) => {
        window.seen[name]?.push([frames, performance.now()]);
        return mark(name, options);
    };
})()"""
# Functions: an expression would be evaluated again at the next frame, which the page's policy forbids.
SHOWS_FIRST = "title => document.querySelector('.column .card-title')?.textContent === title"
ALL_PAINTED = "() => window.seen['tika:event'].length === window.seen['tika:painted'].length"


def in_browser(installation: Installation, space: Workspace, note: Callable[[str], None]) -> dict[str, Any]:
    # Both ask the database, which Django refuses while Playwright's loop runs.
    cookie, caller = sign_in(space), by_token(space)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        visitor = Visitor(browser, installation.port, space, cookie)
        boards = {"empty": space.empty, "usual": space.usual[0], "largest": space.largest}
        found: dict[str, list[float]] = {name: [] for name in boards}
        visitor.painted(space.empty)  # what the server and the browser do only once
        for visit in range(VISITS):
            for name, board in boards.items():
                note(f"a board of {len(board.tickets)} tickets in Chromium, {visit + 1} of {VISITS}")
                found[name].append(visitor.painted(board))
        sizes = visitor.sizes()
        moves = visitor.moves(space.usual[0], Api(installation.port, caller))
        version = browser.version
        browser.close()
    paint = {name: round(median(times), 1) for name, times in found.items()}
    figures = {
        "painted_usual_vs_empty": round(paint["usual"] / paint["empty"], 2),
        "painted_largest_vs_empty": round(paint["largest"] / paint["empty"], 2),
        **sizes,
        **moves,
    }
    return {"chromium": version, "painted_ms": paint, "goals": {name: figures[name] for name in BROWSER_GOALS}}


class Api:
    def __init__(self, port: int, caller: Caller) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.caller = caller

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = dict(line.split(": ", 1) for line in self.caller.headers.splitlines())
        headers["Content-Type"] = "application/json"
        self.connection.request(method, f"/api/{path}", json.dumps(body) if body else None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content[:500]!r}")
        return json.loads(content)


class Visitor:
    def __init__(self, browser: Browser, port: int, space: Workspace, session: str) -> None:
        self.browser = browser
        self.address = f"http://127.0.0.1:{port}"
        self.space = space
        self.session = session

    def context(self) -> BrowserContext:
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.address}])
        return context

    def open(self, context: BrowserContext, board: Board) -> Page:
        page = context.new_page()
        page.goto(f"{self.address}/{self.space.slug}/boards/{board.key}/", wait_until="commit")
        page.wait_for_function(PAINTED)
        return page

    def painted(self, board: Board) -> float:
        """Milliseconds from the click to the frame that shows the columns."""
        context = self.context()
        try:
            return float(self.open(context, board).evaluate(PAINTED))
        finally:
            context.close()

    def sizes(self) -> dict[str, int]:
        context = self.context()
        page = self.open(context, self.space.largest)
        page.wait_for_load_state("networkidle")
        nodes, sizes = page.evaluate(NODES), page.evaluate(SIZES)
        context.close()
        return {"nodes_largest": nodes, "js_bytes": sizes["js"], "css_bytes": sizes["css"]}

    def moves(self, board: Board, api: Api) -> dict[str, int]:
        """The most frames that any of some moves by somebody else took from its event to its paint."""
        context = self.context()
        context.add_init_script(COUNT_FRAMES)
        page = self.open(context, board)
        for _ in range(MOVES):
            page.wait_for_function(SHOWS_FIRST, arg=move_to_the_top(api, board))
        page.wait_for_function(ALL_PAINTED)
        seen = page.evaluate("window.seen")
        context.close()
        pairs = zip(seen["tika:event"], seen["tika:painted"], strict=True)
        return {"move_frames": max(painted[0] - event[0] for event, painted in pairs)}


def move_to_the_top(api: Api, board: Board) -> str:
    """Moves the last ticket of the last column to the first place of the first; returns its title."""
    snapshot = api.ask("GET", f"boards/{board.id}/snapshot")
    tickets = [dict(zip(snapshot["fields"], row, strict=True)) for row in snapshot["tickets"]]
    where = {"column": snapshot["columns"][0]["id"], "before": tickets[0]["id"]}
    api.ask("PUT", f"tickets/{tickets[-1]['id']}/position", where)
    return str(tickets[-1]["title"])
