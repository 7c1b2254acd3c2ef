"""A server that demands TLS, by stunnel before the tests' own: backed up, received from, restored into."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from backups.config import Config
from backups.crypt import key_of
from backups.manifest import all_of
from backups.models import State
from backups.restore.logical import restore_dump
from backups.sentences import Stopped
from backups.store import store_of
from backups.verbs.backups import take
from backups.verbs.drills import drill
from backups.wal.receiver import Receiver
from tenancy.context import Actor
from tests import servers
from tests.backups.certificates import Authority
from tests.backups.conftest import config_in
from tests.backups.test_restoring import database_now, running, wait_until_covered
from tests.cli.running import free_port
from tests.tools import debian
from tika.cli.postgres import programs
from tika.cli.process import die_with_parent
from tika.cli.urls import made_url, read_url

BY = Actor("system", "test")
RESTORED = "tika_tls_restored"
STUNNEL = """
foreground = yes
pid =
debug = err
[tls]
accept = 127.0.0.1:{port}
connect = {server}
protocol = pgsql
cert = {certificate}
key = {key}
CAfile = {authority}
verifyChain = yes
"""
Address = Callable[..., str]


def silent(sentence: str) -> None:
    pass


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def address(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Of the tests' server through TLS, of which it demands our certificate, too; `address(url, host=..., ...)`."""
    folder, port = tmp_path_factory.mktemp("stunnel"), free_port()
    there = read_url("", os.environ["DATABASE_URL_BACKUP"])
    is_socket = there["host"].startswith("/")
    server = f"{there['host']}/.s.PGSQL.5432" if is_socket else f"{there['host']}:{there.get('port', '5432')}"
    certificate, own = authority.sign("server", "localhost"), authority.sign("tika")
    told = {"port": port, "server": server, "certificate": certificate, "key": certificate.with_suffix(".key")}
    (folder / "stunnel.conf").write_text(STUNNEL.format(authority=authority.file, **told))
    command = [debian("stunnel4"), str(folder / "stunnel.conf")]
    with (folder / "log").open("w") as log, pytest.MonkeyPatch.context() as patch:
        # The wheel's programs, which have no TLS, also where others are installed.
        patch.setenv("TIKA_PG_BIN", str(programs(servers.major())))
        process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=die_with_parent(signal.SIGKILL))
        until_open(port, process, folder / "log")

        def through_tls(url: str, **options: str) -> str:
            usual = {"host": "localhost", "sslmode": "verify-full", "sslrootcert": authority.file}
            ours = {"port": str(port), "sslcert": str(own), "sslkey": str(own.with_suffix(".key"))}
            return made_url(read_url("", url) | usual | ours | options)

        yield through_tls
        process.terminate()
        process.wait(10)


def until_open(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def config_of(folder: Path, address: Address, **options: str) -> Config:
    return config_in(folder, DATABASE_URL_BACKUP=address(os.environ["DATABASE_URL_BACKUP"], **options))


@pytest.fixture(scope="module")
def config(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return config_of(tmp_path_factory.mktemp("data"), address)


def test_it_is_backed_up_its_log_received_and_the_restore_proven(config: Config) -> None:
    with running(config):
        rows = take(config, ["base", "logical"], by=BY, say=silent, urgent=True)
        assert [(row.state, row.error) for row in rows] == [(State.DONE, "")] * 2
        wait_until_covered(config, database_now())
        found = drill(config, by=BY, say=silent)
    assert (found.state, found.error) == ("passed", "")


def test_a_dump_is_restored_into_it(config: Config, address: Address) -> None:
    """Stands on the backups above."""
    server, store = servers.of_this_run(), store_of(config)
    dump = all_of(store, "logical")[0]
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0".encode())
        try:
            target = address(server.url("postgres", RESTORED))
            restore_dump(store, dump, key_of(config.key_file), target, dump.postgres)
            with psycopg.connect(target) as restored:
                row = restored.execute("SELECT count(*) FROM django_migrations").fetchone()
            assert row == (dump.tables["django_migrations"][0],)
        finally:
            administrator.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)".encode())


@pytest.mark.parametrize(
    "options", [{"sslrootcert": "OTHER"}, {"sslrootcert": "OTHER", "sslmode": "verify-ca"}, {"host": "127.0.0.1"}]
)
def test_whom_nobody_vouches_for_gets_nothing_and_nothing_is_stored(
    address: Address, tmp_path: Path, options: dict[str, str]
) -> None:
    other = Authority(tmp_path / "other").file
    told = {name: value.replace("OTHER", other) for name, value in options.items()}
    config = config_of(tmp_path / "data", address, **told)
    rows = take(config, ["base", "logical"], by=BY, say=silent, urgent=True)
    for row in rows:
        assert (row.state, "certificate is not trusted" in row.error) == (State.FAILED, True), row.error
    receiver = Receiver(config.database, config.spool)
    with (
        psycopg.connect(os.environ["DATABASE_URL_BACKUP"], autocommit=True) as connection,
        pytest.raises(Stopped, match="is not trusted"),
    ):
        receiver.ensure(connection)
    assert not receiver.runs
    assert [path.name for path in (tmp_path / "data").rglob("*.age*")] == []
    assert list(config.spool.iterdir()) == []


def test_without_a_certificate_of_ones_own_this_server_lets_nobody_in(address: Address, tmp_path: Path) -> None:
    config = config_of(tmp_path, address, sslcert=str(tmp_path / "none.crt"), sslkey=str(tmp_path / "none.key"))
    (row,) = take(config, ["logical"], by=BY, say=silent, urgent=True)
    assert row.state == State.FAILED
