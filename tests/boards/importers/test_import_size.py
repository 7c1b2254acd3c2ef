"""A very large export in little memory, and archives that only pretend to be small."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from boards.importers.source import MOST_FILES, opened
from boards.importers.tally import Refused
from tests.boards.importers import big_export, exports
from tests.boards.importers.shell import import_trello, refused
from tests.cast import Workspace

MOST_MEMORY = 300 * 1024  # in kB, as the kernel tells it
# Not by getrusage: its maximum begins with what the process that started this one held, the tests' own.
MEASURED = """
import re, sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
print(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
"""


def measured(*arguments: str, **environment: str) -> tuple[dict[str, Any], int]:
    """The report, and the most memory the process ever held."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import_trello", "--json", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout), int(done.stderr.strip().splitlines()[-1])


@pytest.mark.slow
def test_imports_107_megabytes_in_less_than_300(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    big_export.write(path)
    assert path.stat().st_size > big_export.BYTES
    planned, reading_memory = measured(str(path), "--workspace", workspace.slug, "--dry-run", IJSON_BACKEND="python")
    report, memory = measured(str(path), "--workspace", workspace.slug)
    assert max(memory, reading_memory) < MOST_MEMORY
    assert report["reconciled"]["equal"]
    assert planned["imported"] == report["imported"]
    assert (report["imported"]["tickets"], report["imported"]["comments"]) == (5_000, 40_000)
    assert (report["imported"]["attachments"], report["imported"]["moves"]) == (3_000, 60_000)


def packed(folder: Path, files: dict[str, bytes], name: str = "export.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, body in files.items():
            archive.writestr(inner, body)
    return path


def test_refuses_archives_that_blow_up(workspace: Workspace, tmp_path: Path) -> None:
    zeros = b"0" * (20 * 1024 * 1024)
    assert "looks like an attack" in refused(workspace, packed(tmp_path, {"board.json": zeros}))
    assert "holds no JSON" in refused(workspace, packed(tmp_path, {"a.txt": b"x", "__MACOSX/b.json": b"{}"}))
    nested = packed(tmp_path, {"inner.zip": packed(tmp_path, {"board.json": zeros}, "inner.zip").read_bytes()})
    assert "holds no JSON" in refused(workspace, nested)
    assert "more than" in refused(workspace, packed(tmp_path, {f"{n}.json": b"" for n in range(MOST_FILES + 1)}))


def test_refuses_archives_it_cannot_read(workspace: Workspace, tmp_path: Path) -> None:
    whole = packed(tmp_path, {"board.json": json.dumps(exports.board()).encode() * 3}).read_bytes()
    damaged = bytearray(whole)
    damaged[60:80] = b"\xff" * 20
    locked = bytearray(whole)
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(header) + offset] |= 1
    for content in (damaged, locked):
        path = tmp_path / "bad.zip"
        path.write_bytes(content)
        assert "damaged or locked" in refused(workspace, path)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert "damaged or locked" in refused(workspace, cut)


def test_refuses_more_than_the_limit(tmp_path: Path) -> None:
    path = exports.written(tmp_path, exports.board())
    for file in (path, packed(tmp_path, {"a.json": path.read_bytes()})):
        with pytest.raises(Refused) as refusal, opened(file, limit=100):
            pass
        assert refusal.value.code == "too_large"


def test_never_leaves_the_archive_or_follows_a_link(workspace: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours")
    files = [{"id": exports.ident(400), "name": "x", "url": "https://t/1", "isUpload": True, "fileName": "secret.txt"}]
    export = exports.bare(cards=[exports.card(100, "A", attachments=files)])
    link = zipfile.ZipInfo("secret.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr("board.json", json.dumps(export))
        archive.writestr(link, str(secret))
    report = import_trello(workspace, tmp_path / "links.zip")
    assert [line["code"] for line in report["changed"]] == ["upload_linked"]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "secret.txt").symlink_to(secret)
    again = import_trello(
        workspace, exports.written(tmp_path, {**export, "id": exports.ident(2)}), "--dry-run", files=tmp_path / "folder"
    )
    assert [line["code"] for line in again["changed"]] == ["upload_linked"]
