"""A PostgreSQL somebody gave us with DATABASE_URL: is it fit, and what must its administrator run if it isn't?"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import Connection, OperationalError

from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.refusal import Refusal
from tika.cli.urls import made_url, read_url

PATIENCE = 10
Row = tuple[Any, ...]


class Given:
    """`addresses()` checks everything and returns the address of each role, or refuses with the remedy."""

    def __init__(self, folder: Folder, environ: Mapping[str, str]) -> None:
        self.parts = read_url("DATABASE_URL", environ["DATABASE_URL"])
        # Roles, migrations and the worker need a session of their own, which a pooler doesn't give.
        direct = environ.get("DATABASE_URL_DIRECT", "")
        self.direct = read_url("DATABASE_URL_DIRECT", direct) if direct else self.parts
        self.environ = environ
        self.folder = folder
        self.database = self.parts["dbname"]
        self.passwords = {name: self._password(name) for name in roles.SIGN_IN}

    def _password(self, role: str) -> str:
        return self._own(role).get("password", "") or self.folder.secret(role)

    def _own(self, role: str) -> dict[str, str]:
        """What was said about this role: by a variable of its own, or by DATABASE_URL when that is its user."""
        name = f"DATABASE_URL_{role.removeprefix('tika_').upper()}"
        if text := self.environ.get(name, ""):
            return read_url(name, text)
        return self.parts if self.parts.get("user") == role else {}

    def address(self, role: str, *, through: dict[str, str]) -> str:
        return made_url(through | {"user": role, "password": self.passwords[role]} | self._own(role))

    def addresses(self) -> dict[str, str]:
        with self._connect() as connection:
            self._check_server(connection)
            statements = roles.missing_roles(connection, self.passwords, optional=False)
            complete = not any(statement.startswith("CREATE ROLE") for statement in statements)
            statements += roles.missing_rights(connection, self.database, roles_exist=complete)
        if statements:
            raise self._refusal(statements)
        found = {
            "DATABASE_URL": self.address("tika_app", through=self.parts),
            "DATABASE_URL_DIRECT": self.address("tika_app", through=self.direct),
            "DATABASE_URL_MIGRATOR": self.address("tika_migrator", through=self.direct),
            "DATABASE_URL_WORKER": self.address("tika_worker", through=self.direct),
            "DATABASE_URL_BACKUP": self.address("tika_backup", through=self.direct),
        }
        self._check_passwords(found)
        return found

    # --- questions -------------------------------------------------------------------------------

    def _connect(self) -> "Connection[Row]":
        try:
            return self._open(self.direct)
        except OperationalError as error:
            raise self._unreachable(error) from error

    def _open(self, parts: dict[str, str]) -> "Connection[Row]":
        return Connection.connect(made_url(parts), autocommit=True, connect_timeout=PATIENCE)

    def _unreachable(self, error: OperationalError) -> Refusal:
        """Not there, not let in, or a server on which nothing has been prepared."""
        try:
            with self._open(self.direct | {"dbname": "postgres"}) as connection:
                self._check_server(connection)
                statements = roles.missing_roles(connection, self.passwords)
                statements.append(roles.missing_database(connection.info.server_version, self.database))
        except OperationalError:
            return self._not_let_in(error)
        return self._refusal([*statements, self._inside(), *roles.all_rights(self.database)])

    def _not_let_in(self, error: OperationalError) -> Refusal:
        said = " ".join(str(error).split())
        if self.parts.get("user") not in roles.SIGN_IN or "refused" in said or "resolve" in said or "translate" in said:
            return Refusal(
                f"PostgreSQL at {self._place()} can't be used: check host, port, user and password in DATABASE_URL,"
                f" and that the server runs. It said: {said}"
            )
        statements = [
            roles.missing_database(roles.OLDEST, self.database),
            self._inside(),
            *roles.all_rights(self.database),
        ]
        return self._refusal(roles.all_roles(self.passwords) + statements, because=f" (it said: {said})")

    def _check_server(self, connection: "Connection[Row]") -> None:
        version = connection.info.server_version
        if version < roles.OLDEST:
            shown = connection.info.parameter_status("server_version") or str(version)
            raise Refusal(
                f"PostgreSQL at {self._place()} is version {shown.split()[0]}: Tika needs 16 or newer, so upgrade it,"
                " or leave DATABASE_URL out to use the embedded one."
            )
        if connection.info.dbname == self.database and connection.info.parameter_status("server_encoding") != "UTF8":
            raise Refusal(
                f"The database {self.database} is not in UTF-8, so it can't hold every language:"
                " create another one with ENCODING 'UTF8' and name it in DATABASE_URL."
            )

    def _check_passwords(self, found: Mapping[str, str]) -> None:
        statements = []
        for role, name in (("app", ""), ("migrator", "_MIGRATOR"), ("worker", "_WORKER")):
            try:
                psycopg.connect(found[f"DATABASE_URL{name}"], connect_timeout=PATIENCE).close()
            except OperationalError:
                password = self.passwords[f"tika_{role}"]
                statements.append(roles.text(f"ALTER ROLE tika_{role} PASSWORD {{password}}", password=password))
        if statements:
            raise self._refusal(statements, because=" (it knows Tika's roles by other passwords)")

    # --- answers ---------------------------------------------------------------------------------

    def _place(self) -> str:
        return f"{self.direct.get('host', 'localhost')}:{self.direct.get('port', '5432')}"

    def _inside(self) -> str:
        return f'\\connect "{self.database}"'

    def _refusal(self, statements: list[str], *, because: str = "") -> Refusal:
        lines = [statement if statement.startswith("\\") else f"{statement};" for statement in statements]
        return Refusal(
            f"PostgreSQL at {self._place()} is not prepared for Tika{because}: an administrator runs the"
            f" statements below there as a superuser, in the database {self.database}; then start again.",
            details="\n".join(lines),
        )
