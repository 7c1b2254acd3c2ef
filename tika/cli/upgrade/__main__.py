"""`python -m tika.cli.upgrade ...`, as bin/upgrade calls it."""

import argparse
import os
import sys
from collections.abc import Sequence

from tika.cli.environment import data_folder
from tika.cli.progress import say
from tika.cli.refusal import Refusal
from tika.cli.upgrade.installation import Installation
from tika.cli.upgrade.report import Report
from tika.cli.upgrade.upgrade import CANNOT_GO_BACK, REFUSED, Upgrade

USAGE = """Upgrades the running Tika of TIKA_DATA_DIR to the release this file lies in, unpacked beside the old one:

  TIKA_DATA_DIR=/srv/tika/data /srv/tika/0.2.0/bin/upgrade --check     only looks
  TIKA_DATA_DIR=/srv/tika/data /srv/tika/0.2.0/bin/upgrade

It tries the migrations on a copy first, wants a proven restore, backs up, migrates, replaces the processes one by one,
watches, and puts the old release back by itself when the new one is not well.

Ends with 0: done (or, with --check, nothing stands against it); 1: refused, nothing was changed; 2: not understood;
3: the old release was put back; 4: it could not be put back, somebody must look."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/upgrade", description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only looks: changes nothing but a copy of its own")
    parser.add_argument("--json", action="store_true", help="says it as one JSON object at the end, and nothing else")
    parser.add_argument("--restart", action="store_true", help="only replaces the processes by new ones, one by one")
    parser.add_argument("--watch", type=float, default=30, metavar="SECONDS", help="how long it must be well (30)")
    parser.add_argument("--accept-breaking", action="store_true", help="you have read what the changelog says breaks")
    parser.add_argument(
        "--without-proven-backup", default="", metavar="REASON", help="goes on without one; the reason is logged"
    )
    parser.add_argument(
        "--older", default="", metavar="REASON", help="goes back to the release before; the reason is logged"
    )
    parser.add_argument("--without-copy", default="", metavar="REASON", help="does not try the migrations on a copy")
    given = parser.parse_args(arguments)
    report = Report(quiet=given.json)
    try:
        installation = Installation(data_folder(os.environ), os.environ)
        code = Upgrade(installation, report, given).run()
    except Refusal as refusal:
        report.refused(str(refusal), refusal.details)
        code = REFUSED
    if given.json:
        say(report.as_json(code))
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Interrupted: bin/upgrade --check says what runs now.", to=sys.stderr)
        sys.exit(CANNOT_GO_BACK)
