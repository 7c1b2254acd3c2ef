"""Where backups are kept: a folder, or a bucket that speaks S3."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from backups.config import Config


class Store(Protocol):
    """Names are relative, with `/` between their parts. What was written is there whole or not at all."""

    @property
    def where(self) -> str: ...

    def write(self, name: str) -> AbstractContextManager[BinaryIO]: ...

    def read(self, name: str) -> AbstractContextManager[BinaryIO]: ...

    def names(self, prefix: str) -> Iterator[str]: ...

    def remove(self, name: str) -> None: ...


def store_of(config: Config) -> Store:
    """Raises Stopped where it is not configured in full."""
    if config.url:
        from backups.store.s3 import Bucket

        return Bucket.of(config)
    from backups.store.local import Folder

    return Folder(config.folder)
