"""What is stored comes back as it was, or is refused with a sentence."""

import io
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from backups.crypt import Key, key_of
from backups.packing import Part, pack, unpacked
from backups.restore.physical import fetch_segment
from backups.sentences import Damaged, Stopped
from backups.store.local import Folder
from backups.wal.names import PARTIAL, stored_name

CONTENT = os.urandom(300_000) + b"kanban " * 50_000


@pytest.fixture
def part(store: Folder, key: Key) -> Part:
    return pack(store, "base/one/base.tar.gz.age", io.BytesIO(CONTENT), key)


def content_of(store: Folder, part: Part, key: Key) -> bytes:
    with unpacked(store, part, key) as file:
        return file.read()


def test_what_is_stored_comes_back(store: Folder, key: Key, part: Part) -> None:
    assert content_of(store, part, key) == CONTENT
    assert (part.content, part.bytes) == (len(CONTENT), (store.path / part.name).stat().st_size)
    assert b"kanban" not in (store.path / part.name).read_bytes()


@pytest.mark.parametrize("damage", ["changed", "cut off", "grown", "emptied"])
def test_damage_is_refused(store: Folder, key: Key, part: Part, damage: str) -> None:
    path = store.path / part.name
    stored = path.read_bytes()
    middle = len(stored) // 2
    path.write_bytes(
        {
            "changed": stored[:middle] + bytes([stored[middle] ^ 1]) + stored[middle + 1 :],
            "cut off": stored[:middle],
            "grown": stored + b"x",
            "emptied": b"",
        }[damage]
    )
    with pytest.raises(Damaged, match=r"base\.tar\.gz\.age"):
        content_of(store, part, key)
    # Without a checksum of the manifest's as well: the format itself tells.
    with pytest.raises(Damaged):
        content_of(store, replace(part, sha256=""), key)


def test_another_file_under_its_name_is_refused(store: Folder, key: Key, part: Part) -> None:
    other = pack(store, "base/two/base.tar.gz.age", io.BytesIO(b"other"), key)
    (store.path / other.name).replace(store.path / part.name)
    with pytest.raises(Damaged, match="checksum differs"):
        content_of(store, part, key)


def test_another_key_is_refused(store: Folder, part: Part, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="encrypted for another key: name the right one with --key"):
        content_of(store, part, key_of(tmp_path / "other.txt", make=True))


def test_a_source_that_fails_leaves_nothing(store: Folder, key: Key) -> None:
    class Fails(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        pack(store, "base/one", Fails(), key)
    assert [path for path in store.path.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_told_as_such(key: Key) -> None:
    with Path("/dev/full").open("wb", buffering=0) as target, pytest.raises(OSError, match="No space left"):
        key.seal(io.BytesIO(CONTENT), target)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "backup-key.txt"
    made = key_of(path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert key_of(path, make=True).public == made.public
    assert "Keep a copy in another place" in path.read_text()


def test_a_missing_key_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="name its file with --key"):
        key_of(tmp_path / "none.txt")


def test_the_format_is_gzip_in_age(store: Folder, key: Key, part: Part) -> None:
    """So that it can be opened without Tika."""
    stored = (store.path / part.name).read_bytes()
    assert stored.startswith(b"age-encryption.org/v1\n-> X25519 ")
    opened = io.BytesIO()
    key.open(io.BytesIO(stored), opened, name="it")
    done = subprocess.run(
        ["gzip", "--decompress", "--stdout"], input=opened.getvalue(), capture_output=True, check=True
    )
    assert done.stdout == CONTENT


def test_a_disk_is_never_filled_to_the_end(store: Folder, key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backups.store.local.ROOM", 2**60)
    with pytest.raises(OSError, match="nearly full"):
        pack(store, "base/one", io.BytesIO(CONTENT), key)
    assert [path for path in store.path.rglob("*") if path.is_file()] == []


SEGMENT = "000000010000000000000003"


def stored_segment(store: Folder, key: Key, file: str, content: bytes) -> Path:
    pack(store, stored_name("7", file), io.BytesIO(content), key)
    return store.path / stored_name("7", file)


def test_a_segment_that_was_finished_since_it_was_listed_is_taken_whole(
    store: Folder, key: Key, tmp_path: Path
) -> None:
    stored_segment(store, key, SEGMENT, b"whole")
    fetch_segment(store, "7", SEGMENT + PARTIAL, key, tmp_path / "found")
    assert (tmp_path / "found").read_bytes() == b"whole"


def test_a_partial_segment_is_taken_while_it_is_the_newest(store: Folder, key: Key, tmp_path: Path) -> None:
    path = stored_segment(store, key, SEGMENT + PARTIAL, b"as far as it goes")
    fetch_segment(store, "7", SEGMENT + PARTIAL, key, tmp_path / "found")
    assert (tmp_path / "found").read_bytes() == b"as far as it goes"
    path.write_bytes(path.read_bytes()[:-5])
    stored_segment(store, key, SEGMENT, b"whole")
    with pytest.raises(Damaged, match="partial"):
        fetch_segment(store, "7", SEGMENT + PARTIAL, key, tmp_path / "found")


def test_a_segment_that_is_nowhere_is_said(store: Folder, key: Key, tmp_path: Path) -> None:
    for file in (SEGMENT, SEGMENT + PARTIAL):
        with pytest.raises(Stopped, match=f"{SEGMENT}.gz.age is not in"):
            fetch_segment(store, "7", file, key, tmp_path / "found")
