"""A dump into an empty database, in one transaction."""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress

from backups.crypt import Key
from backups.manifest import Manifest
from backups.packing import CHUNK, unpacked
from backups.programs import client, last_words
from backups.sentences import Stopped
from backups.server import Scratch, start_empty
from backups.store import Store
from backups.tls import reached

Say = Callable[[str], None]


def restore_beside(made: Scratch, store: Store, dump: Manifest, key: Key, say: Say) -> None:
    """Into a new server, which takes writes afterwards. Raises Stopped, Damaged."""
    say(f"Restoring {dump.name}")
    start_empty(made, dump.database)
    restore_dump(store, dump, key, made.url("postgres", dump.database), made.major * 10000)


def restore_dump(store: Store, manifest: Manifest, key: Key, url: str, version: int, *, role: str = "") -> None:
    """Raises Stopped, Damaged; the database is as it was, then. `role` becomes who makes everything."""
    command = [client("pg_restore", version), "--single-transaction", "--exit-on-error", "--no-password"]
    command += [f"--role={role}"] if role else []
    with reached(url, command[0]) as environ:
        process = subprocess.Popen(
            [*command, f"--dbname={environ['PGDATABASE']}"],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            # A program that gave up says why below.
            with unpacked(store, manifest.part("tika.dump.gz.age"), key) as file, suppress(BrokenPipeError):
                shutil.copyfileobj(file, process.stdin, CHUNK)
        except BaseException:
            process.kill()
            process.wait()
            raise
        with suppress(BrokenPipeError):
            process.stdin.close()
        said = process.stderr.read().decode(errors="replace")
        if process.wait() != 0:
            raise Stopped(f"pg_restore failed: {last_words(said)}")
