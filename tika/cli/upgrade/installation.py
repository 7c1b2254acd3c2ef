"""The Tika that runs: where it is, which release, how its processes are replaced."""

import json
import os
import re
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from tika.cli import management, roles
from tika.cli.environment import DATABASE, ROOT, environment, manage, process_environment
from tika.cli.folder import Folder
from tika.cli.given import Given
from tika.cli.postgres import Postgres
from tika.cli.refusal import Refusal
from tika.cli.rolling import ANSWERED, ASKED, RELEASE, SIGNAL, elsewhere
from tika.cli.urls import read_url

ROLLED_WITHIN = 600.0
PATIENCE = 3600


class Installation:
    """Raises Refusal where none runs, or one that is too old to be replaced while it runs."""

    def __init__(self, folder: Folder, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.shared = management.running(folder)
        if not self.shared:
            raise Refusal(
                f"No Tika runs on {folder.path}: start the new release there with bin/run, which migrates as well;"
                " or name the folder of the one that runs with TIKA_DATA_DIR."
            )
        release = folder.read(RELEASE)
        if not release:
            raise Refusal("The Tika that runs is too old to be replaced while it runs: stop it, and start this one.")
        self.root = Path(release["root"])
        self.old_environment = dict(self.shared)
        there = read_url("DATABASE_URL", self.shared["DATABASE_URL_MIGRATOR"])
        self.database = there["dbname"]
        self.embedded = there.get("host") == str(folder.database_sockets)
        self.environ = environ
        self.address = f"http://127.0.0.1:{self.shared['PORT']}"

    @property
    def version(self) -> str:
        """Of what runs, as its files tell."""
        found = re.search(r'^VERSION = "([^"]+)"', (self.root / "tika" / "env.py").read_text(), re.M)
        return found[1] if found else "0.0.0"

    def new_environment(self) -> dict[str, str]:
        """What this release's processes are told. Roles that it has besides are made."""
        if not self.embedded:
            databases = Given(self.folder, {**self.shared, **self.environ}).addresses()
        else:
            server = Postgres(self.folder)
            passwords = {name: self.folder.secret(name) for name in roles.SIGN_IN}
            roles.ensure(server.url("postgres", "postgres"), server.url("postgres", DATABASE), DATABASE, passwords)
            databases = server.addresses(DATABASE)
        host, port = self.shared["HOST"], int(self.shared["PORT"])
        return {**self.shared, **environment(self.folder, self.shared, databases, host=host, port=port)}

    # --- its processes ---------------------------------------------------------------------------

    def roll(self, root: Path, environ: Mapping[str, str]) -> None:
        """Raises Refusal when the new ones do not start; then the old ones run still."""
        number = uuid.uuid4().hex
        self.folder.write(ASKED, {"id": number, "root": str(root), "environment": dict(environ)})
        os.kill(int((self.folder.run / "lock").read_text()), SIGNAL)
        until = time.monotonic() + ROLLED_WITHIN
        while (answer := self.folder.read(ANSWERED)).get("id") != number:
            if time.monotonic() > until:
                raise Refusal(f"bin/run has not replaced its processes within {ROLLED_WITHIN:g} s.")
            time.sleep(0.2)
        if not answer["ok"]:
            first, _, rest = answer["said"].partition("\n")
            raise Refusal(first, details=rest)

    # --- questions -------------------------------------------------------------------------------

    def command(self, *arguments: str, environ: Mapping[str, str], role: str = "app", root: Path = ROOT) -> str:
        """Of a release, on its data; returns what it said. Raises Refusal with the end of it when it failed."""
        more = {"TIKA_LOG_LEVEL": "ERROR", "PYTHONPATH": str(root)}
        done = subprocess.run(
            [elsewhere(word, str(ROOT), str(root)) for word in manage(*arguments)],
            cwd=root,
            env=process_environment(environ, role=role, **more),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise Refusal(f"{arguments[0]} failed; what it said last is below.", details="\n".join(said[-12:]))
        return done.stdout

    def facts(self, environ: Mapping[str, str], *arguments: str, role: str = "app") -> Any:
        return json.loads(self.command(*arguments, environ=environ, role=role))

    def ask(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status (0: nobody answered), headers, body."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:  # noqa: S310
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except HTTPError as error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()
        except OSError as error:
            return 0, {}, str(error).encode()
