"""A process that could look over the tenant wall does not start."""

import time

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

# Whatever the role is or could become: superuser, past row security, owner of a walled table, or exempt from a wall.
TOO_MUCH_SQL = """
SELECT current_user, string_agg(r.rolname, ', ' ORDER BY r.rolname) FROM pg_roles r
WHERE pg_has_role(current_user, r.oid, 'MEMBER') AND (
    r.rolsuper OR r.rolbypassrls
    OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relrowsecurity)
    OR EXISTS (SELECT FROM pg_policy open WHERE open.polpermissive AND r.oid = ANY (open.polroles)
        AND NOT EXISTS (SELECT FROM pg_policy wall WHERE wall.polrelid = open.polrelid AND NOT wall.polpermissive
                        AND r.oid = ANY (wall.polroles))))
"""
# PostgreSQL may be starting beside us.
PATIENCE = 20.0


class BypassingRole(ImproperlyConfigured):
    pass


def refuse_bypassing_role(*, patience: float = PATIENCE) -> None:
    """Raises BypassingRole; OperationalError where the database says nothing for `patience` seconds."""
    role, too_much = ask(until=time.monotonic() + patience)
    if too_much:
        raise BypassingRole(
            f"Tika does not start: the database role {role} passes the wall between workspaces, as {too_much}."
            " Connect as tika_app (the worker as tika_worker); docs/operating.md says how to make the roles."
        )


def ask(*, until: float) -> tuple[str | None, str | None]:
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(TOO_MUCH_SQL)
                row = cursor.fetchone()
            return row[0], row[1]
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        finally:
            connection.close()
