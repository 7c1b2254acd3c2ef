"""What all kinds share: where to, with which key, and what to say on the way."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psycopg

from backups.config import Config
from backups.crypt import Key, key_of
from backups.manifest import Manifest, write
from backups.packing import Part
from backups.sentences import Stopped
from backups.store import Store, store_of

Say = Callable[[str], None]
PASSWORD = re.compile(r"://[^@/\s]*@")
UNTRUSTED = re.compile(r"certificate verify failed|does not match host name|root certificate file")


@dataclass(frozen=True)
class Making:
    config: Config
    store: Store
    key: Key
    release: str
    migrations: Mapping[str, str]
    say: Say = field(default=lambda sentence: None)
    urgent: bool = True

    def manifest(self, kind: str, name: str, started: datetime, parts: list[Part], **more: object) -> Manifest:
        made = Manifest(
            name=name,
            kind=kind,
            started_at=started.isoformat(),
            ended_at=datetime.now(UTC).isoformat(),
            release=self.release,
            migrations=dict(self.migrations),
            parts=parts,
            **more,  # type: ignore[arg-type]
        )
        write(self.store, made)
        return made


def making(config: Config, *, release: str, migrations: Mapping[str, str], say: Say, urgent: bool = True) -> Making:
    key = key_of(config.key_file, make=True)
    return Making(config, store_of(config), key, release, migrations, say, urgent)


def name_of(kind: str, at: datetime) -> str:
    return f"{kind}/{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}Z"


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Raises Stopped."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if UNTRUSTED.search(str(error)):
            raise Stopped(
                f"The database's certificate is not trusted: {clean(error)}. Name the authority that signed it with"
                " sslrootcert in the address, and the host as the certificate has it."
            ) from error
        raise Stopped(f"The database lets nobody in by this address: {clean(error)}") from error


def clean(error: Exception) -> str:
    """Without passwords, in one line."""
    return PASSWORD.sub("://", " ".join(str(error).split()))


def megabytes(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"
