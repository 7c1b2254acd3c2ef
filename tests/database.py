"""The tests' own PostgreSQL: made, given roles and a schema, and addressed."""

import os
import subprocess
import sys

from tika.cli import roles
from tika.cli.environment import ROOT
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres
from tika.cli.refusal import Refusal

NAME = "tika_test"


def start(folder: Folder, *, throw_away: bool = True, alone: bool = True, major: int = 18) -> Postgres:
    """A server for this folder, the one that runs already or a new one; `alone` outlives this process."""
    folder.prepare()
    server = Postgres(folder, throw_away=throw_away, major=major)
    server.prepare()
    if not server.exists:
        server.create()
    if server.process_id() is None:
        server.stop()
        with (folder.path / "postgres.log").open("ab") as log:
            server.launch(log, alone=alone)
    return server


def prepare(server: Postgres, database: str = NAME) -> dict[str, str]:
    """Roles and database; returns the environment that processes need to reach them."""
    passwords = {name: server.folder.secret(name) for name in roles.SIGN_IN}
    roles.ensure(server.url("postgres", "postgres"), server.url("postgres", database), database, passwords)
    return {
        **server.addresses(database),
        # For tests of what only an administrator sees: the catalogue, other roles' rights.
        "TIKA_SUPERUSER_URL": server.url("postgres", database),
        "TIKA_DATA_DIR": str(server.folder.path),
        "TIKA_SECRET_KEY": server.folder.secret("secret_key"),
        "TIKA_STATIC_FROM_SOURCE": "true",
        "TIKA_LOG_JSON": "false",
        "DJANGO_SETTINGS_MODULE": "tika.settings",
    }


def migrate(environment: dict[str, str], *, quiet: bool = False) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-color"],
        check=False,
        text=True,
        capture_output=quiet,
        env=os.environ | environment | {"TIKA_DB_ROLE": "migrator"},
    )
    if done.returncode != 0:
        raise Refusal("The migrations failed.", details=(done.stdout or "") + (done.stderr or ""))
