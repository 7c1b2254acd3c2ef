"""Makes docs/screenshots/: the pages people meet, wide and narrow, light and dark, Korean and English.

`bin/screenshots` starts Tika with the demo on a data folder of its own, takes the pictures and stops it again; with a
folder given (`bin/screenshots /tmp/all`), every page in every look goes there as PNG, to look them over.
"""

import base64
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import tools
from tests.boards.importers import exports

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SIZES = {"1440": (1440, 900), "390": (390, 844)}
LANGUAGES = {"en": "en-US", "ko": "ko-KR"}
BOARD = "/demo/boards/DEMO/"
# By the name of the picture; {report} is where the prepared import is.
PAGES = {
    "boards": "/demo/",
    "board": BOARD,
    "ticket": f"{BOARD}tickets/13/",
    "search": "/demo/search/?q=결제",
    "members": "/demo/members/",
    "tokens": "/demo/tokens/",
    "service-level": "/demo/service-level/",
    "import": "/demo/imports/new",
    "import-report": "{report}",
    "settings": f"{BOARD}settings/",
    "archive": f"{BOARD}archive/",
    "trash": f"{BOARD}archive/?show=trash",
    "console": "/ops/",
    "console-doctor": "/ops/doctor/",
    "console-backups": "/ops/backups/",
    "console-cost": "/ops/cost/",
    "console-slos": "/ops/slos/",
    "console-gate": "/ops/gate/",
    "console-agreements": "/ops/agreements/",
    "console-maintenance": "/ops/maintenance/",
    "console-routes": "/ops/routes/",
    "console-route": "/ops/routes/route/?method=GET&route=api/search",
    "console-statements": "/ops/statements/",
    "console-errors": "/ops/errors/",
    "console-jobs": "/ops/jobs/",
    "console-processes": "/ops/processes/",
    "console-sessions": "/ops/sessions/",
    "console-deploys": "/ops/deploys/",
    "console-log-levels": "/ops/log-levels/",
    "console-telemetry": "/ops/telemetry/",
    "console-operators": "/ops/operators/",
    "console-records": "/ops/records/",
}
# In the repository, these are kept in every look and the others in two.
MAIN = {"board", "ticket"}
SAMPLES = {"1440-light-en", "390-dark-ko"}
README = {"1440-light-en": "readme-en", "1440-light-ko": "readme-ko"}
START_SECONDS = 180
QUIET = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
PUT_AWAY = """async ({number, into}) => {
    const { api, board } = JSON.parse(document.getElementById("board-data").textContent);
    const headers = {"X-CSRFToken": document.body.dataset.csrf};
    const found = await (await fetch(`${api}/tickets?board=${board.id}`)).json();
    const { id } = found.items.find((ticket) => ticket.number === number);
    await fetch(`${api}/tickets/${id}/${into}`, {method: "PUT", headers});
}"""
DRAWN = """() => !document.querySelector("[aria-busy=true], .spinner")
    && document.getAnimations().every((animation) => animation.playState !== "running")"""


@dataclass(frozen=True)
class Look:
    width: str
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"

    def context(self, browser: Browser) -> BrowserContext:
        width, height = SIZES[self.width]
        return browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if self.theme == "dark" else "light",
            locale=LANGUAGES[self.language],
            timezone_id="Asia/Seoul",
            has_touch=self.width == "390",
        )


LOOKS = [Look(*look) for look in itertools.product(SIZES, ("light", "dark"), LANGUAGES)]


class Camera:
    """`folder` gets everything as PNG; without one, the repository gets its choice, small."""

    def __init__(self, page: Page, base: str, look: Look, folder: Path | None) -> None:
        self.page, self.base, self.look, self.folder = page, base, look, folder

    def shoot(self, name: str, path: str) -> None:
        is_kept = self.folder or name in MAIN or str(self.look) in SAMPLES
        if not is_kept:
            return
        self.page.goto(self.base + path, wait_until="load")
        self.page.wait_for_function(DRAWN)
        if self.folder:
            self.page.screenshot(path=self.folder / f"{name}-{self.look}.png")
            return
        (FOLDER / f"{name}-{self.look}.webp").write_bytes(self.webp())
        if name == "board" and (readme := README.get(str(self.look))):
            self.page.screenshot(path=FOLDER / f"{readme}.png")

    def webp(self) -> bytes:
        # Playwright itself makes PNG and JPEG; either is several times as large.
        session = self.page.context.new_cdp_session(self.page)
        answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": 80})
        session.detach()
        return base64.b64decode(answer["data"])


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(base + "/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("main form [type=submit], main form .button-primary").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


def prepare(page: Page, base: str, folder: Path) -> str:
    """Fills the archive, the trash and an import's report; answers where the report is."""
    page.goto(base + BOARD)
    for number, into in ((19, "archive"), (21, "archive"), (25, "trash")):
        page.evaluate(PUT_AWAY, {"number": number, "into": into})
    page.goto(base + "/demo/imports/new")
    page.set_input_files("input[type=file]", exports.written(folder, exports.board()))
    page.locator("main form .button-primary").click()
    page.locator("#import form").first.wait_for()
    return page.url.removeprefix(base)


def shoot_all(browser: Browser, base: str, email: str, password: str, folder: Path | None) -> None:
    context = LOOKS[0].context(browser)
    sign_in(page := context.new_page(), base, email, password)
    with tempfile.TemporaryDirectory() as files:
        report = prepare(page, base, Path(files))
    context.close()
    for look in LOOKS:
        context = look.context(browser)
        camera = Camera(context.new_page(), base, look, folder)
        camera.shoot("sign-in", "/accounts/login/")
        sign_in(camera.page, base, email, password)
        for name, path in PAGES.items():
            camera.shoot(name, path.format(report=report))
        context.close()


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


@contextmanager
def running(email: str, password: str) -> Iterator[str]:
    """Tika with its demo, and a console that has seen some traffic; where it answers."""
    data, port = tempfile.mkdtemp(prefix="tika-"), free_port()
    own = {"TIKA_DATA_DIR": data, "PORT": str(port), "TIKA_ADMIN_EMAIL": email, "TIKA_ADMIN_PASSWORD": password}
    environ = {**os.environ, **own}
    server = subprocess.Popen([sys.executable, "-m", "tika.cli", "run"], env=environ, cwd=ROOT)
    try:
        wait_until_ready(base := f"http://127.0.0.1:{port}")
        for command in (
            ("grant_operator", "--email", email, "--level", "admin"),
            ("shell", "-c", "from docs.console_scene import fill; fill()"),
            ("backup",),
            ("restore_drill",),
        ):
            subprocess.run([sys.executable, "-m", "tika.cli", "manage", *command], env=environ, cwd=ROOT, check=True)
        yield base
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else None
    (folder or FOLDER).mkdir(parents=True, exist_ok=True)
    tools.korean_font()
    email, password = "olga@example.com", secrets.token_urlsafe(12)
    with running(email, password) as base, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=tools.chromium(), args=QUIET)
        shoot_all(browser, base, email, password, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
