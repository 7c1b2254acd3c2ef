"""Database addresses, in the one form that libpq and Django read alike."""

from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tika.cli.refusal import Refusal


def local_url(role: str, password: str, sockets: Path, database: str) -> str:
    return made_url({"user": role, "password": password, "host": str(sockets), "dbname": database})


def made_url(parts: dict[str, str]) -> str:
    """`host=/path` goes into the query: a path is no host name, and Django reads it from there too."""
    rest = dict(parts)
    user, password = quote(rest.pop("user", ""), safe=""), quote(rest.pop("password", ""), safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    database = quote(rest.pop("dbname", "tika"), safe="")
    place = ""
    if not rest.get("host", "/").startswith("/"):
        host, port = rest.pop("host"), rest.pop("port", "")
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = urlencode(rest, quote_via=quote)
    return f"postgres://{who}{place}/{database}" + (f"?{query}" if query else "")


def read_url(name: str, text: str) -> dict[str, str]:
    """The parts of an address somebody gave us in the variable `name`."""
    remedy = f"{name} must look like postgres://user:password@host:5432/tika"
    if not text.startswith(("postgres://", "postgresql://")):
        raise Refusal(f"{remedy}: other databases than PostgreSQL are not supported.")
    try:
        parts = conninfo_to_dict(text)
    except psycopg.ProgrammingError as error:
        raise Refusal(f"{remedy}: {str(error).strip()}.") from error
    found = {key: str(value) for key, value in parts.items() if value is not None}
    if not all(port.isdecimal() for port in found.get("port", "5432").split(",")):
        raise Refusal(f"{remedy}: {found['port']!r} is no port.")
    if not found.get("dbname"):
        raise Refusal(f"{remedy}: the name of the database is missing.")
    return found
