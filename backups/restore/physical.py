"""A base backup unpacked, the log played back up to a moment, in a server nobody else can reach."""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

from backups.crypt import Key
from backups.making.making import megabytes
from backups.packing import CHUNK, Part, unpacked
from backups.programs import last_words
from backups.restore.chain import Chain
from backups.retention import is_segment
from backups.sentences import Damaged, Stopped
from backups.server import Scratch
from backups.store import Store
from backups.wal.names import PARTIAL, stored_name

Say = Callable[[str], None]
TOO_EARLY = "recovery ended before configured recovery target was reached"


def restore_into(scratch: Scratch, chain: Chain, store: Store, key: Key, *, say: Say, **settings: str) -> None:
    """Leaves the server running and taking writes. Raises Stopped, Damaged."""
    unpack_base(scratch, chain, store, key, say)
    fetch_log(scratch, chain, store, key, say)
    play(scratch, chain, say, **settings)


def play(scratch: Scratch, chain: Chain, say: Say, **settings: str) -> None:
    """To the moment that was asked for."""
    (scratch.data / "recovery.signal").touch()
    scratch.prepare()
    say("PostgreSQL plays the log back")
    wanted = {
        "restore_command": f"cp '{scratch.folder / 'wal'}/%f' '%p'",
        "recovery_target_timeline": "latest",
        "recovery_target_action": "promote",
        **settings,
    }
    target = {"recovery_target_time": chain.at.isoformat()} if chain.at else {}
    scratch.start(**wanted, **target)
    try:
        scratch.wait()
    except Stopped:
        # Nothing was committed after that moment, and all that was before it is stored (chain_to): it has been reached.
        if TOO_EARLY not in scratch.said():
            raise
        refuse_short(scratch, chain)
        scratch.start(**wanted)
        scratch.wait()
    if not chain.at:
        refuse_short(scratch, chain)
    shutil.rmtree(scratch.folder / "wal", ignore_errors=True)


def refuse_short(scratch: Scratch, chain: Chain) -> None:
    """PostgreSQL ends without a word where the log ends for it: it must have asked for the last of it, and got it.

    Raises Stopped.
    """
    last = next((file.removesuffix(PARTIAL) for file in reversed(chain.wal) if is_segment(file)), "")
    if last and f'restored log file "{last}" from archive' not in scratch.said():
        raise Stopped(f"The log was not played back to its end ({last}): {last_words(scratch.said())}")


def unpack_base(scratch: Scratch, chain: Chain, store: Store, key: Key, say: Say) -> None:
    done = 0
    with unpacked(store, chain.base.part("base.tar.gz.age"), key) as file:
        try:
            with tarfile.open(fileobj=file, mode="r|", bufsize=CHUNK) as tar:
                for member in tar:
                    tar.extract(member, scratch.data, filter="data")
                    done += member.size
                    say(f"Base backup {chain.base.name}: {megabytes(done)} unpacked")
        except tarfile.TarError as error:
            raise Damaged(f"{chain.base.name} cannot be unpacked: {error}.") from error


def fetch_log(scratch: Scratch, chain: Chain, store: Store, key: Key, say: Say) -> None:
    folder = scratch.folder / "wal"
    folder.mkdir()
    # PostgreSQL reads it by another account, and the umask of whoever started us may be strict.
    folder.chmod(0o755)
    for number, file in enumerate(chain.wal, 1):
        say(f"Write-ahead log: {number} of {len(chain.wal)} files")
        fetch_segment(store, chain.base.system, file, key, folder / file.removesuffix(PARTIAL))


def fetch_segment(store: Store, system: str, file: str, key: Key, target: Path) -> None:
    """Raises Stopped, Damaged."""
    try:
        write_segment(store, system, file, key, target)
    except Stopped as error:
        # The newest one may have been finished since it was listed: then it stands there whole, and no partial one.
        if isinstance(error, Damaged) or not file.endswith(PARTIAL):
            raise
        write_segment(store, system, file.removesuffix(PARTIAL), key, target)


def write_segment(store: Store, system: str, file: str, key: Key, target: Path) -> None:
    with unpacked(store, Part(stored_name(system, file), 0, "", 0), key) as found, target.open("wb") as output:
        shutil.copyfileobj(found, output, CHUNK)
    target.chmod(0o644)


def verify_files(data: Path) -> None:
    """Every file against the checksum the server gave when it was copied. Before the server starts: it changes them.

    As `pg_verifybackup` does, which not every installation of PostgreSQL has. Raises Damaged.
    """
    named = json.loads((data / "backup_manifest").read_text())["Files"]
    for one in named:
        path = data / one["Path"]
        if not path.exists() or path.stat().st_size != one["Size"]:
            raise Damaged(f"{one['Path']} of the base backup is missing or has another size.")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != one["Checksum"]:
                raise Damaged(f"{one['Path']} of the base backup is not what the server copied: its checksum differs.")
