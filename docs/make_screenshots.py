"""Makes docs/screenshots/: the pages people meet, wide and narrow, light and dark, Korean and English.

Run by `bin/screenshots`: starts Tika with the demo on a data folder of its own, and stops it again.
"""

import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}
LANGUAGES = {"en": "en-US", "ko": "ko-KR"}
THEMES = ("light", "dark")
PAGES = {
    "boards": "/demo/",
    "board": "/demo/boards/DEMO/",
    "ticket": "/demo/boards/DEMO/tickets/1/",
    "search": "/demo/search/?q=결제",
    "members": "/demo/members/",
    "tokens": "/demo/tokens/",
    "import": "/demo/imports/new",
    "settings": "/demo/boards/DEMO/settings/",
}
START_SECONDS = 180
QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(base: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(base + "/readyz", timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("Tika did not start; run bin/run to see why.")


def chromium_path() -> str | None:
    return os.environ.get("TIKA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def shoot(page: Page, base: str, name: str, path: str, suffix: str) -> None:
    page.goto(base + path, wait_until="load")
    page.wait_for_timeout(900)  # the board is drawn and its transitions are over
    page.screenshot(path=FOLDER / f"{name}-{suffix}.jpg", type="jpeg", quality=82)
    if (name, suffix) in {("board", "1440-light-en"), ("board", "1440-light-ko")}:
        page.screenshot(path=FOLDER / f"readme-{suffix.rsplit('-', 1)[1]}.png")


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(base + "/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def shoot_all(browser: Browser, base: str, email: str, password: str) -> None:
    for (width, size), theme, (language, locale) in itertools.product(WIDTHS.items(), THEMES, LANGUAGES.items()):
        suffix = f"{width}-{theme}-{language}"
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale=locale,
            timezone_id="Asia/Seoul",
            has_touch=width == "390",
        )
        page = context.new_page()
        shoot(page, base, "sign-in", "/accounts/login/", suffix)
        sign_in(page, base, email, password)
        for name, path in PAGES.items():
            shoot(page, base, name, path, suffix)
        context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    data, port, password = tempfile.mkdtemp(prefix="tika-"), free_port(), secrets.token_urlsafe(12)
    email = "olga@example.com"
    own = {"TIKA_DATA_DIR": data, "PORT": str(port), "TIKA_ADMIN_EMAIL": email, "TIKA_ADMIN_PASSWORD": password}
    server = subprocess.Popen([sys.executable, "-m", "tika.cli", "run"], env={**os.environ, **own}, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(base)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium_path(), args=QUIET)
            shoot_all(browser, base, email, password)
            browser.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
