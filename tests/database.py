"""The tests' own PostgreSQL: made, given roles and a schema, and addressed."""

import os
import subprocess
import sys
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
        server.stop()
        with (folder.path / "postgres.log").open("ab") as log:
            server.launch(log, alone=True)
    return server


def prepare(server: Postgres, database: str = NAME) -> dict[str, str]:
    """Roles and database; returns the environment that processes need to reach them."""
    passwords = {name: server.folder.secret(name) for name in roles.SIGN_IN}
    roles.ensure(server.url("postgres", "postgres"), server.url("postgres", database), database, passwords)
    return {
        **server.addresses(database),
        "TIKA_DATA_DIR": str(server.folder.path),
        "TIKA_SECRET_KEY": server.folder.secret("secret_key"),
    }


def migrate(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "1"],
        check=True,
        env=os.environ | environment | {"TIKA_DB_ROLE": "migrator"},
    )
