#!/usr/bin/env python3
"""Asks a Tika that was just deployed whether the essentials work: smoke.py https://tika.example.com

Health, the sign-in page with its security headers, a stylesheet, and that the API lets no stranger in.
Leaves with 0, or 1 with a line for each thing that is not as it must be.
"""

import argparse
import re
import sys
from collections.abc import Iterator

from asking import Answer, ask


def alive(url: str, _: str) -> Iterator[str]:
    answer = ask(f"{url}/livez")
    if answer.status != 200:
        yield f"/livez answers {shown(answer)}"


def ready(url: str, version: str) -> Iterator[str]:
    for path in ("/readyz", "/api/health"):
        answer = ask(f"{url}{path}")
        told = answer.json()
        bad = [name for name, well in told.get("checks", {"no checks": False}).items() if not well]
        if answer.status != 200 or told.get("status") != "ok" or bad:
            yield f"{path} answers {shown(answer)}" + (f" ({', '.join(bad)})" if bad else "")
        elif version and told.get("version") != version:
            yield f"{path} is of version {told.get('version')}, not {version}"


def sign_in(url: str, _: str) -> Iterator[str]:
    answer = ask(f"{url}/accounts/login/")
    if answer.status != 200:
        yield f"/accounts/login/ answers {shown(answer)}"
        return
    policy = answer.headers.get("content-security-policy", "")
    if "default-src" not in policy or "unsafe-inline" in policy or "unsafe-eval" in policy:
        yield "the sign-in page has no strict Content-Security-Policy"
    if answer.headers.get("x-content-type-options") != "nosniff":
        yield "the sign-in page may be sniffed (X-Content-Type-Options)"
    if url.startswith("https://") and "max-age" not in answer.headers.get("strict-transport-security", ""):
        yield "the sign-in page lacks Strict-Transport-Security: is TIKA_BASE_URL the https address?"
    sheet = re.search(rb'href="(/[^"]+\.css)"', answer.body)
    if sheet is None:
        yield "the sign-in page names no stylesheet"
        return
    style = ask(url + sheet[1].decode())
    if style.status != 200 or "text/css" not in style.headers.get("content-type", ""):
        yield f"{sheet[1].decode()} answers {shown(style)}"


def closed(url: str, _: str) -> Iterator[str]:
    answer = ask(f"{url}/api/tickets")
    if answer.status != 401:
        yield f"/api/tickets answers a stranger {shown(answer)}, not 401"
    if "public" in answer.headers.get("cache-control", ""):
        yield "/api/tickets may be kept by a shared cache"


def shown(answer: Answer) -> str:
    return str(answer.status) if answer.status else f"nothing ({answer.body.decode(errors='replace')})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--version", default="", help="the version that must be running")
    given = parser.parse_args()
    url = given.url.rstrip("/")
    wrong = 0
    for check in (alive, ready, sign_in, closed):
        found = list(check(url, given.version))
        wrong += len(found)
        print(f"{'NOT' if found else ' ok'}  {check.__name__}")
        for sentence in found:
            print(f"     {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
