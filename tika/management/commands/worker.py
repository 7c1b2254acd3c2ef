"""`manage.py worker`: what bin/run and a deployment start as the worker."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError as DatabaseAway
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from observability import tracing
from observability.beat import beat
from observability.metrics import process
from tenancy.boot import refuse_bypassing_role
from tika import connections
from tika.worker import DatabaseLost, work


class Command(BaseCommand):
    help = "Works on queued jobs and makes the rounds that are due, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DB_ROLE != "worker":
            raise CommandError("The worker connects as its own role: start it with TIKA_DB_ROLE=worker.")
        try:
            refuse_bypassing_role()
            process.start("worker", connections=connections.WORKER)
            tracing.start()
            beat.start()
            asyncio.run(work())
        except (DatabaseAway, DatabaseLost, ConnectorException, OperationalError) as error:
            raise CommandError("The database went away; the worker ends, to be started again.") from error
        finally:
            beat.stop()
            tracing.stop()
