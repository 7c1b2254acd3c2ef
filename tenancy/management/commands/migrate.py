"""Django's migrate, which lets people at work go first, then the app's rights on the tables that no tenant owns.

A tenant's table grants them with its wall; a table that has neither wall nor line here cannot be reached by the app.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.core.management.color import no_style
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from observability.logs.words import LogLines

GLOBAL_TABLES = ("tenancy_user", "tenancy_session", "tika_cache")
GLOBAL_PREFIXES = ("account_", "mfa_", "socialaccount_", "procrastinate_")
READ_ONLY_PREFIXES = ("django_", "auth_")
# For a lock that somebody else holds: how often, and how long in between at most, in seconds.
TRIES = 6
PAUSE = 2.0


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LOGGING["json"]:
            self.stdout, self.style = OutputWrapper(LogLines()), no_style()
        until_locked(lambda: MigrateCommand.handle(self, *args, **options), self.stderr.write)
        if not options["plan"] and not options["check_unapplied"]:
            grant_global_tables()


def until_locked(migrate: Callable[[], object], tell: Callable[[str], Any]) -> None:
    """A migration that did not get its lock is undone; what went before it stays, and the next try goes on there."""
    for left in reversed(range(TRIES)):
        try:
            migrate()
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LockNotAvailable):
                raise
            tell(f"Somebody uses a table that is to be changed: they go first, then again ({left} times more).")
            connection.close()
            # Not in step with whoever comes at regular times.
            time.sleep(PAUSE * (0.5 + random.random() / 2))  # noqa: S311
        else:
            return


def grant_global_tables() -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in GLOBAL_TABLES or table.startswith(GLOBAL_PREFIXES):
                rights = "SELECT, INSERT, UPDATE, DELETE"
            elif table.startswith(READ_ONLY_PREFIXES):
                rights = "SELECT"
            else:
                continue
            name = connection.ops.quote_name(table)
            cursor.execute(f"GRANT {rights} ON {name} TO tika_app, tika_worker")
            cursor.execute(f"GRANT SELECT ON {name} TO tika_backup")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO tika_app, tika_worker")
