"""Is there a newer Tika? Asked when somebody asks: nothing is fetched by itself, and nothing comes in from outside."""

import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from observability import outgoing
from observability.console.queries.releases import STALE
from observability.console.verbs import releases
from observability.console.version import number as version_number
from tenancy.context import tenant_context
from tenancy.management.owners import operator
from tenancy.operators import OPERATORS_ID
from tika.bundle.verify import Refused, is_signed, read_key

LARGEST = 2**20
REDIRECTS = 3
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
            self.note(releases.note_refused)
            self.stderr.write(f"{options['index']} is not believed: {refused}")
            sys.exit(REFUSED)
        listed, mine = datetime.fromisoformat(found["made_at"]), number(settings.VERSION)
        newest = max(found["releases"], key=rank, default=None)
        if newest is not None:
            self.note(partial(releases.note, newest["version"], of=newest["date"], listed=listed))
        newer = sorted((one for one in found["releases"] if number(one["version"]) > mine), key=rank)
        if datetime.now(UTC) - listed > STALE:
            self.stderr.write(f"The list is of {found['made_at']}: somebody may hold back a newer one.")
        if not newer:
            self.stdout.write(f"Tika {settings.VERSION} is the newest in the list.")
            sys.exit(NEWEST)
        for one in newer:
            self.stdout.write(f"Tika {one['version']} of {one['date']}: {one['bundle']} sha256 {one['sha256']}")
        sys.exit(NEWER)

    def note(self, verb: Callable[[], object]) -> None:
        """For the console, which asks nobody itself; on a machine without the database there is nothing to tell."""
        try:
            with tenant_context(OPERATORS_ID, actor=operator("check_release")):
                verb()
        except (DatabaseError, ImproperlyConfigured):
            self.stderr.write("The console was not told: the database does not answer.")


def rank(one: dict[str, Any]) -> tuple[int, ...]:
    return number(one["version"])


def number(version: str) -> tuple[int, ...]:
    try:
        return version_number(version)
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
