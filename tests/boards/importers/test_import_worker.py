"""Imports outlive their worker, and never count twice."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from boards.importers import worker
from boards.importers.beat import Beat
from boards.importers.job import job_of, upload_path
from boards.importers.work import Taken, run
from boards.importers.worker import carry_on, work_off
from boards.models import Attachment, Board, Import, ImportedObject, Ticket
from boards.models.importing import State
from boards.verbs.attachments import path_of
from tenancy.context import tenant_context
from tenancy.ids import uuid7
from tenancy.models import Membership
from tests.boards.importers import big_export, exports
from tests.boards.importers.exports import ident
from tests.boards.importers.shell import import_trello
from tests.cast import Workspace, threads

CARRY_ON = """
import django, sys, uuid
django.setup()
from boards.importers.worker import carry_on
carry_on(uuid.UUID(sys.argv[1]), uuid.UUID(sys.argv[2]))
"""


def waiting(workspace: Workspace, content: Any, state: State = State.STARTED) -> Import:
    row = Import(id=uuid7(), tenant_id=workspace.id, source="trello", state=state, file_name="board.json")
    path = upload_path(workspace.id, row.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        content.replace(path)
    else:
        path.write_text(json.dumps(content))
    with tenant_context(workspace.id):
        row.save(force_insert=True)
    return row


def now(workspace: Workspace, row: Import) -> Import:
    with tenant_context(workspace.id):
        return Import.objects.get(tenant_id=workspace.id, pk=row.pk)


def count(workspace: Workspace, model: Any, **where: Any) -> int:
    with tenant_context(workspace.id):
        found: int = model.objects.filter(tenant_id=workspace.id, **where).count()
    return found


@pytest.mark.slow
def test_goes_on_after_its_worker_was_killed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.json"
    big_export.write(path, cards=600, actions=6000)
    row = waiting(workspace, path)
    process = subprocess.Popen([sys.executable, "-c", CARRY_ON, str(workspace.id), str(row.pk)])
    # Well into the writing: the first tenth of the bar is the reading.
    wait_until(lambda: (shown := now(workspace, row)).progress > shown.progress_total / 5 > 0)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert now(workspace, row).state == State.RUNNING
    assert count(workspace, Board) == count(workspace, Ticket) == 0
    assert not carry_on(workspace.id, row.pk), "a worker that showed life a moment ago is not disturbed"

    monkeypatch.setattr(worker, "PATIENCE", timedelta(seconds=0.5))
    time.sleep(0.6)
    assert work_off() >= 1
    done = now(workspace, row)
    assert done.state == State.DONE
    assert done.report["reconciled"]["equal"]
    assert (count(workspace, Board), count(workspace, Ticket)) == (1, 600)
    assert count(workspace, Membership, user=None) == done.report["imported"]["members"]
    assert not upload_path(workspace.id, row.pk).exists()


def wait_until(is_so: Any, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def test_who_was_thought_dead_cannot_finish(workspace: Workspace) -> None:
    row = waiting(workspace, exports.board())
    slow = worker.take(workspace.id, row.pk)
    assert slow
    with tenant_context(workspace.id):
        Import.objects.filter(tenant_id=workspace.id).update(beat_at=timezone.now() - timedelta(minutes=5))
    assert worker.take(workspace.id, row.pk)
    with pytest.raises(Taken), Beat(workspace.id, row.pk, slow.attempt) as beat:
        run(job_of(slow), beat)
    assert count(workspace, Board) == 0
    assert now(workspace, row).state == State.RUNNING


def test_one_of_two_workers_takes_it(workspace: Workspace) -> None:
    row = waiting(workspace, exports.board())
    assert sorted(threads(4, lambda _: carry_on(workspace.id, row.pk))) == [False, False, False, True]
    assert count(workspace, Ticket) == 3


def test_two_imports_of_one_file_at_once_bring_it_once(workspace: Workspace) -> None:
    rows = [waiting(workspace, exports.board()) for _ in range(3)]
    threads(3, lambda number: carry_on(workspace.id, rows[number].pk))
    assert [now(workspace, row).state for row in rows] == [State.DONE] * 3
    assert sorted(now(workspace, row).report["imported"]["tickets"] for row in rows) == [0, 0, 3]
    assert (count(workspace, Board), count(workspace, Ticket)) == (1, 3)


def test_nothing_stays_of_an_import_that_failed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    row = waiting(workspace, exports.board())
    monkeypatch.setattr("boards.importers.writer.write_parts", breaks)
    carry_on(workspace.id, row.pk)
    failed = now(workspace, row)
    assert (failed.state, failed.refusal["code"]) == (State.FAILED, "broken")
    assert count(workspace, Board) == count(workspace, ImportedObject) == count(workspace, Membership, user=None) == 0
    assert not upload_path(workspace.id, row.pk).exists()


def test_waits_for_a_database_that_went_away(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError

    row = waiting(workspace, exports.board())
    with monkeypatch.context() as patch:
        patch.setattr("boards.importers.writer.write_parts", gone)
        carry_on(workspace.id, row.pk)
    assert now(workspace, row).state == State.RUNNING
    monkeypatch.setattr(worker, "PATIENCE", timedelta(0))
    carry_on(workspace.id, row.pk)
    assert now(workspace, row).state == State.DONE


def test_gives_up_one_that_keeps_killing_its_worker(workspace: Workspace) -> None:
    row = waiting(workspace, exports.board())
    with tenant_context(workspace.id):
        Import.objects.filter(tenant_id=workspace.id).update(attempt=worker.MOST_ATTEMPTS)
    carry_on(workspace.id, row.pk)
    assert now(workspace, row).refusal["code"] == "stopped"


def test_says_so_when_the_file_is_gone(workspace: Workspace) -> None:
    row = waiting(workspace, exports.board(), State.UPLOADED)
    upload_path(workspace.id, row.pk).unlink()
    carry_on(workspace.id, row.pk)
    assert now(workspace, row).refusal["code"] == "file_gone"


def test_removes_the_file_of_an_import_nobody_started(workspace: Workspace) -> None:
    row = waiting(workspace, exports.board(), State.READY)
    assert not carry_on(workspace.id, row.pk)
    with tenant_context(workspace.id):
        Import.objects.filter(tenant_id=workspace.id).update(created_at=timezone.now() - timedelta(days=8))
    assert work_off() >= 1
    assert now(workspace, row).refusal["code"] == "expired"
    assert not upload_path(workspace.id, row.pk).exists()


def with_files() -> dict[str, Any]:
    files = [
        {"id": ident(400 + n), "name": name, "url": f"https://trello.com/{n}", "isUpload": True, "fileName": name}
        for n, name in enumerate(("plan.pdf", "same.png", "same.png", "missing.txt"))
    ]
    return exports.bare(cards=[exports.card(100, "A", attachments=files)])


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_keeps_the_files_that_came_beside(kind: str, workspace: Workspace, tmp_path: Path) -> None:
    contents = {"attachments/plan.pdf": b"%PDF", f"attachments/{ident(402)}_same.png": b"png", "x/same.png": b"other"}
    if kind == "zip":
        path = tmp_path / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("board/board.json", json.dumps(with_files()))
            for name, body in contents.items():
                archive.writestr(name, body)
        report = import_trello(workspace, path)
    else:
        for name, body in contents.items():
            (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "files" / name).write_bytes(body)
        report = import_trello(workspace, exports.written(tmp_path, with_files()), files=tmp_path / "files")
    with tenant_context(workspace.id):
        found = list(Attachment.objects.filter(tenant_id=workspace.id).order_by("url", "name", "size"))
    stored = {one.name: path_of(one.storage_key).read_bytes() for one in found if one.storage_key}
    # Of two with one name, only the one whose id is on the file is sure to be meant.
    assert stored == {"plan.pdf": b"%PDF", "same.png": b"png"}
    assert sorted(one.name for one in found if one.url) == ["missing.txt", "same.png"]
    assert report["reconciled"]["equal"]
    paths = [path_of(one.storage_key) for one in found if one.storage_key]
    import_trello(workspace, undo=report["import"])
    assert not any(path.exists() for path in paths)
