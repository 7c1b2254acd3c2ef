"""`tika NAME`: what the image starts: a process, `roles`, `health`, or any management command.

It becomes what it starts, so that signals reach that and nothing stands between. docs/delivery.md has the contract.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from tika.cli.health import MARK, health
from tika.cli.processes import PROCESSES, command, role_of
from tika.cli.refusal import Refusal

USAGE = """tika web | live | worker | exporter     a process, until it is stopped
tika migrate                            the tables, as the migrator
tika roles                              the database and its roles, as a superuser (DATABASE_URL_SUPERUSER)
tika health [NAME] [--ready]            asks a process beside it: 0 well, 1 not
tika probe URL --at HOST:PORT           asks an address at a place of ours, as behind the proxy
tika COMMAND ...                        any management command: tika create_workspace --help

A setting may be given as a file: NAME_FILE=/run/secrets/name instead of NAME."""


def main(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    name = arguments[0] if arguments else "--help"
    if name in {"-h", "--help"}:
        print(USAGE)
        return 0
    if name == "health":
        return health(arguments[1:], environ)
    # What follows takes longer to load than a health check may take.
    if name == "probe":
        from tika.cli.probe import probe

        return probe(arguments[1:])
    from tika.cli.mounted import mounted

    try:
        told = mounted(environ)
        if name == "roles":
            from tika.cli.server_roles import make_roles

            return make_roles(told)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return become(name, arguments[1:], told)


def become(name: str, arguments: Sequence[str], told: Mapping[str, str]) -> NoReturn:
    from tika.cli.mounted import folders

    os.umask(0o077)
    environ = {**told, **folders(told), "TIKA_DB_ROLE": told.get("TIKA_DB_ROLE") or role_of(name)}
    if name in PROCESSES and (run := environ.get("TIKA_RUN_DIR")):
        (Path(run) / MARK).write_text(name)
    line = command(name, *arguments)
    os.execve(line[0], line, environ)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
