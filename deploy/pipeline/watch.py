#!/usr/bin/env python3
"""Watches a Tika's health after a deployment: watch.py https://tika.example.com --minutes 10

Leaves with 0 when it stayed well, 1 as soon as it did not: three bad answers in a row, or more than 5 % of all asked.
Bad is anything but 200 from /readyz, and 200 after more than two seconds.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from asking import ask

SLOW = 2.0


@dataclass
class Watch:
    """What was seen so far, and whether that is still well."""

    in_a_row: int = 3
    share: float = 0.05
    asked: int = 0
    bad: int = 0
    bad_at_end: int = 0

    def note(self, *, well: bool) -> None:
        self.asked += 1
        self.bad += not well
        self.bad_at_end = 0 if well else self.bad_at_end + 1

    def verdict(self, expected: int) -> str:
        """Why it is not well; empty while it is. `expected` is how often it will be asked in all."""
        if self.bad_at_end >= self.in_a_row:
            return f"{self.bad_at_end} bad answers in a row"
        if self.bad > self.share * expected:
            return f"{self.bad} bad answers of {self.asked}, where {self.share:.0%} of {expected} may be"
        return ""


def watch(url: str, watched: Watch, times: int, every: float, sleep: Callable[[float], None] = time.sleep) -> str:
    for number in range(times):
        if number:
            sleep(every)
        began = time.monotonic()
        answer = ask(f"{url}/readyz", seconds=5)
        took = time.monotonic() - began
        watched.note(well=answer.status == 200 and took <= SLOW)
        if answer.status != 200 or took > SLOW:
            print(f"/readyz: {answer.status or answer.body.decode(errors='replace')} after {took:.1f} s", flush=True)
        if reason := watched.verdict(times):
            return reason
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=float, default=5, help="seconds between two questions (5)")
    given = parser.parse_args()
    if given.minutes <= 0 or given.every <= 0:
        parser.error("--minutes and --every must be more than 0")
    times = max(1, round(given.minutes * 60 / given.every))
    watched = Watch()
    if reason := watch(given.url.rstrip("/"), watched, times, given.every):
        print(f"Not well: {reason}.")
        return 1
    print(f"Well: {watched.asked - watched.bad} of {watched.asked} answers were good.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
