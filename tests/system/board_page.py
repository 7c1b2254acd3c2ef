"""A board in a browser, in the words of those who use it."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.cast import Scene

# What a browser says of an answer that a test has asked for (a refusal).
EXPECTED = ("409 (Conflict)", "403 (Forbidden)", "422 (Unprocessable Entity)")

SHOWN = """() => Object.fromEntries([...document.querySelectorAll(".column")].map((column) => [
    column.querySelector(".column-name").textContent,
    [...column.querySelectorAll(".card-title")].map((title) => title.textContent)]))"""
FOCUSED = """() => document.activeElement?.closest(".card-row")?.querySelector(".card-title").textContent ?? null"""
SPOKEN = """() => {
    window.spoken = [];
    for (const region of document.querySelectorAll("#announcer > *"))
        new MutationObserver(() => region.textContent && window.spoken.push(region.textContent.trim()))
            .observe(region, {childList: true, characterData: true, subtree: true});
}"""


class BoardPage:
    def __init__(self, page: Page, scene: Scene) -> None:
        self.page = page
        self.scene = scene
        self.complaints: list[str] = []
        self.address = f"/{scene.workspace.slug}/boards/{scene.key}/"
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.note)

    def note(self, message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED):
            self.complaints.append(f"{message.text} {message.location}")

    def go(self, path: str = "") -> None:
        self.page.goto(self.address + path)
        self.loaded()

    def loaded(self) -> None:
        self.page.wait_for_selector("#board:not([aria-busy])")
        self.page.evaluate(SPOKEN)

    @property
    def shown(self) -> dict[str, list[str]]:
        """The titles in the page, by column."""
        found: dict[str, list[str]] = self.page.evaluate(SHOWN)
        return found

    @property
    def focused(self) -> str | None:
        """The title of the card that has the focus."""
        title: str | None = self.page.evaluate(FOCUSED)
        return title

    @property
    def spoken(self) -> list[str]:
        """What the live regions have said since the page was loaded."""
        said: list[str] = self.page.evaluate("() => window.spoken")
        return said

    @property
    def panel(self) -> Locator:
        """The drawer with the open ticket."""
        return self.page.locator("#panel")

    def open_ticket(self, number: int) -> Locator:
        """By its address, the page is there already; answers the panel when the ticket is in it."""
        self.go(f"tickets/{number}/")
        self.page.locator("#ticket").wait_for()
        return self.panel

    def card(self, title: str) -> Locator:
        return self.page.locator(".card-row", has=self.page.locator(".card-title").get_by_text(title, exact=True))

    def column(self, name: str) -> Locator:
        return self.page.locator(".column", has=self.page.locator(".column-name").get_by_text(name, exact=True))

    def focus(self, title: str) -> None:
        self.card(title).focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def expect_column(self, name: str, titles: list[str]) -> None:
        expect(self.column(name).locator(".card-title")).to_have_text(titles)

    def expect_spoken(self, text: str) -> None:
        self.wait(lambda: any(text in sentence for sentence in self.spoken), f"“{text}” in {self.spoken}")

    def wait(self, ready: Any, what: str = "") -> None:
        for _ in range(100):
            if ready():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(what or "it did not happen in time")

    def answered(self, path: str, method: str = "PUT") -> Any:
        """`with page.answered("/position") as answer:`"""
        return self.page.expect_response(lambda response: path in response.url and response.request.method == method)
