"""TLS for those of PostgreSQL's programs that were built without it, as the ones that come as a wheel were.

A program speaks to a socket in a folder of ours, and a relay in this process speaks TLS to the server, as the address
says in libpq's words (sslmode, sslrootcert, sslcert, sslkey).
"""

import asyncio
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from backups.programs import told
from backups.sentences import Stopped

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
CHUNK = 2**18
PATIENCE, CLOSING = 10.0, 2.0
PORT = 5432
RELAYS_OWN = ("PGHOST", "PGPORT", "PGSSL")
# libpq's own, which somebody may have for other programs.
HOME = Path(".postgresql")
OPTIONAL = ("allow", "prefer")
# A program without TLS hangs up when it is offered what only TLS has, and takes the other way when it is not.
CHANNEL_BINDING = b"SCRAM-SHA-256-PLUS\0"


@contextmanager
def reached(url: str, program: str, **more: str) -> Iterator[dict[str, str]]:
    """The environment in which this program connects there. Raises Stopped where TLS is asked for and cannot be had."""
    there = None if speaks_tls(Path(program)) else far_end(url)
    if there is None or not there.has_tls():
        yield told(url, **more)
        return
    environ = {name: value for name, value in told(url, **more).items() if not name.startswith(RELAYS_OWN)}
    relay = Relay(there)
    try:
        yield environ | {"PGHOST": str(relay.folder), "PGPORT": str(PORT), "PGSSLMODE": "disable"}
    finally:
        relay.close()


@cache
def speaks_tls(program: Path) -> bool:
    """Whether it is built with TLS, which pg_dump of the same folder says before it looks for the server."""
    ask = {"PGSSLMODE": "require", "PGHOST": "/nowhere", "PGDATABASE": "none", "LC_ALL": "C"}
    try:
        done = subprocess.run([program.with_name("pg_dump")], env=ask, capture_output=True, text=True, check=False)
    except OSError:
        return True
    return "not compiled in" not in done.stderr


@dataclass(frozen=True)
class FarEnd:
    """`places` are (name, address, port), the first that answers is taken."""

    places: tuple[tuple[str, str, int], ...]
    mode: str
    context: ssl.SSLContext

    @property
    def words(self) -> str:
        return ", ".join(f"{name}:{port}" for name, _, port in self.places)

    def has_tls(self) -> bool:
        """False where there is none and the address lets it. Raises Stopped."""
        try:
            found = asyncio.run(self._tried())
        except ssl.SSLCertVerificationError as error:
            if self.mode in OPTIONAL:
                return False
            raise Stopped(
                f"The certificate of the database at {self.words} is not trusted: {error.verify_message}. Name the"
                " authority that signed it with sslrootcert in the address, and the host as the certificate has it."
            ) from error
        except OSError as error:
            if self.mode in OPTIONAL:
                return False
            raise Stopped(f"There is no TLS connection to the database at {self.words}: {error}") from error
        if not found and self.mode not in OPTIONAL:
            raise Stopped(f"The database at {self.words} has no TLS, which sslmode={self.mode} asks for.")
        return found

    async def _tried(self) -> bool:
        found = await self.connect()
        if found:
            found[1].close()
            with suppress(OSError):
                await found[1].wait_closed()
        return found is not None

    async def connect(self) -> "tuple[asyncio.StreamReader, asyncio.StreamWriter] | None":
        """None where the server says that it has no TLS. Raises OSError, of the last place."""
        for name, address, port in self.places:
            try:
                there = await asyncio.to_thread(asked, address, port)
                if there is None:
                    return None
                return await asyncio.open_connection(
                    sock=there,
                    ssl=self.context,
                    server_hostname=name,
                    limit=CHUNK,
                    ssl_handshake_timeout=PATIENCE,
                    ssl_shutdown_timeout=CLOSING,
                )
            except OSError as error:
                last = error
        raise last


