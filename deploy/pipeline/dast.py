#!/usr/bin/env python3
"""What dast.sh does once the scanner is there: signs in, lets it attack, and judges what it says."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

# As Wapiti counts: 0 information, 1 low, 2 medium, 3 high, 4 critical.
MEDIUM = 2
# Left out: what asks a machine on the internet whether it was called back, and a program beside Wapiti's own packages.
MODULES = "common,crlf,csrf,methods,timesql,-ssrf,-ssl"
# What would end the scan: signing out, another password, leaving the workspace.
NOT_PRESSED = ("/accounts/logout/*", "/accounts/password/change/*", "/*/departure/*", "/*/tokens/*", "/static/*")
# A wrong one is refused before anything else is looked at.
NOT_CHANGED = ("csrfmiddlewaretoken",)
# An attack that has run out of time leaves a reader of Wapiti's SQLite behind, which would lock the next writer out.
WAPITI = """
import sys
from sqlalchemy import Engine, event
from wapitiCore.main.wapiti import wapiti_asyncio_wrapper

@event.listens_for(Engine, "connect")
def read_and_write(connection, _):
    connection.execute("PRAGMA journal_mode = WAL").close()

sys.argv[0] = "wapiti"
wapiti_asyncio_wrapper()
"""
# Of the time, the share for looking around and the share for each kind of attack.
LOOKING, EACH_ATTACK = 4, 16


class Failed(Exception):
    """One sentence for who scans."""


def signed_in(url: str, email: str, password: str) -> CookieJar:
    """The cookies of a session. Raises Failed."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{url}/accounts/login/"
    try:
        with browser.open(address, timeout=20) as page:
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        if found is None:
            raise Failed(f"{address} has no form to sign in by.")
        form = {"csrfmiddlewaretoken": found[1], "login": email, "password": password}
        asked = urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address})  # noqa: S310
        with browser.open(asked, timeout=20):
            pass
        with browser.open(f"{url}/profile/", timeout=20) as page:
            if "/accounts/login/" in page.url:
                raise Failed(f"{email} is not let in: is the password right, and is there no second factor?")
    except OSError as error:
        raise Failed(f"{url}: {error}") from error
    return jar


def as_wapiti_reads(jar: CookieJar) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for cookie in jar:
        told = {"value": cookie.value, "version": 0, "secure": cookie.secure, "expires": cookie.expires, "port": None}
        made.setdefault(cookie.domain, {}).setdefault(cookie.path, {})[cookie.name] = told
    return made


def scan(url: str, report: Path, work: Path, seconds: float, cookies: Path | None) -> None:
    command: list[object] = [sys.executable, "-c", WAPITI, "--url", f"{url}/", "--scope", "folder"]
    command += ["--module", MODULES, "--format", "json", "--output", report, "--flush-session"]
    command += ["--max-scan-time", seconds / LOOKING, "--max-attack-time", seconds / EACH_ATTACK, "--timeout", 10]
    command += ["--store-session", work, "--store-config", work, "--verify-ssl", 1, "--verbose", 1]
    # Nobody on the internet is told or asked anything.
    command += ["--no-bugreport", "--endpoint", url, "--dns-endpoint", "localhost"]
    for path in NOT_PRESSED:
        command += ["--exclude", f"{url}{path}"]
    for name in NOT_CHANGED:
        command += ["--skip", name]
    if cookies:
        command += ["--cookie", cookies]
    report.unlink(missing_ok=True)
    subprocess.run([str(part) for part in command], check=False, env={**os.environ, "HOME": str(work)})
    if not report.exists():
        raise Failed("Wapiti has written no report: what it said stands above.")


def findings(report: dict[str, Any]) -> Iterator[str]:
    """A line for each that is medium or worse."""
    for group in ("vulnerabilities", "anomalies"):
        for name, found in report[group].items():
            for one in found:
                if one["level"] >= MEDIUM:
                    yield f"{name}: {one['method']} {one['path']} {one['info']}"


def judged(who: str, path: Path) -> int:
    """How many findings; a scan that saw nothing found nothing and is none. Raises Failed."""
    report = json.loads(path.read_text())
    pages = report["infos"]["crawled_pages_nbr"]
    if not pages:
        raise Failed(f"As {who} the scanner saw no page.")
    lines = sorted(set(findings(report)))
    print(f"As {who}: {pages} pages, {len(lines)} findings of medium severity and above")
    for line in lines:
        print(f"  {line}")
    return len(lines)


def password() -> str:
    if path := os.environ.get("TIKA_DAST_PASSWORD_FILE"):
        return Path(path).read_text().strip("\r\n")
    return os.environ.get("TIKA_DAST_PASSWORD", "")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dast"))
    given = parser.parse_args()
    given.url = given.url.rstrip("/")
    if urllib.parse.urlsplit(given.url).scheme not in {"http", "https"}:
        parser.error("that is no http address")
    return given


def main() -> int:
    given = arguments()
    email, secret = os.environ.get("TIKA_DAST_EMAIL", ""), password()
    seconds = float(os.environ.get("TIKA_DAST_MINUTES", "20")) * 60
    given.folder.mkdir(parents=True, exist_ok=True)
    count = 0
    try:
        if not email or not secret:
            raise Failed("TIKA_DAST_EMAIL and TIKA_DAST_PASSWORD_FILE must say who signs in.")
        with tempfile.TemporaryDirectory() as work:
            # mkdtemp's folder is for nobody else: the session's cookie stands in it.
            cookies = Path(work) / "cookies.json"
            cookies.write_text(json.dumps(as_wapiti_reads(signed_in(given.url, email, secret))))
            for who, own in (("stranger", None), ("member", cookies)):
                scan(given.url, given.folder / f"{who}.json", Path(work), seconds / 2, own)
                count += judged(who, given.folder / f"{who}.json")
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 2
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
