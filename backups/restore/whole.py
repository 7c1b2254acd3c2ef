"""A whole installation: as a new data folder, or into an empty database. What fails half way leaves nothing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backups.config import Config
from backups.crypt import key_of
from backups.making.making import connect
from backups.manifest import all_of
from backups.programs import client, last_words, told
from backups.restore import files
from backups.restore.chain import Chain, chain_to, dump_to, words
from backups.restore.logical import restore_dump
from backups.restore.physical import fetch_log, play, unpack_base, verify_files
from backups.restore.release import refuse_newer
from backups.sentences import Stopped
from backups.server import Scratch, let_through, scratch
from backups.store import Store, store_of
from backups.tls import reached

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """Of which backup, to which moment, with how many attachments."""

    name: str
    at: datetime
    attachments: int


def into_folder(config: Config, target: Path, at: datetime | None, *, release: str, major: int, say: Say) -> Restored:
    """Everything is made beside `target`, which takes its place at the very end; `major` is of the PostgreSQL that will
    run there. Raises Stopped, Damaged."""
    if target.exists() and any(target.iterdir()):
        raise Stopped(f"{target} is not empty: name a new folder with --to, or move this one away.")
    store, key = store_of(config), key_of(config.key_file)
    refuse_dumps_alone(store)
    chain = chain_to(store, at)
    refuse_newer(chain.base, release)
    if chain.major != major:
        raise Stopped(
            f"{chain.base.name} is of PostgreSQL {chain.major}, and bin/run has {major}: restore it with --database"
            " into a server of your own."
        )
    kept = files.of_moment(store, at)
    if not kept:
        raise Stopped(
            f"{store.where} holds no backup of the settings, without which nobody can sign in to the database."
        )
    with beside(target) as fresh, tempfile.TemporaryDirectory(prefix="tika-") as sockets:
        made = Scratch(fresh, chain.major, Path(sockets))
        made.data.mkdir(mode=0o700)
        try:
            unpack_base(made, chain, store, key, say)
            say("Checking every file's checksum")
            verify_files(made.data)
            fetch_log(made, chain, store, key, say)
            play(made, chain, say)
        finally:
            made.stop()
        made.data.rename(fresh / "pgdata")
        made.log.unlink(missing_ok=True)
        count = files.fetch_all(store, key, files.parts_of(kept), fresh / "files", say)
        for name, part in files.settings_of(kept).items():
            files.fetch(store, key, part, fresh / name)
        shutil.copy(config.key_file, fresh / "backup-key.txt")
        put_in_place(fresh, target)
    return Restored(chain.base.name, chain.at or chain.reaches, count)


def refuse_dumps_alone(store: Store) -> None:
    """Raises Stopped."""
    if not all_of(store, "base") and all_of(store, "logical"):
        raise Stopped(
            f"{store.where} holds dumps alone, which are no folder of a server: bin/restore --database puts the newest"
            " into the empty database that DATABASE_URL names."
        )


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.restoring-", dir=target.parent))
    try:
        fresh.chmod(0o711)
        let_through(fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put_in_place(fresh: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    fresh.chmod(0o711 if os.getuid() == 0 else 0o700)
    fresh.rename(target)


def into_database(config: Config, url: str, at: datetime | None, *, release: str, say: Say) -> Restored:
    """As the migrator, which becomes the owner. In one transaction, when all attachments have been fetched.

    Raises Stopped, Damaged."""
    store, key = store_of(config), key_of(config.key_file)
    with connect(url) as connection:
        version = connection.info.server_version
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise Stopped(
                f"The database {connection.info.dbname} is not empty: create another one and name it in DATABASE_URL."
            )
    dump = dump_to(store, at)
    chain = None if dump else chain_to(store, at)
    manifest = chain.base if chain else dump
    assert manifest is not None
    refuse_newer(manifest, release)
    kept = files.of_moment(store, at)
    folder = config.data / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as name:
        fresh = Path(name)
        count = files.fetch_all(store, key, files.parts_of(kept), fresh, say)
        if chain:
            through_a_server(config, chain, store, url, version, say)
        else:
            say(f"Restoring {manifest.name}")
            restore_dump(store, manifest, key, url, max(version, manifest.postgres), role="tika_owner")
        files.put_in_place(fresh, folder)
    return Restored(manifest.name, (chain.at or chain.reaches) if chain else manifest.time, count)


def through_a_server(config: Config, chain: Chain, store: Store, url: str, version: int, say: Say) -> None:
    """From a server of its own, dumped and restored at once."""
    key = key_of(config.key_file)
    with scratch(config.scratch, chain.major) as made:
        unpack_base(made, chain, store, key, say)
        verify_files(made.data)
        fetch_log(made, chain, store, key, say)
        play(made, chain, say)
        say(f"Copying the state of {words(chain.at or chain.reaches)} into the database")
        newest = max(version, chain.base.postgres)
        dump = [client("pg_dump", newest), "--format=custom", "--compress=0"]
        restore = [client("pg_restore", newest), "--single-transaction", "--exit-on-error", "--no-password"]
        source = told(made.url("tika_backup", chain.base.database))
        with reached(url, restore[0]) as target:
            restore += ["--role=tika_owner", f"--dbname={target['PGDATABASE']}"]
            reading = subprocess.Popen(dump, env=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            done = subprocess.run(
                restore, env=target, stdin=reading.stdout, capture_output=True, text=True, check=False
            )
            assert reading.stdout is not None
            assert reading.stderr is not None
            # Where the one has given up the other must not go on.
            reading.stdout.close()
            said = reading.stderr.read().decode(errors="replace")
            reading.wait()
        if reading.returncode != 0 or done.returncode != 0:
            raise Stopped(f"It could not be copied: {last_words(said + done.stderr)}")