def far_end(url: str) -> FarEnd | None:
    """None where the address asks for no TLS: a socket of this machine, or sslmode=disable. Raises Stopped."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    names = (parts.get("host") or parts.get("hostaddr", "")).split(",")
    system = parts.get("sslrootcert") == "system"
    mode = "verify-full" if system else parts.get("sslmode", "prefer")
    if mode == "disable" or not names[0] or names[0].startswith(("/", "@")):
        return None
    addresses = (parts.get("hostaddr") or ",".join(names)).split(",")
    ports = [int(port or 5432) for port in parts.get("port", "5432").split(",")]
    ports = ports * len(names) if len(ports) == 1 else ports
    try:
        context = context_of(parts, mode)
    except OSError as error:
        raise Stopped(f"What the database's address names for TLS cannot be used: {error}") from error
    return FarEnd(tuple(zip(names, addresses, ports, strict=True)), mode, context)


def context_of(parts: dict[str, str], mode: str) -> ssl.SSLContext:
    """As libpq has it: what is trusted is looked at in every mode where a file says so. Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["postgresql"])
    context.check_hostname = mode == "verify-full"
    root = Path(parts.get("sslrootcert") or Path.home() / HOME / "root.crt")
    if parts.get("sslrootcert") == "system":
        context.load_default_certs()
    elif mode.startswith("verify") or root.exists():
        context.load_verify_locations(root)
    else:
        context.verify_mode = ssl.CERT_NONE
    own = Path(parts.get("sslcert") or Path.home() / HOME / "postgresql.crt")
    if own.exists():
        key = parts.get("sslkey") or Path.home() / HOME / "postgresql.key"
        # With a password, if only an empty one: without it, somebody is asked on the terminal.
        context.load_cert_chain(own, key, parts.get("sslpassword", ""))
    return context


def asked(address: str, port: int) -> socket.socket | None:
    """A connection whose server waits for TLS to begin; None where it has none. Raises OSError."""
    there = socket.create_connection((address, port), PATIENCE)
    try:
        there.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        there.sendall(SSL_REQUEST)
        # Not a byte more: what somebody in between adds in plain is then no TLS, and ends it.
        answer = there.recv(1)
    except OSError:
        there.close()
        raise
    if answer == b"S":
        return there
    there.close()
    if not answer:
        raise ConnectionResetError(f"{address} port {port} hangs up when it is asked for TLS")
    return None


class Relay:
    """Listens on the socket in `folder`, which only we can reach, until it is closed."""

    def __init__(self, there: FarEnd) -> None:
        self.there = there
        self.folder = Path(tempfile.mkdtemp(prefix="tika-"))
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.folder / f".s.PGSQL.{PORT}"))
        self.open: dict[asyncio.Task[None] | None, list[asyncio.StreamWriter]] = {}
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="relay", daemon=True)
        self.thread.start()
        self.ready.wait()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _live(self) -> None:
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_unix_server(self._serve, sock=self.door, limit=CHUNK)
        self.ready.set()
        await self.ended.wait()
        server.close()
        # The program has gone: what it said last is passed on, and whoever does not hang up then is hung up on.
        for patience in (CLOSING, None):
            if self.open:
                await asyncio.wait([task for task in self.open if task], timeout=patience)
            for writer in (one for writers in self.open.values() for one in writers):
                writer.transport.abort()

    async def _serve(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.open[task] = [to_near]
        try:
            if (found := await self.there.connect()) is not None:
                far, to_far = found
                self.open[task].append(to_far)
                await asyncio.gather(pass_on(near, to_far), answer(far, to_near))
        except OSError:
            pass  # What the program sees of it is that it is hung up on.
        finally:
            to_near.close()
            del self.open[task]


async def answer(far: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        await pass_on_first(far, to_near)
    await pass_on(far, to_near)


async def pass_on_first(far: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
    """Up to the server's question who it is, from whose answers the one that needs TLS is taken."""
    kind = b""
    while kind not in (b"R", b"E"):
        kind, length = struct.unpack("!ci", await far.readexactly(5))
        body = (await far.readexactly(length - 4)).replace(CHANNEL_BINDING, b"")
        to_near.write(struct.pack("!ci", kind, len(body) + 4) + body)


async def pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    """Until either side has gone, of which the other is told."""
    with suppress(OSError):
        while found := await source.read(CHUNK):
            to.write(found)
            await to.drain()
    to.close()
