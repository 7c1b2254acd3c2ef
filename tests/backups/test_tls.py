"""PostgreSQL's programs without TLS, and a server that demands it; a real one is in tests/delivery/backups."""

import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backups.sentences import Stopped
from backups.tls import far_end, reached
from tests.backups.certificates import Authority
from tika.cli.postgres import programs

PG_DUMP = str(programs() / "pg_dump")
# What PostgreSQL with TLS offers to a role that has a SCRAM password.
OFFERED = b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"


class Door(threading.Thread):
    """The beginning of a conversation with PostgreSQL; `chosen` is by which mechanism somebody wanted to sign in."""

    def __init__(self, certificate: Path | None) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self.context and certificate:
            self.context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        self.chosen: list[str] = []
        self.start()

    def run(self) -> None:
        while True:
            try:
                visitor, _ = self.listening.accept()
            except OSError:
                return
            with visitor:
                self.answer(visitor)

    def answer(self, visitor: socket.socket) -> None:
        visitor.recv(8)
        if self.context is None:
            visitor.sendall(b"N")
            return
        visitor.sendall(b"S")
        try:
            with self.context.wrap_socket(visitor, server_side=True) as inside:
                if not inside.recv(1000):
                    return
                inside.sendall(struct.pack("!cii", b"R", 8 + len(OFFERED), 10) + OFFERED)
                self.chosen.append(inside.recv(1000)[5:].split(b"\0")[0].decode())
        except OSError:
            return


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def with_tls(authority: Authority) -> Iterator[Door]:
    door = Door(authority.sign("server", "localhost"))
    yield door
    door.listening.close()


@pytest.fixture
def without_tls() -> Iterator[Door]:
    door = Door(None)
    yield door
    door.listening.close()


def url(door: Door, **options: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"host": "localhost", **options}.items())
    return f"postgres://tika_backup:secret@/tika?port={door.port}&{query}"


def dump(address: str) -> None:
    with reached(address, PG_DUMP) as environ:
        subprocess.run([PG_DUMP], env=environ, capture_output=True, check=False)


def test_who_cannot_bind_to_the_channel_is_not_offered_to(with_tls: Door, authority: Authority) -> None:
    """It would hang up, as over a connection whose TLS somebody has taken away."""
    dump(url(with_tls, sslmode="verify-full", sslrootcert=authority.file))
    assert with_tls.chosen == ["SCRAM-SHA-256"]


@pytest.mark.parametrize("options", [{}, {"sslmode": "allow"}, {"sslmode": "require"}])
def test_tls_is_taken_where_nobody_says_whom_to_trust(with_tls: Door, options: dict[str, str]) -> None:
    dump(url(with_tls, **options))
    assert with_tls.chosen == ["SCRAM-SHA-256"]


@pytest.mark.parametrize("mode", ["verify-full", "verify-ca", "require"])
def test_another_authority_is_not_trusted(with_tls: Door, tmp_path: Path, mode: str) -> None:
    other = Authority(tmp_path / "other")
    with pytest.raises(Stopped, match=r"is not trusted: .* Name the authority that signed it with sslrootcert"):
        dump(url(with_tls, sslmode=mode, sslrootcert=other.file))
    assert with_tls.chosen == []


def test_another_host_is_not_trusted(with_tls: Door, authority: Authority) -> None:
    address = url(with_tls, host="127.0.0.1", sslmode="verify-full", sslrootcert=authority.file)
    with pytest.raises(Stopped, match=r"127\.0\.0\.1:\d+ is not trusted: .*mismatch"):
        dump(address)
    assert with_tls.chosen == []
    dump(url(with_tls, hostaddr="127.0.0.1", sslmode="verify-full", sslrootcert=authority.file))
    assert with_tls.chosen == ["SCRAM-SHA-256"]


def test_a_server_without_tls_is_spoken_to_where_the_address_lets_it(without_tls: Door) -> None:
    with reached(url(without_tls), PG_DUMP) as environ:
        assert (environ["PGHOST"], environ["PGPORT"]) == ("localhost", str(without_tls.port))
    with pytest.raises(Stopped, match="has no TLS, which sslmode=require asks for"):
        dump(url(without_tls, sslmode="require"))


def test_what_is_named_and_not_there_is_said(with_tls: Door, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match=r"names for TLS cannot be used: .*No such file"):
        dump(url(with_tls, sslmode="verify-ca", sslrootcert=str(tmp_path / "none.crt")))


def test_nobody_there_is_said() -> None:
    with pytest.raises(Stopped, match="There is no TLS connection to the database at localhost"):
        dump("postgres://tika_backup@localhost:1/tika?sslmode=require")


@pytest.mark.parametrize("address", ["postgres://me@/tika?host=/run", "postgres://me@there/tika?sslmode=disable"])
def test_where_no_tls_is_asked_for_there_is_no_relay(address: str) -> None:
    assert far_end(address) is None


def test_a_program_that_speaks_tls_does_so_itself(with_tls: Door, authority: Authority, tmp_path: Path) -> None:
    able = tmp_path / "pg_dump"
    able.write_text("#!/bin/sh\necho 'connection to server on socket failed' >&2\nexit 1\n")
    able.chmod(0o755)
    with reached(url(with_tls, sslmode="verify-full", sslrootcert=authority.file), str(able)) as environ:
        assert (environ["PGHOST"], environ["PGSSLMODE"], environ["PGSSLROOTCERT"]) == (
            "localhost",
            "verify-full",
            authority.file,
        )
