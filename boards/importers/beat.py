"""Signs of life of a running import, and how far it is, seen from outside its transaction."""

import threading
import uuid
from typing import Self

from django.db import OperationalError, connection
from django.utils import timezone

from boards.models.importing import Import
from tenancy.context import tenant_context

PACE = 1.0


class Beat:
    """A thread with a connection of its own; `done` of `total` may be set from anywhere."""

    def __init__(self, tenant_id: uuid.UUID, import_id: uuid.UUID, attempt: int, *, pace: float = PACE) -> None:
        self.done = 0
        self.total = 0
        self._which = (tenant_id, import_id, attempt)
        self._pace = pace
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="import-beat", daemon=True)

    def step(self, count: int) -> None:
        self.done += count

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.wait(self._pace):
                self._write()
        finally:
            connection.close()

    def _write(self) -> None:
        tenant_id, import_id, attempt = self._which
        try:
            with tenant_context(tenant_id):
                mine = Import.objects.filter(tenant_id=tenant_id, pk=import_id, attempt=attempt)
                told = {"progress": min(self.done, self.total), "progress_total": self.total}
                mine.update(beat_at=timezone.now(), **told)
        except OperationalError:
            # The database is restarting; the work itself will notice, and the next beat connects anew.
            connection.close()
