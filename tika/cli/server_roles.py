"""`tika roles`: makes the database and its roles on a server of which we have a superuser's address.

The superuser's address is given to this step alone; what runs afterwards signs in as roles that cannot pass the wall.
"""

import secrets
from collections.abc import Mapping

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from tika.cli import managed, roles
from tika.cli.refusal import Refusal
from tika.cli.urls import made_url, read_url

SUPERUSER = "DATABASE_URL_SUPERUSER"


def make_roles(environ: Mapping[str, str]) -> int:
    """Runs what is missing, and gives each role the password of its address: run again, it changes passwords."""
    server = read_url(SUPERUSER, environ.get(SUPERUSER, ""))
    database = read_url("DATABASE_URL", environ.get("DATABASE_URL", ""))["dbname"]
    known = {role: password for role in roles.SIGN_IN if (password := password_of(role, environ))}
    # A role whose address nobody was told cannot be signed in as.
    passwords = {role: known.get(role) or secrets.token_urlsafe(24) for role in roles.SIGN_IN}
    outside, inside = (made_url(server | {"dbname": name}) for name in ("postgres", database))
    refused: list[str] = []
    try:
        if managed.is_superuser(outside):
            roles.ensure(outside, inside, database, passwords)
        else:
            refused = managed.ensure(outside, inside, database, passwords)
        renew(outside, known)
    except psycopg.OperationalError as error:
        raise Refusal(f"{SUPERUSER} can't be used: {' '.join(str(error).split())}") from error
    if refused:
        print("tika_backup may not read past the wall here: the server's own backups take the place of Tika's.")
    print(f"The database {database} and its roles are there; {', '.join(sorted(known))} have their passwords.")
    return 0


def password_of(role: str, environ: Mapping[str, str]) -> str:
    short = role.removeprefix("tika_")
    name = "DATABASE_URL" if short == "app" else f"DATABASE_URL_{short.upper()}"
    text = environ.get(name, "")
    return read_url(name, text).get("password", "") if text else ""


def renew(server: str, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for role, password in passwords.items():
            # Hashed here: a statement may come into the server's log.
            hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            connection.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), Literal(hashed)))
