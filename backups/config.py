"""Where backups go and what they are made with, from the environment. No Django here: the small `backup` process, which
runs all day, reads it as well."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from backups.sentences import Stopped

ROOT = Path(__file__).resolve().parent.parent
WORDS_OFF = {"off", "false", "0", "no"}


@dataclass(frozen=True)
class Config:
    data: Path
    folder: Path  # of the local store
    url: str  # s3://bucket/prefix, or "" for the folder
    key_file: Path
    database: str  # as tika_backup
    worker: str  # as tika_worker, for the rows that say what was done
    store_every: float  # seconds between two times that the log is stored
    at: time  # when the daily backups are made, UTC
    on: bool
    environ: Mapping[str, str]

    @property
    def spool(self) -> Path:
        """Where the write-ahead log arrives before it is encrypted and stored."""
        return self.data / "wal-spool"

    @property
    def scratch(self) -> Path:
        return Path(self.environ.get("TIKA_SCRATCH_DIR") or self.data / "scratch")

    @property
    def same_disk(self) -> bool:
        """Whether what is kept dies with the disk it protects from."""
        return not self.url and device(self.folder) == device(self.data)


def configured(environ: Mapping[str, str] = os.environ) -> Config:
    """Raises Stopped."""
    data = Path(environ.get("TIKA_DATA_DIR") or ROOT / "var").expanduser().resolve()
    url = environ.get("TIKA_BACKUP_URL", "")
    if url and not url.startswith("s3://"):
        raise Stopped(f"TIKA_BACKUP_URL is {url!r}: it must look like s3://bucket/prefix.")
    return Config(
        data=data,
        folder=Path(environ.get("TIKA_BACKUP_DIR") or data / "backups").expanduser().resolve(),
        url=url,
        key_file=Path(environ.get("TIKA_BACKUP_KEY_FILE") or data / "backup-key.txt").expanduser().resolve(),
        database=environ.get("DATABASE_URL_BACKUP", ""),
        worker=environ.get("DATABASE_URL_WORKER", ""),
        store_every=float(environ.get("TIKA_WAL_STORE_SECONDS") or 60),
        at=time_of_day(environ.get("TIKA_BACKUP_AT") or "02:00"),
        on=environ.get("TIKA_BACKUPS", "on").lower() not in WORDS_OFF,
        environ=environ,
    )


def time_of_day(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise Stopped(f"TIKA_BACKUP_AT is {text!r}: it must be a time of day in UTC, for example 02:00.") from error


def device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev
