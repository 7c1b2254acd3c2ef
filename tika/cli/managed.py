"""The roles on a server that somebody else runs (RDS, Cloud SQL): its administrator makes roles, and is no superuser.

Such a server has backups of its own, so that only what `tika_backup` is for is done without.
"""

from collections.abc import Mapping

from psycopg import Connection, errors

from tika.cli import roles

OPTIONAL = "tika_backup"


def is_superuser(server: str) -> bool:
    with Connection.connect(server) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def ensure(server: str, inside: str, database: str, passwords: Mapping[str, str]) -> list[str]:
    """As `roles.ensure`, by an administrator with CREATEROLE and CREATEDB; returns what the server did not allow."""
    refused = []
    with Connection.connect(server, autocommit=True) as connection:
        for statement in roles.missing_roles(connection, passwords):
            refused += [] if allowed(connection, statement) else [statement]
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            connection.execute(roles.missing_database(connection.info.server_version, database).encode())
    with Connection.connect(inside, autocommit=True) as connection:
        statements = roles.missing_rights(connection, database, roles_exist=True)
        if statements:
            in_the_owners_name(connection, statements)
    return refused


def allowed(connection: "Connection[tuple[object, ...]]", statement: str) -> bool:
    """False where only a superuser may, and Tika can do without."""
    try:
        connection.execute(statement.encode())
    except errors.InsufficientPrivilege:
        if OPTIONAL not in statement:
            raise
        if statement.startswith("CREATE ROLE"):
            connection.execute(statement.replace(" BYPASSRLS", " NOBYPASSRLS").encode())
        return False
    return True


def in_the_owners_name(connection: "Connection[tuple[object, ...]]", statements: list[str]) -> None:
    """Who makes a role may grant it, to itself too: for as long as this takes."""
    connection.execute("GRANT tika_owner TO CURRENT_USER WITH INHERIT TRUE, SET TRUE")
    try:
        for statement in statements:
            connection.execute(statement.encode())
    finally:
        connection.execute("REVOKE tika_owner FROM CURRENT_USER")
