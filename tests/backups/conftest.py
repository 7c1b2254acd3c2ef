"""A store, a key and the tests' own server as what is backed up."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backups.config import Config, configured
from backups.crypt import Key, key_of
from backups.making.making import Making, making
from backups.store.local import Folder
from backups.verbs.backups import newest_migrations
from backups.wal.receiver import SLOT
from tests.cast import Person, make_operator


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "store")


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return key_of(tmp_path / "backup-key.txt", make=True)


def config_in(folder: Path, **more: str) -> Config:
    names = ("DATABASE_URL_BACKUP", "DATABASE_URL_WORKER")
    told = {name: os.environ[name] for name in names} | {"TIKA_DATA_DIR": str(folder), "TIKA_WAL_STORE_SECONDS": "1"}
    return configured(told | more)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """Of an installation whose data folder is its own; its slot is gone afterwards."""
    yield config_in(tmp_path_factory.mktemp("data"))
    with psycopg.connect(os.environ["TIKA_SUPERUSER_URL"], autocommit=True) as connection:
        query = (
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND NOT active"
        )
        connection.execute(query, [SLOT])


@pytest.fixture(scope="module")
def made_by(config: Config) -> Making:
    return making(config, release="0.1.0", migrations=newest_migrations(), say=lambda sentence: None)


@pytest.fixture
def viewer() -> Person:
    return make_operator("viewer")


@pytest.fixture
def responder() -> Person:
    return make_operator("responder")
