"""From the spool into the store: finished segments, and what there is of the newest one.

The newest segment is stored again each time something was added to it: so a minute of little traffic is safe as well,
and no switch to another segment has to be forced on the server.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from backups.crypt import Key
from backups.packing import pack
from backups.retention import is_segment
from backups.store import Store
from backups.wal.names import PARTIAL, stored_name


@dataclass
class Shipping:
    store: Store
    key: Key
    spool: Path
    system: str
    shipped: dict[str, float] = field(default_factory=dict)  # when what was stored of the newest had been changed

    def ship(self, *, go_on: Callable[[], bool] = lambda: True) -> None:
        """All that lies in the spool. Raises Stopped, OSError; what could not be stored stays and is tried again."""
        files = sorted(path.name for path in self.spool.iterdir() if path.is_file())
        for file in (name for name in files if not name.endswith(PARTIAL)):
            self._store(file)
            if is_segment(file):
                self.store.remove(stored_name(self.system, file + PARTIAL))
            # A timeline's history is asked for again where it is not there.
            (self.spool / file).unlink()
            if not go_on():
                return
        for file in (name for name in files if name.endswith(PARTIAL)):
            self._store_newest(file)

    def _store(self, file: str) -> None:
        with (self.spool / file).open("rb") as source:
            pack(self.store, stored_name(self.system, file), source, self.key)

    def _store_newest(self, file: str) -> None:
        try:
            changed = (self.spool / file).stat().st_mtime_ns
            if self.shipped.get(file) == changed:
                return
            self._store(file)
        except FileNotFoundError:
            # Finished in this moment: the next time it is a segment.
            return
        self.shipped = {file: changed}


def spooled(spool: Path) -> int:
    """Bytes that wait."""
    if not spool.exists():
        return 0
    return sum(entry.stat().st_blocks * 512 for entry in os.scandir(spool) if entry.is_file())
