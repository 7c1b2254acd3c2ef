"""`bin/bench`: how fast Tika is, beside what its server and its database could do at most, in one run."""

import argparse
import json
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.installation import Installation
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres

EPILOG = """The figures mean something beside each other, not beside those of another machine. It needs about 3 GB of disk in
the folder for temporary files (TMPDIR), which are removed at the end."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__, epilog=EPILOG)
    parser.add_argument("--quick", action="store_true", help="one short turn of everything: under five minutes")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write every figure there")
    parser.add_argument("--no-browser", action="store_true", help="leave out what is measured in Chromium")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tika-bench-", ignore_cleanup_errors=True) as folder:
        installation = Installation(Path(folder) / "data", free_port())
        try:
            report = measured(installation, given)
        finally:
            installation.stop()
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0


def measured(installation: Installation, given: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    say("starts an installation of its own")
    installation.start()
    installation.wait_until_ready()
    os.environ |= installation.environment
    import django

    django.setup()
    # What follows needs the settings.
    from bench.measure import Measurement
    from bench.report import machine, table
    from bench.seed import seed

    superuser = Postgres(Folder(installation.folder)).url("postgres", "tika")
    here = machine()
    space = seed(superuser, note)
    say(f"seeded in {time.monotonic() - began:.0f} s")
    installation.stop()
    start = installation.start()
    installation.wait_until_ready()
    measurement = Measurement(installation, superuser, space, quick=given.quick, note=note)
    report = {"machine": here, "start": {"seconds": round(start, 2)}, **measurement.everything()}
    if not given.no_browser:
        from bench.browser import in_browser

        report["browser"] = in_browser(installation, space, note=note)
    report["took_seconds"] = round(time.monotonic() - began)
    say("")
    print(table(report))
    return report


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(text: str) -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(text, file=sys.stderr, flush=True)


def note(text: str) -> None:
    """Where it is, on a line that the next one replaces; only for who watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
