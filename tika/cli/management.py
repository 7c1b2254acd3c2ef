"""`bin/manage`: a management command on the data of `bin/run`, whether that is running or not."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from tika.cli.environment import DATABASE, KEPT, data_folder, environment, manage, process_environment
from tika.cli.folder import Folder
from tika.cli.given import Given
from tika.cli.listen import read_port
from tika.cli.postgres import Postgres, programs
from tika.cli.processes import WORKERS_COMMANDS
from tika.cli.refusal import Refusal

# They look at the code, not at the data.
WITHOUT_DATA = {"check", "compilemessages", "diffsettings", "help", "makemessages", "makemigrations", "version"}
PATIENCE = 30.0


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    folder = data_folder(environ)
    command = next((word for word in arguments if not word.startswith("-")), "help")
    if shared := running(folder):
        return become(arguments, shared, folder)
    if environ.get("DATABASE_URL"):
        folder.prepare()
        return become(arguments, told(folder, environ, Given(folder, environ).addresses()), folder)
    if Postgres(folder).exists:
        return with_database(arguments, environ, folder)
    if command in WITHOUT_DATA:
        return subprocess.run(manage(*arguments), check=False).returncode
    raise Refusal(
        f"There is no data in {folder.path} yet: start bin/run once, or name another folder with TIKA_DATA_DIR."
    )


def running(folder: Folder) -> dict[str, str]:
    """How to reach the data of a running Tika; empty when none runs. One that starts or stops is waited for."""
    until = time.monotonic() + PATIENCE
    while folder.in_use():
        if shared := folder.read(KEPT):
            return shared
        if time.monotonic() > until:
            raise Refusal(
                f"The Tika of {folder.path} is starting or stopping: try again when bin/run says it is ready."
            )
        time.sleep(0.2)
    return {}


def told(folder: Folder, environ: Mapping[str, str], databases: Mapping[str, str]) -> dict[str, str]:
    host = environ.get("HOST", "").strip() or "127.0.0.1"
    return environment(folder, environ, databases, host=host, port=read_port(environ))


def become(arguments: Sequence[str], shared: Mapping[str, str], folder: Folder) -> NoReturn:
    command = manage(*arguments)
    # Held open by the command itself: whoever started the database waits for it.
    users = (folder.run / "users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    os.set_inheritable(users.fileno(), True)
    os.execve(command[0], command, command_environment(arguments, shared))  # noqa: S606


def command_environment(arguments: Sequence[str], shared: Mapping[str, str]) -> dict[str, str]:
    found = process_environment(shared, role="worker" if WORKERS_COMMANDS & set(arguments) else "app")
    if "dbshell" in arguments and "?host=" in shared["DATABASE_URL"]:
        # psql gets neither the socket's folder nor the owner's role from Django.
        found |= {
            "PGHOST": str(Folder(data_folder(shared).path).database_sockets),
            "PGOPTIONS": "-c role=tika_owner",
            "PATH": f"{programs()}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }
    return found


def with_database(arguments: Sequence[str], environ: Mapping[str, str], folder: Folder) -> int:
    """PostgreSQL runs for as long as the command does."""
    folder.prepare()
    with folder.lock(), (folder.run / "postgres.log").open("wb") as log:
        server = Postgres(folder)
        server.prepare()
        server.stop()
        process = server.launch(log, alone=False)
        shared = told(folder, environ, server.addresses(DATABASE))
        folder.write(KEPT, shared)
        # Ctrl-C is for the command, which shares this terminal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return subprocess.run(
                manage(*arguments),
                check=False,
                env=command_environment(arguments, shared),
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            ).returncode
        finally:
            (folder.path / KEPT).unlink(missing_ok=True)
            with (folder.run / "users").open("a") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
            process.send_signal(signal.SIGINT)
            process.wait()
