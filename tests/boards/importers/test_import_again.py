"""Importing again, taking back, and refusing."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from boards.importers.report import KINDS
from boards.models import (
    Board,
    Column,
    Comment,
    Import,
    ImportedObject,
    Ticket,
)
from boards.models.importing import State
from boards.verbs import boards, tickets
from tenancy.models import Membership
from tests.boards.importers import exports
from tests.boards.importers.exports import ident
from tests.boards.importers.rows import of, rows_everywhere
from tests.boards.importers.shell import import_trello, refused
from tests.cast import Workspace, run_sql


def test_adds_only_what_is_new_and_overwrites_nothing(workspace: Workspace, tmp_path: Path) -> None:
    first = import_trello(workspace, exports.written(tmp_path, exports.board()))
    (ticket,) = of(workspace, Ticket, title="First")
    with workspace.told():
        Ticket.objects.filter(tenant_id=workspace.id, pk=ticket.pk).update(title="Renamed here")
        Ticket.objects.filter(tenant_id=workspace.id, title="Second").delete()
    export = exports.board()
    export["cards"].append(exports.card(103, "Third"))
    export["actions"] += [exports.comment(302, 100, "new"), exports.comment(303, 101, "on a removed one")]
    newer = import_trello(workspace, exports.written(tmp_path, export))
    assert {key: count for key, count in newer["imported"].items() if count} == {"tickets": 1, "comments": 1}
    assert {"kind": "comments", "code": "removed_here", "count": 1} in [
        {key: line[key] for key in ("kind", "code", "count")} for line in newer["lost"]
    ]
    assert {ticket.title for ticket in of(workspace, Ticket)} == {"Renamed here", "Put away", "Third"}

    import_trello(workspace, undo=newer["import"])
    assert {ticket.title for ticket in of(workspace, Ticket)} == {"Renamed here", "Put away"}
    assert [comment.body for comment in of(workspace, Comment)] == ["안녕"]
    import_trello(workspace, undo=first["import"])
    assert not of(workspace, Board)
    assert not of(workspace, Membership, user=None)


def test_knows_people_by_their_id_and_never_by_their_name(workspace: Workspace, tmp_path: Path) -> None:
    import_trello(workspace, exports.written(tmp_path, exports.board()))
    same_id = exports.bare(id=ident(2), cards=[exports.card(500, "A", idMembers=[exports.KIM])])
    import_trello(workspace, exports.written(tmp_path, same_id))
    assert len(of(workspace, Membership, name="김 철수")) == 1
    namesake = {"id": ident(29), "fullName": "김 철수", "username": "kim2"}
    same_name = exports.bare(id=ident(3), members=[namesake])
    import_trello(workspace, exports.written(tmp_path, same_name))
    assert len(of(workspace, Membership, name="김 철수")) == 2


def test_keeps_people_whom_another_import_still_names(workspace: Workspace, tmp_path: Path) -> None:
    first = import_trello(workspace, exports.written(tmp_path, exports.board()))
    other = exports.bare(id=ident(2), cards=[exports.card(500, "A", idMembers=[exports.KIM])])
    second = import_trello(workspace, exports.written(tmp_path, other))
    import_trello(workspace, undo=first["import"])
    assert [person.name for person in of(workspace, Membership, user=None)] == ["김 철수"]
    import_trello(workspace, undo=second["import"])
    assert not of(workspace, Membership, user=None)
    assert not of(workspace, ImportedObject)


def test_imports_a_board_anew_that_lies_in_the_trash(workspace: Workspace, tmp_path: Path) -> None:
    path = exports.written(tmp_path, exports.board())
    import_trello(workspace, path)
    with workspace.told() as olga:
        boards.put_away(Board.objects.get(tenant_id=workspace.id).pk, "trashed_at", by=olga)
    assert import_trello(workspace, path)["imported"]["tickets"] == 3
    assert len(of(workspace, Board)) == 2


def test_asks_before_undoing_later_work(workspace: Workspace, tmp_path: Path) -> None:
    report = import_trello(workspace, exports.written(tmp_path, exports.board()))
    (board,) = of(workspace, Board)
    column = of(workspace, Column, name="To do")[0]
    with workspace.told() as olga:
        tickets.create(tickets.Draft(title="Made here", column=column.pk), by=olga)
    assert "1 tickets were added" in refused(workspace, undo=report["import"])
    assert of(workspace, Board) == [board]
    import_trello(workspace, "--with-later-work", undo=report["import"])
    assert not of(workspace, Board)


def test_undoes_only_what_is_done(workspace: Workspace, tmp_path: Path) -> None:
    report = import_trello(workspace, exports.written(tmp_path, exports.board()))
    import_trello(workspace, undo=report["import"])
    assert "cannot be undone" in refused(workspace, undo=report["import"])
    assert of(workspace, Import)[0].state == State.UNDONE
    assert "no import" in refused(workspace, undo=workspace.id)


def test_refuses_with_one_sentence_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    before = rows_everywhere(workspace), len(of(workspace, Import))
    entries = run_sql("SELECT count(*) FROM audit_entry", tenant=workspace.id)
    for what in ("", "[]", "not json", '{"id": "x", "name": "y"}'):
        sentence = refused(workspace, exports.written(tmp_path, what))
        assert sentence.endswith(".\n")
        assert sentence.count("\n") == 1
    assert "no file" in refused(workspace, tmp_path / "missing.json")
    assert "Name the file" in refused(workspace)
    assert "not a member" in refused(workspace, exports.written(tmp_path, exports.board()), by="zoe@example.com")
    assert (rows_everywhere(workspace), len(of(workspace, Import))) == before
    assert run_sql("SELECT count(*) FROM audit_entry", tenant=workspace.id) == entries


def test_reports_a_refusal_as_json_too(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command("import_trello", str(exports.written(tmp_path, "[]")), "--json", workspace=workspace.slug)
    report = json.loads(capsys.readouterr().out)
    assert report["imported"] == dict.fromkeys(KINDS, 0)
    assert report["refused"]["code"] == "not_trello"
