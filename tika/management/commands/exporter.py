"""`manage.py exporter`: hands out a host's numbers, and looks for what only the database or the disk knows."""

import os
import platform
import signal
import socket
import threading
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from observability.console.queries.backups import standing
from observability.metrics import catalogue, configuration, process
from observability.metrics.exposition import Collected, Facts
from observability.metrics.facts import Fact, Round, usual
from observability.metrics.folder import Folder
from observability.metrics.server import Server
from observability.slo.queries.standing import standings
from tenancy.boot import refuse_bypassing_role
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

FOLD_EVERY = 15.0


class Command(BaseCommand):
    help = "Serves /metrics on METRICS_PORT: the numbers of all processes of this host, and slow facts."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not configuration.enabled():
            raise CommandError("Metrics are off (TIKA_METRICS=off): there is nothing to export.")
        with suppress(OperationalError):
            # A database that is away is one of the things to tell of.
            refuse_bypassing_role(patience=0)
        labels = (settings.VERSION, platform.python_version())
        asked = [*usual(settings.DATA_DIR), Fact("objectives", 60, budgets), Fact("restores", 60, restores)]
        facts = Round(asked, {catalogue.BUILD.name: {labels: 1}})
        folder = Folder(configuration.folder_path())
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        process.fold()
        Server(door(), Collected(folder, configuration.style(), facts.known)).start()
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        threading.Thread(target=facts.go_on, args=(ended,), name="facts", daemon=True).start()
        while not ended.wait(FOLD_EVERY):
            process.fold()


def budgets() -> Facts:
    with tenant_context(OPERATORS_ID):
        left = {(one.objective.name,): one.remaining for one in standings()}
    return {catalogue.BUDGET.name: {labels: share for labels, share in left.items() if share is not None}}


def restores() -> Facts:
    """Of the database's rows: whoever makes backups need not share a disk with this process."""
    with tenant_context(OPERATORS_ID):
        now = standing()
    found: Facts = {catalogue.BACKUP_FAILED.name: {(): float(bool(now.failed))}}
    found[catalogue.DUMPS_ALONE.name] = {(): float(now.archive is not None and not now.archive.is_supported)}
    if now.newest and now.newest.ended_at:
        found[catalogue.BACKUP_AGE.name] = {(): max(0.0, (timezone.now() - now.newest.ended_at).total_seconds())}
    if now.rpo is not None:
        found[catalogue.BACKUP_LOST.name] = {(): now.rpo.total_seconds()}
    if now.proven is not None:
        found[catalogue.RESTORE_PROVEN.name] = {(): now.proven.when.timestamp()}
    if now.rto is not None:
        found[catalogue.RESTORE_TIME.name] = {(): now.rto.total_seconds()}
    return found


def door() -> socket.socket:
    """The one bin/run holds open, or an address."""
    if inherited := os.environ.get("TIKA_METRICS_FD"):
        return socket.socket(fileno=int(inherited))
    if (address := configuration.address()) is None:
        raise CommandError("METRICS_PORT says where to listen, for example METRICS_PORT=9100.")
    try:
        return configuration.door_at(*address)
    except OSError as error:
        raise CommandError(f"Cannot listen on {address[0]} port {address[1]}: {error.strerror}.") from error
