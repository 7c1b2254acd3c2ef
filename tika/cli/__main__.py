"""`python -m tika.cli run|manage ...`, as bin/run and bin/manage call it."""

import os
import sys
from collections.abc import Sequence

from tika.cli import management
from tika.cli.environment import data_folder
from tika.cli.folder import NEEDED_MB
from tika.cli.progress import say
from tika.cli.refusal import FULL, Refusal, disk_full
from tika.cli.start import Start

USAGE = """bin/run [--no-demo]    starts Tika; Ctrl-C stops it

  --no-demo     starts empty: the first visitor makes the first workspace and its owner

What can be set in the environment:
  PORT, HOST                      where it listens (8000, 127.0.0.1)
  TIKA_DATA_DIR                   where everything is kept (var/)
  TIKA_ADMIN_EMAIL, _PASSWORD     the first owner (else made up and shown once)
  METRICS_PORT                    where Prometheus fetches (9100, or a free one); TIKA_METRICS=off counts nothing
  DATABASE_URL                    a PostgreSQL >= 16 of your own instead of the embedded one
  EMAIL_URL, TIKA_BASE_URL, ...   see docs/operating.md"""


def main(arguments: Sequence[str]) -> int:
    try:
        if arguments[0] == "manage":
            return management.run(arguments[1:], os.environ)
        if arguments[0] == "restore":
            # Needs what a start does not wait for.
            from tika.cli import restore

            return restore.run(arguments[1:], os.environ)
        if {"-h", "--help"} & set(arguments):
            say(USAGE)
            return 0
        if unknown := set(arguments[1:]) - {"--no-demo"}:
            raise Refusal(f"bin/run doesn't know {sorted(unknown)[0]!r}: bin/run --help says what it knows.")
        return Start(os.environ, demo="--no-demo" not in arguments).run()
    except Refusal as refusal:
        return refused(refusal)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno in FULL:
            return refused(disk_full(data_folder(os.environ).path, needed=NEEDED_MB))
        raise


def refused(refusal: Refusal) -> int:
    say(str(refusal), to=sys.stderr)
    if refusal.details:
        say(refusal.details, to=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
