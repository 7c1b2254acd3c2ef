"""What PostgreSQL's catalogue must say of the tenant wall; each function lists what is wrong."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps

from audit.models import Entry
from tenancy.base import TenantModel
from tenancy.models import Tenant

Rows = Callable[..., list[tuple[Any, ...]]]
APP_ROLES = {"tika_app", "tika_worker"}
ROLES = (*sorted(APP_ROLES), "tika_ops")

# Tables without a tenant: what stands in them belongs to a person, to the installation, or to the framework.
GLOBAL_TABLES = {
    "tenancy_user": "a person is in several workspaces",
    "tenancy_session": "signing in comes before choosing a workspace",
    "tika_cache": "counts of sign-ins, by address",
    "django_migrations": "the schema's history",
    "django_content_type": "Django's own; not used by ours",
    "django_admin_log": "Django's own; nothing writes it, as its admin only shows",
}
GLOBAL_PREFIXES = ("auth_", "account_", "procrastinate_", "mfa_", "socialaccount_")
# Unique over all tenants: nobody can guess the value, so a collision tells nothing.
GLOBAL_KEYS = {
    "tenancy_apitoken_digest": "the SHA-256 of 32 random bytes",
    "tenancy_invitation_digest": "the SHA-256 of 32 random bytes",
    "tenancy_tenant_slug": "the address of a workspace; choosing one tells that it is taken, as any address does",
}
# Indexes that do not begin with the tenant.
OTHER_INDEXES = {
    "tenancy_idempotentreply_age": "for the worker's round that forgets old replies",
    "boards_import_waiting": "for the worker: what is to do, of all tenants",
    "tenancy_membership_user_id": "whose workspaces are listed at sign-in",
    "slo_sliminute_age": "for the worker's roll-up, which goes through all tenants",
    "boards_searchdocument_grams": "the hashes in it are salted with the tenant",
}
NOT_LOGGED = {
    "tenancy_idempotentreply": "an answer kept for a day, about rows that are logged",
    "boards_mention": "stands in the comment's text",
    "boards_importedobject": "repeats what the rows themselves say",
    "boards_searchdocument": "repeats logged rows",
    "boards_ticketlabel": "the ticket's own entry shows its labels",
    "boards_ticketassignee": "the ticket's own entry shows its assignees",
    "slo_sliminute": "counts of what happened",
    "slo_sliday": "counts of what happened",
    "slo_routeminute": "counts of what happened",
    "console_process": "signs of life",
    "console_statement": "counts of what happened",
    "console_errorgroup": "counts of exceptions, which no person makes on purpose",
    "audit_entry": "is the log",
}
# SECURITY DEFINER: what looks over the wall, and why it may.
DEFINERS = {
    "tenancy_identify": "finds the tenant of a secret the caller must hold",
    "tenancy_workspaces_of": "the list of one's own workspaces; the id comes from the session",
    "tenancy_invitation": "finds the tenant of a secret the caller must hold",
    "tenancy_is_empty": "one bit, for the first start",
    "tenancy_id_of": "for commands: the id alone opens nothing",
    "tenancy_all_ids": "for the worker's rounds: the ids alone open nothing",
    "tika_log": "writes the log, which nobody else may write",
    "audit_record_imported": "writes entries of the present tenant, marked as imported",
    "audit_make_partitions": "makes tables, which the worker may not",
    "boards_search": "uses an index the wall would forbid; takes the tenant from the transaction",
    "boards_imports_waiting": "for the worker: which tenants have an import to do",
    "boards_tickets_by_category": "for the exporter: counts of all tenants together, no ids",
    "boards_index_created": "keeps the search documents",
    "boards_index_edited": "keeps the search documents",
    "boards_index_part": "keeps the search documents",
    "boards_repeat_labels": "keeps what a ticket's row repeats",
    "boards_repeat_assignees": "keeps what a ticket's row repeats",
    "boards_count": "keeps the counts of a ticket's row",
    "slo_count": "takes counts, of all tenants a process served; tells nothing",
    "slo_roll_up": "sums up counts of all tenants, each under its own; tells how many rows",
    "console_log_levels": "which loggers say more for a while; for all processes, which act as no tenant",
    "console_note_errors": "takes counts of exceptions, their texts redacted; tells nothing",
    "slo_agreements": "for the operators: how well each workspace was served; answers in theirs alone",
    "slo_planned": "the times of announced maintenance, which everybody may know",
    "boards_people_changed": "raises the version of the tenant's boards",
}

TABLES_SQL = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""
FOREIGN_KEYS_SQL = """
SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,
       ARRAY(SELECT a.attname::text || ' = ' || b.attname FROM unnest(k.conkey, k.confkey) AS pair (x, y)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x
             JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = y)
FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
"""
INDEXES_SQL = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, i.indisunique, i.indisprimary,
       ARRAY(SELECT coalesce(a.attname, '?')::text FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
"""
GRANTS_SQL = """
SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type, c.relispartition
FROM pg_class c CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.grantee <> c.relowner
"""
DEFINERS_SQL = """
SELECT p.proname, p.proowner::regrole::text, coalesce(p.proconfig::text, ''),
       EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
"""
OWNED_SQL = """
SELECT 'relation ' || relname, relowner::regrole::text FROM pg_class
UNION ALL SELECT 'function ' || proname, proowner::regrole::text FROM pg_proc
UNION ALL SELECT 'schema ' || nspname, nspowner::regrole::text FROM pg_namespace
UNION ALL SELECT 'database ' || datname, datdba::regrole::text FROM pg_database
"""


