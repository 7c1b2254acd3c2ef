"""The file a person hands over: JSON, or a ZIP of JSON files with the attachments beside them."""

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from boards.importers.tally import Refused

MOST_FILES = 20_000
# JSON packs 30 to 1 at best; a file of zeros 1000 to 1.
MOST_RATIO = 200
RATIO_MATTERS_FROM = 10 * 1024 * 1024
ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
# gzip, bzip2, xz, zstd, 7z, RAR.
OTHER_PACKINGS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
LOCKED = 1
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int
    open: Callable[[], BinaryIO]


class Shelf:
    """The files that came with an export, found by the attachment's id in their path, or by a name only one has."""

    def __init__(self, files: Iterator[tuple[str, File]]) -> None:
        self._by_id: dict[str, File] = {}
        self._by_name: dict[str, File | None] = {}
        for path, file in files:
            for part in PurePosixPath(path).parts:
                self._by_id[part.partition("_")[0].partition(".")[0]] = file
            self._by_name[file.name] = None if file.name in self._by_name else file

    def find(self, ident: str, name: str) -> File | None:
        return self._by_id.get(ident) or self._by_name.get(name)


@dataclass(frozen=True, slots=True)
class Source:
    documents: list[Document]
    shelf: Shelf

    @property
    def size(self) -> int:
        return sum(document.size for document in self.documents)


@contextmanager
def opened(path: Path, *, limit: int, name: str = "", files: Path | None = None) -> Iterator[Source]:
    """`name` is what the person calls it; `limit` the most bytes of JSON, unpacked; `files` a folder or ZIP of
    attachments. Raises Refused."""
    name = name or path.name
    if not path.is_file():
        raise Refused("no_such_file", file=name)
    if not os.access(path, os.R_OK):
        raise Refused("unreadable", file=name)
    if path.stat().st_size == 0:
        raise Refused("broken_empty", file=name)
    if _beginning(path).startswith(OTHER_PACKINGS):
        raise Refused("packed", file=name)
    if not _is_archive(path):
        document = Document(name, path.stat().st_size, lambda: path.open("rb"))
        if document.size > limit:
            raise Refused("too_large", file=name, limit=limit // 2**20)
        with _shelf(files) as found:
            yield Source([document], Shelf(found))
        return
    with _zip(path) as archive:
        checked = _checked(archive, name, limit)
        documents = [_document(archive, entry) for entry in checked if entry.filename.lower().endswith(".json")]
        if not documents:
            raise Refused("zip_without_json", file=name)
        with _shelf(files) as found:
            yield Source(documents, Shelf(found if files else _zipped(archive, checked)))


def _is_archive(path: Path) -> bool:
    """By how it begins: JSON may end like an archive, and an archive that was cut off still begins like one."""
    return _beginning(path).startswith(ZIP_BEGINS)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(6)


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as damaged:
        raise Refused("zip_unreadable", file=path.name) from damaged


def _checked(archive: zipfile.ZipFile, name: str, limit: int) -> list[zipfile.ZipInfo]:
    """The entries worth reading; refuses what would fill memory or disk when unpacked."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise Refused("zip_too_many", file=name, limit=MOST_FILES)
    if not all(_is_open(entry) for entry in entries):
        raise Refused("zip_unreadable", file=name)
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size // packed > MOST_RATIO:
            raise Refused("zip_bomb", file=entry.filename)
    wanted = [entry for entry in entries if _is_plain(entry)]
    if sum(entry.file_size for entry in wanted if entry.filename.lower().endswith(".json")) > limit:
        raise Refused("too_large", file=name, limit=limit // 2**20)
    return wanted


def _is_open(entry: zipfile.ZipInfo) -> bool:
    """Neither locked with a password nor packed in a way that Python doesn't know."""
    return not entry.flag_bits & LOCKED and entry.compress_type in PACKINGS


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not entry.is_dir() and not hidden and not stat.S_ISLNK(entry.external_attr >> 16)


def _document(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Document:
    return Document(entry.filename, entry.file_size, lambda: _entry(archive, entry))


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    return archive.open(entry)  # type: ignore[return-value]


def _zipped(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, File]]:
    for entry in entries:
        if not entry.filename.lower().endswith(".json"):
            name = PurePosixPath(entry.filename).name
            yield entry.filename, File(name, entry.file_size, lambda entry=entry: _entry(archive, entry))  # type: ignore[misc]


@contextmanager
def _shelf(files: Path | None) -> Iterator[Iterator[tuple[str, File]]]:
    if files is None:
        yield iter(())
    elif files.is_dir():
        yield _folder(files)
    elif zipfile.is_zipfile(files):
        with _zip(files) as archive:
            yield _zipped(archive, [entry for entry in archive.infolist() if _is_plain(entry) and _is_open(entry)])
    else:
        raise Refused("no_such_folder", file=files.name)


def _folder(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            opener: Callable[[], BinaryIO] = lambda path=path: path.open("rb")  # type: ignore[misc] # noqa: E731
            yield path.relative_to(folder).as_posix(), File(path.name, path.stat().st_size, opener)
