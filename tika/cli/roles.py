"""The database's roles and rights: the one place that says them.

The embedded server runs what is missing, the tests' server too; for a server somebody gave us it is printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

OLDEST = 160000


@dataclass(frozen=True)
class Role:
    name: str
    login: bool = True
    bypass_rls: bool = False
    # May receive the write-ahead log. Not every server grants it: what only this lacks is no reason not to start.
    replication: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def attributes(self) -> str:
        login = "LOGIN" if self.login else "NOLOGIN"
        bypass = "BYPASSRLS" if self.bypass_rls else "NOBYPASSRLS"
        # NOREPLICATION is what a role gets, and said where it has been given by somebody.
        return f"{login} NOSUPERUSER NOCREATEDB NOCREATEROLE {bypass}"


def limits(statement: str, idle: str) -> Mapping[str, str]:
    # The zone is set here so that no session has to, which a pooler would hand on.
    return {"timezone": "UTC", "statement_timeout": statement, "idle_in_transaction_session_timeout": idle}


ROLES = (
    # Owns every table; nobody signs in as it.
    Role("tika_owner", login=False),
    # Owns the few functions that look over the tenant wall; nobody signs in as it.
    Role("tika_definer", login=False),
    Role("tika_migrator", settings={"timezone": "UTC", "lock_timeout": "30s"}),
    # A person waits: what takes longer than five seconds goes to the worker.
    Role("tika_app", settings=limits("5s", "10s")),
    Role("tika_worker", settings=limits("10min", "10min")),
    Role("tika_ops", settings=limits("30s", "60s")),
    Role("tika_backup", bypass_rls=True, replication=True),
)
SIGN_IN = tuple(role.name for role in ROLES if role.login)
PLAIN = ("tika_app", "tika_worker", "tika_ops")
MEMBERS = (("tika_owner", "tika_migrator"), ("tika_definer", "tika_owner"))
# What a backup reads is everything, whichever table comes, and how far its log has arrived; it may write nothing.
READERS = (("pg_read_all_data", "tika_backup"), ("pg_read_all_stats", "tika_backup"))

ROLE_FACTS = (
    "SELECT rolname, rolcanlogin, rolbypassrls, rolsuper OR rolcreatedb OR rolcreaterole,"
    " rolreplication, rolconfig"
    " FROM pg_roles WHERE rolname = ANY(%s)"
)
MEMBER_FACTS = (
    "SELECT granted.rolname, member.rolname FROM pg_auth_members m JOIN pg_roles granted ON granted.oid = m.roleid"
    " JOIN pg_roles member ON member.oid = m.member WHERE m.set_option AND member.rolname = ANY(%s)"
)
READER_FACTS = (
    "SELECT 1 FROM pg_auth_members WHERE roleid = %s::regrole AND inherit_option"
    " AND member = (SELECT oid FROM pg_roles WHERE rolname = %s)"
)
# What the app could become: any role that passes the wall, by whatever chain of memberships.
TOO_MUCH_FACTS = (
    "SELECT granted.rolname, member.rolname FROM pg_auth_members m JOIN pg_roles granted ON granted.oid = m.roleid"
    " JOIN pg_roles member ON member.oid = m.member WHERE member.rolname = ANY(%s) AND EXISTS (SELECT 1 FROM pg_roles r"
    " WHERE pg_has_role(granted.oid, r.oid, 'MEMBER') AND (r.rolsuper OR r.rolbypassrls OR r.rolname = ANY(%s)))"
)
DATABASE_ACL = (
    "pg_database o, aclexplode(coalesce(datacl, acldefault('d', datdba))) a WHERE datname = current_database()"
)
SCHEMA_ACL = "pg_namespace o, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a WHERE nspname = 'public'"


def _granted(acl: str, privilege: str, *names: str) -> str:
    """True when each role holds the privilege by name: what comes through PUBLIC is about to be taken away."""
    wanted = ", ".join(f"'{name}'" for name in names)
    holders = f"a.privilege_type = '{privilege}' AND a.grantee::regrole::text IN ({wanted})"
    return f"(SELECT count(DISTINCT a.grantee) = {len(names)} FROM {acl} AND {holders})"  # noqa: S608


def _nothing(acl: str, privileges: str, names: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {acl} AND a.privilege_type IN ({privileges}) AND a.grantee IN ({names}))"  # noqa: S608


WALLED = ("tika_app", "tika_worker", "tika_ops", "tika_backup")
WALLED_IDS = "SELECT oid FROM pg_roles WHERE rolname IN ('tika_app', 'tika_worker', 'tika_ops', 'tika_backup')"
# The statement, and the question whose "true" means that it has been run.
DATABASE_RIGHTS = (
    ("REVOKE ALL ON DATABASE {database} FROM PUBLIC", _nothing(DATABASE_ACL, "'TEMPORARY', 'CREATE'", "0")),
    (
        "GRANT CONNECT ON DATABASE {database} TO tika_migrator, tika_app, tika_worker, tika_ops, tika_backup",
        _granted(DATABASE_ACL, "CONNECT", "tika_migrator", *WALLED),
    ),
    (
        "ALTER SCHEMA public OWNER TO tika_owner",
        "(SELECT nspowner = 'tika_owner'::regrole FROM pg_namespace WHERE nspname = 'public')",
    ),
    ("REVOKE ALL ON SCHEMA public FROM PUBLIC", _nothing(SCHEMA_ACL, "'USAGE', 'CREATE'", "0")),
    (
        "GRANT USAGE ON SCHEMA public TO tika_app, tika_worker, tika_ops, tika_backup",
        _granted(SCHEMA_ACL, "USAGE", *WALLED),
    ),
    ("GRANT USAGE, CREATE ON SCHEMA public TO tika_definer", _granted(SCHEMA_ACL, "CREATE", "tika_definer")),
    (
        "REVOKE CREATE ON SCHEMA public FROM tika_app, tika_worker, tika_ops, tika_backup",
        _nothing(SCHEMA_ACL, "'CREATE'", WALLED_IDS),
    ),
)


def text(template: str, **values: str) -> str:
    quoted = {
        name: Identifier(value) if name in {"role", "database"} else Literal(value) for name, value in values.items()
    }
    return SQL(template).format(**quoted).as_string(None)


def missing_roles(
    connection: "Connection[tuple[object, ...]]", passwords: Mapping[str, str], *, optional: bool = True
) -> list[str]:
    """Statements for the server as a whole: roles, their limits, who may become whom. `optional` asks for what Tika can
    do without, too."""
    names = [role.name for role in ROLES]
    facts = {row[0]: row for row in connection.execute(ROLE_FACTS, [names]).fetchall()}
    found: list[str] = []
    for role in ROLES:
        found += _missing_role(role, facts.get(role.name), passwords)
    members = set(connection.execute(MEMBER_FACTS, [names]).fetchall())
    found += [member_of(*pair) for pair in MEMBERS if pair not in members]
    if optional or found:
        found += _missing_rights_to_copy(connection, facts)
    too_much = connection.execute(TOO_MUCH_FACTS, [list(PLAIN), ["tika_owner", "tika_definer", "tika_migrator"]])
    found += [
        text("REVOKE {database} FROM {role}", database=str(row[0]), role=str(row[1])) for row in too_much.fetchall()
    ]
    return found


def member_of(granted: str, member: str) -> str:
    inherits = "TRUE, SET FALSE" if (granted, member) in READERS else "FALSE, SET TRUE"
    return f"GRANT {granted} TO {member} WITH INHERIT {inherits}"


def _missing_rights_to_copy(
    connection: "Connection[tuple[object, ...]]", facts: Mapping[object, tuple[object, ...]]
) -> list[str]:
    found = []
    for role in ROLES:
        fact = facts.get(role.name)
        if role.replication and not (fact and fact[4]):
            found.append(f"ALTER ROLE {role.name} REPLICATION")
    for granted, member in READERS:
        known = connection.execute(READER_FACTS, [granted, member]).fetchone()
        if known is None:
            found.append(member_of(granted, member))
    return found


def _missing_role(role: Role, fact: tuple[object, ...] | None, passwords: Mapping[str, str]) -> Iterable[str]:
    if fact is None:
        password = text(" PASSWORD {password}", password=passwords[role.name]) if role.login else ""
        yield f"CREATE ROLE {role.name} {role.attributes()}{password}"
    elif (fact[1], fact[2], fact[3], fact[4] and not role.replication) != (role.login, role.bypass_rls, False, False):
        yield f"ALTER ROLE {role.name} {role.attributes()}" + ("" if role.replication else " NOREPLICATION")
    config = fact[5] if fact else None
    known = {str(entry).partition("=")[0].lower() for entry in config} if isinstance(config, list) else set()
    for name, value in role.settings.items():
        # An administrator may have chosen another limit; only a missing one is set.
        if name not in known:
            yield f"ALTER ROLE {role.name} SET {name} = '{value}'"


def all_roles(passwords: Mapping[str, str]) -> list[str]:
    """For a server that lets nobody look at it yet."""
    found = [statement for role in ROLES for statement in _missing_role(role, None, passwords)]
    found += [f"ALTER ROLE {role.name} REPLICATION" for role in ROLES if role.replication]
    return found + [member_of(*pair) for pair in (*MEMBERS, *READERS)]


def missing_database(version: int, database: str) -> str:
    """For a server that has no database of this name yet."""
    locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'" if version >= 170000 else "LOCALE 'C.UTF-8'"
    return text(f"CREATE DATABASE {{database}} TEMPLATE template0 ENCODING 'UTF8' {locale}", database=database)


def missing_rights(connection: "Connection[tuple[object, ...]]", database: str, *, roles_exist: bool) -> list[str]:
    """Statements to run inside the database."""
    found = []
    for template, done in DATABASE_RIGHTS:
        row = connection.execute(f"SELECT {done}".encode()).fetchone() if roles_exist else None
        if row is None or not row[0]:
            found.append(text(template, database=database))
    return found


def all_rights(database: str) -> list[str]:
    return [text(template, database=database) for template, _ in DATABASE_RIGHTS]


def forget_backups(server: str) -> None:
    """Where they are switched off: nobody fetches the log that is kept for them."""
    with Connection.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            " WHERE slot_name = 'tika_backup' AND NOT active"
        )


def ensure(server: str, inside: str, database: str, passwords: Mapping[str, str]) -> None:
    """Runs what is missing; `server` and `inside` are a superuser's addresses of the server and of the database."""
    with Connection.connect(server, autocommit=True) as connection:
        for statement in missing_roles(connection, passwords):
            connection.execute(statement.encode())
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            connection.execute(missing_database(connection.info.server_version, database).encode())
    with Connection.connect(inside, autocommit=True) as connection:
        for statement in missing_rights(connection, database, roles_exist=True):
            connection.execute(statement.encode())
