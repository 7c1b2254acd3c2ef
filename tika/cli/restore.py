"""`bin/restore`: a whole installation as a new data folder; the rest is the management command of the same name."""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from backups.config import configured
from backups.programs import major_of
from backups.restore.chain import words
from backups.restore.moment import moment
from backups.restore.whole import into_folder
from backups.sentences import Stopped
from tika.cli import management
from tika.cli.environment import data_folder
from tika.cli.given import Given
from tika.cli.postgres import programs
from tika.cli.progress import say
from tika.cli.refusal import Refusal
from tika.env import VERSION

USAGE = """bin/restore --to FOLDER [--at TIME]            a whole installation, as a new data folder
bin/restore --database [--at TIME]             into the empty database that DATABASE_URL names
bin/restore --workspace SLUG --at TIME         one workspace beside the running ones; --replace puts it in its place
bin/restore --workspace SLUG --board KEY --at TIME     one board beside today's

  --at     2026-11-26T14:30Z, 2026-11-26T23:30+09:00, '20 min ago'; the newest there is where it is left out
  --from   where the backups are, a folder or s3://bucket/prefix (where bin/backup puts them)
  --key    the file of the key (backup-key.txt of the data folder)"""
RUNNING = ("--workspace", "--board")


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    if {"-h", "--help"} & set(arguments) or not arguments:
        say(USAGE)
        return 0
    if "--database" in arguments:
        database(arguments, environ)
    if any(word.split("=")[0] in RUNNING for word in arguments):
        return management.run(["restore", *arguments], environ)
    parser = argparse.ArgumentParser(prog="bin/restore", usage=USAGE, add_help=False)
    parser.add_argument("--to", required=True)
    for name in ("--at", "--from", "--key"):
        parser.add_argument(name, default="")
    given = vars(parser.parse_args(arguments))
    try:
        return folder(given, environ)
    except Stopped as error:
        raise Refusal(str(error)) from error


def database(arguments: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """The one that DATABASE_URL names, whatever runs on the data folder."""
    if not environ.get("DATABASE_URL"):
        raise Refusal("bin/restore --database fills the empty database that DATABASE_URL names: set it.")
    here = data_folder(environ)
    here.prepare()
    addresses = Given(here, environ).addresses()
    management.become(["restore", *arguments], management.told(here, environ, addresses), here)


def folder(given: Mapping[str, str], environ: Mapping[str, str]) -> int:
    os.umask(0o077)
    source, target = data_folder(environ).path, Path(given["to"]).expanduser().resolve()
    told = {**environ, "TIKA_DATA_DIR": str(source), **where(given)}
    # Its programs are the ones that will run on it.
    os.environ.setdefault("TIKA_PG_BIN", str(programs()))
    started = time.monotonic()
    major = major_of(programs() / "postgres")
    found = into_folder(configured(told), target, moment(given["at"]), release=VERSION, major=major, say=progress)
    progress("")
    say(f"  ok  {found.name}, as of {words(found.at)}, with {found.attachments} attachments,"
        f" in {time.monotonic() - started:.0f} s")  # fmt: skip
    say(f"\nStart it with TIKA_DATA_DIR={target} bin/run")
    return 0


def where(given: Mapping[str, str]) -> dict[str, str]:
    told = {"TIKA_BACKUP_KEY_FILE": given["key"]} if given["key"] else {}
    if place := given["from"]:
        is_bucket = place.startswith("s3://")
        told |= {"TIKA_BACKUP_URL": place if is_bucket else "", "TIKA_BACKUP_DIR": "" if is_bucket else place}
    return told


def progress(sentence: str) -> None:
    """One line that changes, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{sentence}")
        sys.stderr.flush()
