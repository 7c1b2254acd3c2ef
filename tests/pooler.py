"""PgBouncer in transaction mode before the tests' PostgreSQL: few server connections, handed on at each commit."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.tools import pgbouncer
from tika.cli.postgres import Postgres
from tika.cli.process import die_with_parent
from tika.cli.refusal import Refusal
from tika.cli.urls import made_url

PORT = 6432
SERVER_CONNECTIONS = 5


@contextmanager
def pooled(server: Postgres, database: str, *, connections: int = SERVER_CONNECTIONS) -> Iterator[str]:
    """The address of `tika_app` through the pooler, as long as the block lasts."""
    program = pgbouncer()
    folder = server.folder.sockets / f"pooler-{connections}"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = folder / "pgbouncer.ini"
    settings.touch(mode=0o600)
    settings.write_text(configuration(server, database, folder, connections))
    if server.account:
        server.account.own(folder)
        server.account.own(settings)
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [program, str(settings)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options(server)
        )
    try:
        address = made_url({"user": "tika_app", "host": str(folder), "port": str(PORT), "dbname": database})
        wait_for(address, folder / "pgbouncer.log")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def options(server: Postgres) -> dict[str, Any]:
    return server.spawn_options() | {"preexec_fn": die_with_parent(signal.SIGTERM)}


def configuration(server: Postgres, database: str, folder: Path, connections: int) -> str:
    # As words: PgBouncer reads no address.
    address = server.url("tika_app", database)
    target = make_conninfo(**{name: str(value) for name, value in conninfo_to_dict(address).items()})
    return "\n".join(
        [
            "[databases]",
            f"{database} = {target}",
            "[pgbouncer]",
            "listen_addr =",
            f"listen_port = {PORT}",
            f"unix_socket_dir = {folder}",
            "unix_socket_mode = 0700",
            # Whoever reaches the socket is the app: the folder is private to this test run.
            "auth_type = any",
            "pool_mode = transaction",
            f"default_pool_size = {connections}",
            "max_client_conn = 1200",
            "log_connections = 0",
            "log_disconnections = 0",
            "",
        ]
    )


def wait_for(address: str, log: Path) -> None:
    until = time.monotonic() + 15
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise Refusal("PgBouncer does not start.", details=f"{error}\n{log.read_text()[-1000:]}") from error
            time.sleep(0.1)
        else:
            return