def tenant_tables() -> set[str]:
    """As the models say it: the catalogue is measured against them, and they against the catalogue."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel) or model in (Tenant, Entry)]
    return {model._meta.db_table for model in models}


def unwalled_tables(rows: Rows) -> Iterator[str]:
    walled = tenant_tables()
    for table, enabled, forced, is_partition, has_tenant in rows(TABLES_SQL):
        if table in GLOBAL_TABLES or table.startswith(GLOBAL_PREFIXES):
            if has_tenant:
                yield f"{table} holds a tenant's rows without a wall"
        elif not is_partition and table not in walled:
            yield f"{table} is no TenantModel and not in GLOBAL_TABLES"
        elif not (enabled and forced):
            yield f"{table} does not enforce row-level security for its owner too"


def wrong_policies(rows: Rows) -> Iterator[str]:
    walls: dict[str, int] = dict.fromkeys(tenant_tables(), 0)
    query = "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
    for table, name, kind, roles, command, qual, check in rows(query + " WHERE schemaname = 'public'"):
        if kind == "PERMISSIVE":
            if set(roles) not in ({"tika_definer"}, APP_ROLES):
                yield f"{table}.{name} lets in {', '.join(roles)}"
            continue
        walls[table] = walls.get(table, 0) + 1
        column = "id" if table == "tenancy_tenant" else "tenant_id"
        wanted = (
            f"({column} = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"
            ' AS "nullif"))'
        )
        if (set(roles), command, qual, check) != (APP_ROLES, "ALL", wanted, wanted):
            yield f"{table}.{name} is another wall than the others: {command} to {roles} using {qual} check {check}"
    yield from (f"{table} has {count} restrictive policies" for table, count in walls.items() if count != 1)


def crossing_keys(rows: Rows) -> Iterator[str]:
    """A plain foreign key is checked by the owner, who does not see the wall: it could lead into another tenant."""
    walled = tenant_tables() - {"tenancy_tenant"}
    on_board = {table for table, *_, columns in rows(INDEXES_SQL) if "board_id" in columns}
    for name, table, target, pairs in rows(FOREIGN_KEYS_SQL):
        if target not in walled:
            continue
        if "tenant_id = tenant_id" not in pairs:
            yield f"{name} leads from {table} to {target} without the tenant"
        both_on_board = {table, target} <= on_board and "boards_board" not in (table, target)
        if both_on_board and "board_id = board_id" not in pairs:
            yield f"{name} leads from {table} to {target} without the board"


def telling_keys(rows: Rows) -> Iterator[str]:
    """A unique key over all tenants tells, by its refusal, what another tenant has."""
    for table, index, is_unique, is_primary, columns in rows(INDEXES_SQL):
        if table not in tenant_tables() or columns[0] == "tenant_id" or (is_primary and columns == ["id"]):
            continue
        allowed = GLOBAL_KEYS if is_unique else {**OTHER_INDEXES, **GLOBAL_KEYS}
        if not index.startswith(tuple(allowed)):
            yield f"{index} on {table} ({', '.join(columns)}) does not begin with the tenant"


def unlogged_tables(rows: Rows) -> Iterator[str]:
    query = """SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE tgfoid = 'tika_log'::regproc AND tgenabled = 'O' AND NOT tgisinternal"""
    found = set(rows(query))
    for table in sorted(tenant_tables() - set(NOT_LOGGED)):
        for event in ("insert", "update", "delete"):
            if (table, f"tika_log_{event}") not in found:
                yield f"{table} does not log {event}"


def too_many_rights(rows: Rows) -> Iterator[str]:
    for table, role, privilege, is_partition in rows(GRANTS_SQL):
        if role == "PUBLIC":
            yield f"everybody may {privilege} {table}"
        elif privilege in {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}:
            yield f"{role} may {privilege} {table}, which does not ask the wall"
        elif is_partition and role != "tika_backup":
            yield f"{role} may {privilege} the partition {table} past its parent's policies"
        elif role in {"tika_backup", "tika_ops"} and privilege != "SELECT":
            yield f"{role} may {privilege} {table}"
    for role in ROLES:
        for what, schema in (("CREATE", "public"), ("CREATE", "pg_catalog")):
            if rows("SELECT has_schema_privilege(%s, %s, %s)", [role, schema, what])[0][0]:
                yield f"{role} may create in {schema}"
        if rows("SELECT has_database_privilege(%s, current_database(), 'TEMP, CREATE')", [role])[0][0]:
            yield f"{role} may make temporary tables or schemas"


def open_functions(rows: Rows) -> Iterator[str]:
    for name, owner, config, is_public in rows(DEFINERS_SQL):
        if name not in DEFINERS:
            yield f"{name}() is SECURITY DEFINER and not in DEFINERS"
        if owner not in {"tika_definer", "tika_owner"}:
            yield f"{name}() runs as {owner}"
        if "search_path=pg_catalog, public, pg_temp" not in config:
            yield f"{name}() does not pin its search_path"
        if is_public:
            yield f"everybody may execute {name}()"


def views(rows: Rows) -> Iterator[str]:
    """A view runs as its owner, a materialised one never asks a policy."""
    query = "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    yield from (f"{name} is a view" for (name,) in rows(query))


def powerful_roles(rows: Rows) -> Iterator[str]:
    query = """SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,
    ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r
    WHERE rolname = ANY (%s)"""
    found = rows(query, [list(ROLES)])
    if len(found) != len(ROLES):
        yield f"there are not all of {ROLES}"
    for name, is_powerful, groups in found:
        if is_powerful:
            yield f"{name} may more than read and write"
        if groups:
            yield f"{name} is a member of {', '.join(groups)}"
    yield from (f"{owner} owns {what}" for what, owner in rows(OWNED_SQL) if owner in ROLES)


EVERYTHING = (
    unwalled_tables,
    wrong_policies,
    crossing_keys,
    telling_keys,
    unlogged_tables,
    too_many_rights,
    open_functions,
    views,
    powerful_roles,
)
