"""`bin/bench`: how fast Tika is, beside what its server and its database could do at most, in one run."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.installation import Installation, free_port
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres
from tika.cli.refusal import Refusal

EPILOG = """The figures mean something beside each other, not beside those of another machine. It needs about 3 GB of disk in
the folder for temporary files (TMPDIR), which are removed at the end."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__, epilog=EPILOG)
    parser.add_argument("--quick", action="store_true", help="short turns of everything: under five minutes")
    parser.add_argument("--small", action="store_true", help="a few tickets and a glance at each: shows that it works")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write every figure there")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="also renew the table in this page")
    parser.add_argument("--no-browser", action="store_true", help="leave out what is measured in Chromium")
    parser.add_argument(
        "--instruments", metavar="MINUTES", type=float, help="only what logs, metrics, traces and a dead collector cost"
    )
    given = parser.parse_args(arguments)
    if given.markdown:
        from bench.page import renewed

        # Before minutes are spent: is there a place for the table?
        renewed(given.markdown, "")
    with tempfile.TemporaryDirectory(prefix="tika-bench-", ignore_cleanup_errors=True) as folder:
        # Beneath, so that the account of PostgreSQL may pass through.
        installation = Installation(Path(folder) / "data", free_port())
        try:
            report = measured(installation, given)
        finally:
            installation.stop()
    tell(report, given)
    return 0


def measured(installation: Installation, given: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    say("starts an installation of its own")
    first_start = installation.start()
    installation.wait_until_ready()
    # The bench is one of the installation's processes: the same settings, the app's role. Its own requests are no news.
    os.environ |= installation.environment | {"TIKA_LOG_LEVEL": "WARNING"}
    import django

    django.setup()
    # What follows needs the settings.
    from bench.measure import GLANCE, QUICK, WHOLE, Measurement
    from bench.report import machine
    from bench.seed import FULL, SMALL, seed

    superuser = Postgres(Folder(installation.folder)).url("postgres", "tika")
    here = machine(superuser)
    space = seed(superuser, SMALL if given.small else FULL, note)
    say(f"seeded after {time.monotonic() - began:.0f} s")
    installation.stop()
    start = {"first": round(first_start, 2), "again": round(installation.start(), 2)}
    installation.wait_until_ready()
    pace = GLANCE if given.small else QUICK if given.quick else WHOLE
    report: dict[str, Any] = {"machine": here, "start_seconds": start}
    measurement = Measurement(installation, superuser, space, pace, note)
    if given.instruments:
        return report | {"instruments": measurement.instruments(60 * given.instruments)}
    report |= measurement.everything()
    report["instruments"] = measurement.instruments()
    if not given.no_browser:
        from bench.browser import in_browser

        report["browser"] = in_browser(installation, space, note)
    report["took_seconds"] = round(time.monotonic() - began)
    return report


def tell(report: dict[str, Any], given: argparse.Namespace) -> None:
    from bench.page import renewed
    from bench.report import HEAD, of_instruments, table

    say("")
    print("\n".join([*HEAD, *of_instruments(report["instruments"])]) if given.instruments else table(report))
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")
    if given.markdown and not given.instruments:
        given.markdown.write_text(renewed(given.markdown, table(report)))


def say(text: str) -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(text, file=sys.stderr, flush=True)


def note(text: str) -> None:
    """Where it is, on a line that the next one replaces; only for who watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
