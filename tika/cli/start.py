"""`bin/run`: from an empty folder, or one left in any state, to a Tika that answers."""

import asyncio
import hashlib
import os
import re
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

import psycopg

from tika.cli import roles
from tika.cli.child import Child, Tell
from tika.cli.environment import DATABASE, KEPT, ROOT, data_folder, environment, manage, process_environment
from tika.cli.given import Given
from tika.cli.listen import address_of, listen, read_port
from tika.cli.metrics import clear, metrics_door, wipe
from tika.cli.postgres import Postgres
from tika.cli.processes import command
from tika.cli.progress import Step, say, step
from tika.cli.refusal import Refusal
from tika.cli.rolling import Rolling
from tika.cli.supervisor import PATIENT_DEATHS, Supervisor
from tika.static_digest import FOLDERS, digest_of

OWNER = "owner@example.com"
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Start:
    def __init__(self, environ: Mapping[str, str], *, demo: bool) -> None:
        self.environ = environ
        self.demo = demo
        self.folder = data_folder(environ)
        self.host = environ.get("HOST", "").strip() or "127.0.0.1"
        self.port = read_port(environ)
        self.backups = environ.get("TIKA_BACKUPS", "on") != "off"
        self.email = environ.get("TIKA_ADMIN_EMAIL", "").strip() or OWNER
        self.password = environ.get("TIKA_ADMIN_PASSWORD", "") or secrets.token_urlsafe(12)
        if not EMAIL.fullmatch(self.email):
            raise Refusal(
                f"TIKA_ADMIN_EMAIL is {self.email!r}, which is no e-mail address: for example you@example.com."
            )
        self.made_owner = False
        self.is_empty = False
        self.shared: dict[str, str] = {}

    def run(self) -> int:
        # What it keeps is for its user alone: secrets, attachments, the sockets.
        os.umask(0o077)
        self.folder.prepare()
        with self.folder.lock():
            self.supervisor = Supervisor(self.folder)
            (self.folder.path / KEPT).unlink(missing_ok=True)
            self.supervisor.sweep()
            with listen(self.host, self.port) as self.door, metrics_door(self.environ) or nullcontext() as self.metrics:
                self.port = self.door.getsockname()[1]
                asyncio.run(self._live())
            clear(Path(self.shared.get("TIKA_METRICS_DIR", self.folder.run / "metrics")))
        return 0

    async def _live(self) -> None:
        try:
            await self.supervisor.live(asyncio.create_task(self._start()))
        finally:
            self._show_password_if_it_would_be_lost()
        say("Tika has stopped.")

    async def _start(self) -> None:
        say(f"Tika, data in {self.folder.path}")
        databases = self._check_given() if self.environ.get("DATABASE_URL") else await self._start_embedded()
        self.shared = environment(self.folder, self.environ, databases, host=self.host, port=self.port)
        wipe(Path(self.shared["TIKA_METRICS_DIR"]))
        with step("Tables") as current:
            await self._manage("migrate", "--no-color", role="migrator", note=last_line(current))
        await self._collect_static()
        await self._first_workspace()
        self.folder.write(KEPT, self.shared)
        await self._start_processes()
        self.supervisor.kept_back = None
        self._tell_where()
        self.rolling = asyncio.create_task(Rolling(self.supervisor, self.folder).watch())

    # --- database --------------------------------------------------------------------------------

    def _check_given(self) -> dict[str, str]:
        with step("PostgreSQL named by DATABASE_URL"):
            return Given(self.folder, self.environ).addresses()

    async def _start_embedded(self) -> dict[str, str]:
        server = Postgres(self.folder)
        if opened := server.prepare():
            names = ", ".join(str(folder) for folder in opened)
            say(f"  note: PostgreSQL doesn't run as root; its account may now pass through (not list) {names}.")
        if not server.exists:
            with step("Folder of the database"):
                server.create()
        with step("PostgreSQL"):
            server.stop()
            self.database = self.supervisor.keep(self._postgres(server))
            await self._until(server.answers, self.database)
            passwords = {name: self.folder.secret(name) for name in roles.SIGN_IN}
            roles.ensure(server.url("postgres", "postgres"), server.url("postgres", DATABASE), DATABASE, passwords)
            if not self.backups:
                roles.forget_backups(server.url("postgres", "postgres"))
        return server.addresses(DATABASE)

    def _postgres(self, server: Postgres) -> Child:
        def before() -> str:
            server.stop()
            return self.supervisor.why_full()

        def tell(name: str, line: str) -> None:
            # Its diary of starts and stops is ours to tell; faults and recovery are its own.
            if " LOG:  " not in line or "recover" in line:
                self.supervisor.tell(name, line)

        return Child(
            "postgres",
            server.command(),
            tell,
            options=server.spawn_options(),
            stop_by=signal.SIGINT,
            kill_by=signal.SIGQUIT,
            patience=30,
            before=before,
        )

    # --- the way up ------------------------------------------------------------------------------

    async def _manage(self, *arguments: str, role: str = "app", note: Tell, **more: str) -> None:
        # Its last line is shown as progress.
        environ = process_environment(self.shared, role=role, TIKA_LOG_JSON="false", **more)
        await self.supervisor.once(arguments[0], manage(*arguments), environ, note=note)

    async def _collect_static(self) -> None:
        packages = (ROOT / "requirements-local.lock").read_bytes()
        wanted = digest_of(FOLDERS) + hashlib.sha256(packages).hexdigest()
        mark = self.folder.static / ".digest"
        if mark.exists() and mark.read_text() == wanted:
            return
        with step("Static files") as current:
            await self._manage("collectstatic", "--noinput", note=last_line(current))
            mark.write_text(wanted)

    async def _first_workspace(self) -> None:
        with psycopg.connect(self.shared["DATABASE_URL"], autocommit=True) as connection:
            row = connection.execute("SELECT tenancy_is_empty()").fetchone()
        self.is_empty = row is not None and bool(row[0])
        if self.is_empty and self.demo:
            with step("First workspace, with a demo board") as current:
                # Not as an argument: those are for everybody on the machine to read.
                secret = {"TIKA_ADMIN_PASSWORD": self.password}
                await self._manage("seed_demo", "--email", self.email, note=last_line(current), **secret)
            self.made_owner, self.is_empty = True, False
            self.folder.write("owner.json", {"email": self.email})

    async def _start_processes(self) -> None:
        with step("Processes: web, live, worker, backup, exporter"):
            keep, child = self.supervisor.keep, self.supervisor.child
            as_json = self.environ.get("TIKA_LOG_JSON") or str(not sys.stdout.isatty()).lower()
            app = process_environment(self.shared, TIKA_LOG_JSON=as_json)
            worker = process_environment(self.shared, role="worker", TIKA_LOG_JSON=as_json)
            number = self.door.fileno()
            fd = {"TIKA_LISTEN_FD": str(number)}
            web = keep(child("web", command("web"), app | fd, options={"pass_fds": [number]}))
            self.folder.hand_over.unlink(missing_ok=True)
            live = keep(child("live", command("live"), app))
            await self._until(self.folder.hand_over.exists, live)
            while not await ready(self.door):
                self._give_up_on(web)
                await asyncio.sleep(0.05)
            # Nobody waits for them: they leave the processors to the first answer.
            keep(child("worker", manage("worker"), worker))
            if self.backups:
                keep(child("backup", command("backup_process"), worker))
            if self.metrics:
                number = self.metrics.fileno()
                fd = {"TIKA_METRICS_FD": str(number)}
                keep(child("exporter", manage("exporter"), app | fd, options={"pass_fds": [number]}))
            await asyncio.sleep(0)

    async def _until(self, done: Callable[[], bool], child: Child) -> None:
        while not done():
            self._give_up_on(child)
            await asyncio.sleep(0.05)

    def _give_up_on(self, child: Child) -> None:
        if child.deaths >= PATIENT_DEATHS:
            said = [line for line in self.supervisor.kept_back or [] if line.startswith(child.name)]
            raise Refusal(f"{child.name} does not start; what it said last is below.", details="\n".join(said[-20:]))

    # --- words -----------------------------------------------------------------------------------

    def _tell_where(self) -> None:
        address = self.shared["TIKA_BASE_URL"]
        say()
        say(f"  Tika is ready:  {address}/")
        if self.made_owner:
            say(f"  Sign in:        {self.email}   password: {self._shown_password()}")
        elif self.is_empty:
            say("  Sign in:        nobody has an account yet: the first visitor makes the first workspace")
        else:
            email = self.folder.read("owner.json").get("email", "your e-mail address")
            say(f"  Sign in:        {email}   (password forgotten? bin/manage changepassword {email})")
        if self.metrics:
            say(f"  metrics: {address_of(*self.metrics.getsockname()[:2])}/metrics")
        say(f"  Stop:           Ctrl-C, or kill {os.getpid()}")
        say(f"  Data:           {self.folder.path}")
        say()
        self.made_owner = False

    def _shown_password(self) -> str:
        if self.environ.get("TIKA_ADMIN_PASSWORD"):
            return "the one in TIKA_ADMIN_PASSWORD"
        return f"{self.password}   (shown this once)"

    def _show_password_if_it_would_be_lost(self) -> None:
        if self.made_owner:
            say(f"The first workspace has been made; sign in as {self.email}, password: {self._shown_password()}")


def last_line(current: Step) -> Tell:
    return lambda _, line: current.note(line.strip())


async def ready(door: socket.socket) -> bool:
    """Asks through the listening socket, as a browser would."""
    host, port = door.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        await writer.drain()
        answer = await asyncio.wait_for(reader.readline(), 10)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
    return b" 200 " in answer
