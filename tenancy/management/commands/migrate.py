"""Django's migrate, then the app's rights on the tables that no tenant owns.

A tenant's table grants them with its wall; a table that has neither wall nor line here cannot be reached by the app.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import OutputWrapper
from django.core.management.color import no_style
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection

from observability.logs.words import LogLines

GLOBAL_TABLES = ("tenancy_user", "tenancy_session", "tika_cache")
GLOBAL_PREFIXES = ("account_", "mfa_", "socialaccount_", "procrastinate_")
READ_ONLY_PREFIXES = ("django_", "auth_")


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LOGGING["json"]:
            self.stdout, self.style = OutputWrapper(LogLines()), no_style()
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            grant_global_tables()


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
