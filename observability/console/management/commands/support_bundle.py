"""Makes the archive for those who help. It goes nowhere by itself: who made it reads it, and sends it or not."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from observability.console.support.bundle import Bundle, collect
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = (
        "Collects versions, redacted configuration, the doctor's report, metrics, slow statements and logs into one"
        " archive of 50 MB at most. Shows first what will be in it; sends nothing anywhere."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="the archive's name; by default tika-support-<time>.tar.gz here")
        parser.add_argument("--logs", action="append", default=[], help="a file or folder of logs, or - for stdin")
        parser.add_argument("--list", action="store_true", help="only show what would be in it")
        parser.add_argument("--show", metavar="PART", help="print one part as it would be, and write nothing")
        parser.add_argument("--yes", action="store_true", help="write it without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        with tenant_context(OPERATORS_ID):
            found = collect(options["logs"], secrets=kept_secrets())
        if options["show"]:
            self.stdout.write(content_of(found, options["show"]))
            return
        self.stdout.write("\n".join(listed(found)))
        if options["list"]:
            return
        path = options["to"] or Path.cwd() / f"tika-support-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
        if not options["yes"] and not self.is_wanted(path):
            self.stdout.write("Nothing was written.")
            return
        try:
            size = found.write(path)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already: name another with --to.") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: {size:,} bytes. It was sent to nobody; look into it before you hand it on.")

    def is_wanted(self, path: Path) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("Nobody can be asked here: say --yes to write it, or --list to look.")
        return input(f"Write {path}? [y/N] ").strip().lower() in {"y", "yes"}


def kept_secrets() -> dict[str, str]:
    """What `bin/run` made up for this installation."""
    try:
        known = json.loads((settings.DATA_DIR / "secrets.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {f"{name}_secret": str(value) for name, value in known.items()}


def content_of(found: Bundle, name: str) -> str:
    for one in found.pieces:
        if one.name == name:
            return one.content.decode()
    raise CommandError(f"There is no part {name!r}: {', '.join(one.name for one in found.pieces)}.")


def listed(found: Bundle) -> list[str]:
    lines = [f"{len(one.content):>12,}  {one.name:<24}  {one.title}" for one in found.pieces]
    lines += [f"{'left out':>12}  {name:<24}  {why}" for name, why in found.left_out]
    return [*lines, f"{found.size:>12,}  bytes before packing. `--show PART` prints a part as it would be."]
