#!/usr/bin/env python3
"""Tells a Tika what its pipeline did, for the doctor and the charts of the console.

  report.py steps --commit SHA tests=passed scan=failed
  report.py deployment success|rolled-back|failure --commit SHA --by olga --run https://...

  TIKA_URL                where Tika is: https://tika.example.com
  TIKA_REPORT_TOKEN       a token, with scope write, of an operator who is a responder, or
  TIKA_REPORT_TOKEN_FILE  a file that holds it; it is a secret, and is printed nowhere

An outcome may be an exit code or GitHub's word, too: 0 and success are passed, skipped and cancelled say nothing. The
version is the commit's in the sources here, unless --version names it. Without a token it says so and leaves with 0:
who has no console can deploy too. 1: Tika did not take it. 2: asked wrongly.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from asking import ask

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ("success", "rolled-back", "failure")
# GitHub's for a job, too; it knows none of a job that has not begun.
WORDS = {"passed": "passed", "success": "passed", "failed": "failed", "failure": "failed"}
WORDS |= dict.fromkeys(("skipped", "cancelled", ""), "")


def steps(texts: list[str]) -> dict[str, str]:
    """{"scan": "passed"}; a text may hold several. Raises ValueError."""
    found = {}
    for text in " ".join(texts).split():
        name, told, outcome = text.partition("=")
        if not told or (outcome not in WORDS and not outcome.isdecimal()):
            raise ValueError(f"{text} must be NAME=passed, NAME=failed, or with an exit code.")
        word = WORDS.get(outcome, "passed" if not outcome.strip("0") else "failed")
        if word:
            found[name] = word
    return found


def version_at(commit: str) -> str:
    """As the sources say; empty where they or git are not here."""
    try:
        asked = ["git", "-C", str(ROOT), "show", f"{commit}:pyproject.toml"]
        done = subprocess.run(asked, capture_output=True, text=True)
    except OSError:
        return ""
    found = re.search(r'^version = "(.+)"$', done.stdout, re.MULTILINE)
    return found[1] if found else ""


def token() -> str:
    path = os.environ.get("TIKA_REPORT_TOKEN_FILE")
    text = Path(path).read_text() if path else os.environ.get("TIKA_REPORT_TOKEN", "")
    return "".join(text.split())


def tell(path: str, told: dict[str, Any]) -> int:
    url, secret = os.environ.get("TIKA_URL", "").rstrip("/"), token()
    if not secret or not url:
        print("TIKA_URL or TIKA_REPORT_TOKEN is not set: nobody was told.", file=sys.stderr)
        return 0
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Accept-Language": "en"}
    answer = ask(f"{url}{path}", method="POST", body=json.dumps(told).encode(), headers=headers)
    if answer.status == 200:
        print(f"{url} was told.")
        return 0
    why = answer.json().get("error", {}).get("message", "") if answer.status else answer.body.decode(errors="replace")
    if answer.status in {401, 403, 404}:
        why = "the token must be one with scope write, of an operator who is a responder."
    print(f"{url} answers {answer.status or 'nothing'}: {why}", file=sys.stderr)
    return 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    first = what.add_parser("steps")
    first.add_argument("steps", nargs="+", metavar="NAME=OUTCOME")
    second = what.add_parser("deployment")
    second.add_argument("result", choices=RESULTS)
    for name in ("version", "by", "run"):
        second.add_argument(f"--{name}", default="")
    for one in (first, second):
        one.add_argument("--commit", required=True)
    given = parser.parse_args()
    if not re.fullmatch(r"[0-9a-f]{7,40}", given.commit):
        parser.error("--commit must be 7 to 40 hexadecimal digits")
    if given.what == "steps":
        try:
            given.steps = steps(given.steps)
        except ValueError as error:
            parser.error(str(error))
    else:
        given.version = given.version or version_at(given.commit)
        if not given.version:
            parser.error("the sources here do not have that commit: name its --version")
    return given


def main() -> int:
    given = arguments()
    if given.what == "deployment":
        names = ("version", "commit", "result", "by", "run")
        return tell("/ops/pipeline/deployment", {name: getattr(given, name) for name in names})
    if not given.steps:
        print("Nothing has come to an end: nobody was told.")
        return 0
    return tell("/ops/pipeline/steps", {"commit": given.commit, "steps": given.steps})


if __name__ == "__main__":
    sys.exit(main())
