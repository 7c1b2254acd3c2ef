"""Is there a newer Tika? Asked when somebody asks: nothing is fetched by itself, and nothing comes in from outside."""

import base64
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from observability import outgoing
from tika.bundle.verify import Refused, is_signed, read_key

LARGEST = 2**20
REDIRECTS = 3
STALE = timedelta(days=60)
NEWEST, NEWER, REFUSED = 0, 10, 20


class Command(BaseCommand):
    help = (
        "Compares this version with a signed list of releases. Exit 0: this is the newest; 10: there is a newer one;"
        " 20: the list cannot be believed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--index", required=True, help="the list: a file or an https:// address; .sig beside it")
        parser.add_argument("--key", type=Path, required=True, help="the public key, as of the bundles")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = believed(options["index"], read_key(options["key"]))
        except Refused as refused:
            self.stderr.write(f"{options['index']} is not believed: {refused}")
            sys.exit(REFUSED)
        mine = number(settings.VERSION)
        newer = sorted((one for one in found["releases"] if number(one["version"]) > mine), key=rank)
        if datetime.now(UTC) - datetime.fromisoformat(found["made_at"]) > STALE:
            self.stderr.write(f"The list is of {found['made_at']}: somebody may hold back a newer one.")
        if not newer:
            self.stdout.write(f"Tika {settings.VERSION} is the newest in the list.")
            sys.exit(NEWEST)
        for one in newer:
            self.stdout.write(f"Tika {one['version']} of {one['date']}: {one['bundle']} sha256 {one['sha256']}")
        sys.exit(NEWER)


def rank(one: dict[str, Any]) -> tuple[int, ...]:
    return number(one["version"])


def number(version: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version.split("."))
    except ValueError as error:
        raise CommandError(f"{version!r} is no version: it must look like 1.2.3.") from error


def believed(index: str, key: bytes) -> dict[str, Any]:
    """{"made_at", "releases": [{"version", "date", "bundle", "sha256"}]}. Raises Refused."""
    text, signature = read(index), read(f"{index}.sig")
    try:
        given = base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise Refused("its signature is none.") from error
    if not is_signed(key, text, given):
        raise Refused("it is not signed by this key.")
    found: dict[str, Any] = json.loads(text)
    return found


def read(place: str) -> bytes:
    if "://" in place and not place.startswith("https://"):
        raise Refused("an address must begin with https://.")
    try:
        if place.startswith("https://"):
            return fetched(place)
        return Path(place).read_bytes()[:LARGEST]
    except (OSError, outgoing.Failed) as error:
        raise Refused(f"it cannot be read: {error}") from error


def fetched(address: str) -> bytes:
    """Whoever publishes releases may keep them elsewhere: what counts is the signature."""
    answer = outgoing.ask(address, reach=outgoing.Reach.SITE, largest=LARGEST, redirects=REDIRECTS)
    if answer.status != 200:
        raise Refused(f"it cannot be read: the answer is {answer.status}.")
    return answer.body
