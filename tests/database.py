"""The tests' own PostgreSQL: made, given roles and a schema, and addressed."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
NAME = "tika_test"


def start(folder: Folder, *, throw_away: bool = True) -> Postgres:
    """A server for this folder, the one that runs already or a new one; it outlives this process until `stop`."""
    folder.prepare()
    server = Postgres(folder, throw_away=throw_away)
    server.prepare()
    if not server.exists:
        server.create()
        server.prepare()
    if server.process_id() is None:
        options = server.spawn_options() | {"preexec_fn": None}
        with (folder.path / "postgres.log").open("ab") as log:
            subprocess.Popen(server.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)  # type: ignore[call-overload]
    wait_for(server)
    return server


def wait_for(server: Postgres, *, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not server.answers():
        if time.monotonic() > until:
            raise TimeoutError((server.folder.path / "postgres.log").read_text()[-2000:])
        time.sleep(0.05)


def prepare(server: Postgres, database: str = NAME) -> dict[str, str]:
    """Roles and database; returns the environment that processes need to reach them."""
    passwords = {name: server.folder.secret(name) for name in roles.SIGN_IN}
    roles.ensure(server.url("postgres", "postgres"), server.url("postgres", database), database, passwords)
    return {
        "DATABASE_URL": server.url("tika_app", database),
        "DATABASE_URL_DIRECT": server.url("tika_app", database),
        "DATABASE_URL_MIGRATOR": server.url("tika_migrator", database),
        "DATABASE_URL_WORKER": server.url("tika_worker", database),
        "TIKA_DATA_DIR": str(server.folder.path),
        "TIKA_SECRET_KEY": server.folder.secret("secret_key"),
    }


def migrate(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "1"],
        check=True,
        env=os.environ | environment | {"TIKA_DB_ROLE": "migrator"},
    )
