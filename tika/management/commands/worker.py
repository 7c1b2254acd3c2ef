"""`manage.py worker`: what bin/run and a deployment start as the worker."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from observability import tracing
from observability.beat import beat
from observability.metrics import process
from tika import connections
from tika.worker import work_on


class Command(BaseCommand):
    help = "Works on queued jobs and makes the rounds that are due, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DB_ROLE != "worker":
            raise CommandError("The worker connects as its own role: start it with TIKA_DB_ROLE=worker.")
        process.start("worker", connections=connections.WORKER)
        tracing.start()
        beat.start()
        try:
            asyncio.run(work_on())
        finally:
            beat.stop()
            tracing.stop()
