"""A Trello export into a workspace: everything comes, once, and goes again."""

import json
from pathlib import Path
from typing import Any

import pytest

from boards.models import (
    Attachment,
    Board,
    Checklist,
    ChecklistItem,
    Column,
    Comment,
    Import,
    ImportedObject,
    Label,
    Ticket,
    TicketAssignee,
    TicketLabel,
)
from boards.queries.snapshot import snapshot
from tenancy.models import Membership
from tests.boards.importers import exports
from tests.boards.importers.exports import ident
from tests.boards.importers.rows import of, rows_everywhere
from tests.boards.importers.shell import import_trello
from tests.cast import Workspace, run_sql


def expected(export: dict[str, Any]) -> dict[str, int]:
    cards = {card["id"] for card in export["cards"]}
    comments = [action for action in export["actions"] if action["type"] == "commentCard"]
    moves = [action for action in export["actions"] if "listBefore" in action["data"]]
    labels = {(label["name"], label["color"]) for card in export["cards"] for label in card["labels"]}
    return {
        "boards": 1,
        "columns": len(export["lists"]),
        "tickets": len(cards),
        "checklists": len(export["checklists"]),
        "checklist_items": sum(len(checklist["checkItems"]) for checklist in export["checklists"]),
        "comments": sum(action["data"]["card"]["id"] in cards for action in comments),
        "labels": len(export["labels"]) if "labels" in export else len(labels),
        "members": len(export["members"]),
        "attachments": sum(len(card["attachments"]) for card in export["cards"]),
        "moves": sum(action["data"]["card"]["id"] in cards for action in moves),
    }


@pytest.mark.parametrize("name", exports.NAMES)
def test_brings_all_of_a_real_board_once(name: str, workspace: Workspace) -> None:
    export = exports.content(name)
    empty = rows_everywhere(workspace)

    planned = import_trello(workspace, exports.real(name), "--dry-run")
    assert rows_everywhere(workspace) == empty

    report = import_trello(workspace, exports.real(name))
    assert {key: report["imported"][key] for key in expected(export)} == expected(export)
    assert planned["imported"] == report["imported"]
    assert report["reconciled"] == {"found": report["imported"], "equal": True}
    models = {"columns": Column, "tickets": Ticket, "comments": Comment, "labels": Label, "attachments": Attachment}
    assert {key: len(of(workspace, model)) for key, model in models.items()} == {
        key: report["imported"][key] for key in models
    }
    archived = sum(card["closed"] for card in export["cards"])
    assert report["archived"]["tickets"] == archived
    assert sum(ticket.archived_at is not None for ticket in of(workspace, Ticket)) == archived

    full = rows_everywhere(workspace)
    again = import_trello(workspace, exports.real(name))
    assert set(again["imported"].values()) == {0}
    assert again["unchanged"] == report["imported"]
    assert rows_everywhere(workspace) == full

    for made in (again, report):
        import_trello(workspace, undo=made["import"])
    assert rows_everywhere(workspace) == empty


@pytest.mark.parametrize("name", exports.NAMES)
def test_keeps_trellos_order(name: str, workspace: Workspace) -> None:
    export = exports.content(name)
    import_trello(workspace, exports.real(name))
    lists = sorted(export["lists"], key=lambda one: (one["pos"], one["id"]))
    assert [column.name for column in sorted(of(workspace, Column), key=lambda column: column.rank)] == [
        one["name"].strip() for one in lists
    ]
    with workspace.told():
        noted = dict(ImportedObject.objects.filter(tenant_id=workspace.id).values_list("object_id", "source_id"))
    tickets = sorted(of(workspace, Ticket), key=lambda ticket: ticket.rank)
    for column in of(workspace, Column):
        cards = [card for card in export["cards"] if card["idList"] == noted[column.pk]]
        cards.sort(key=lambda card: (card["pos"], card["id"]))
        mine = [noted[ticket.pk] for ticket in tickets if ticket.column_id == column.pk]
        assert mine == [card["id"] for card in cards]


def test_leaves_tickets_of_archived_columns_off_the_board(workspace: Workspace) -> None:
    report = import_trello(workspace, exports.real("hermes.json"))
    export = exports.content("hermes.json")
    closed = {one["id"] for one in export["lists"] if one["closed"]}
    shown = [card for card in export["cards"] if not card["closed"] and card["idList"] not in closed]
    with workspace.told():
        (board,) = Board.objects.filter(tenant_id=workspace.id)
        _version, body = snapshot(workspace.id, board.pk)
    content = json.loads(body)
    assert len(content["columns"]) == len(export["lists"]) - len(closed)
    assert len(content["tickets"]) == len(shown) < report["imported"]["tickets"]
    in_archived = [
        ticket for ticket in of(workspace, Ticket, column__archived_at__isnull=False) if not ticket.archived_at
    ]
    assert len(in_archived) == 5


def test_keeps_the_numbers_people_quote(workspace: Workspace) -> None:
    import_trello(workspace, exports.real("testdrive-1000actions.json"))
    numbers = {card["idShort"] for card in exports.content("testdrive-1000actions.json")["cards"]}
    assert {ticket.number for ticket in of(workspace, Ticket)} == numbers
    assert of(workspace, Board)[0].last_ticket_number == max(numbers)


def test_gives_the_next_number_where_one_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    cards = [exports.card(n, f"{n}", idShort=short) for n, short in ((100, 4), (101, 4), (102, -1), (103, 10**15))]
    import_trello(workspace, exports.written(tmp_path, exports.bare(cards=cards)))
    assert sorted(ticket.number for ticket in of(workspace, Ticket)) == [4, 5, 6, 7]


def test_links_labels_people_checklists_and_comments(workspace: Workspace, tmp_path: Path) -> None:
    import_trello(workspace, exports.written(tmp_path, exports.board()))
    ticket = of(workspace, Ticket, title="First")[0]
    kim, lee = (of(workspace, Membership, name=name)[0] for name in ("김 철수", "Lee"))
    assert (kim.user_id, kim.role) == (None, "MEMBER")
    assert [link.membership_id for link in of(workspace, TicketAssignee, ticket_id=ticket.pk)] == [kim.pk]
    assert len(of(workspace, TicketLabel, ticket_id=ticket.pk)) == 1
    assert (ticket.label_numbers, ticket.assignee_numbers) == ([1], [kim.number])
    assert (ticket.comment_count, ticket.checklist_total, ticket.checklist_done) == (1, 2, 1)
    assert [item.text for item in sorted(of(workspace, ChecklistItem), key=lambda item: item.rank)] == [
        "first",
        "second",
    ]
    (comment,) = of(workspace, Comment)
    assert (comment.author_id, comment.body, comment.created_at.isoformat()) == (
        lee.pk,
        "안녕",
        "2021-03-04T05:06:07+00:00",
    )
    assert of(workspace, Label)[0].colour == "red"
    assert len(of(workspace, Checklist)) == 1


def test_records_moves_with_their_own_dates(workspace: Workspace, tmp_path: Path) -> None:
    import_trello(workspace, exports.written(tmp_path, exports.board()))
    (ticket,) = of(workspace, Ticket, title="First")
    columns = {column.name: str(column.pk) for column in of(workspace, Column)}
    (lee,) = of(workspace, Membership, name="Lee")
    entries = run_sql(
        "SELECT at::date::text, actor_type, actor_id, changes FROM audit_entry"
        " WHERE subject_id = %s AND at < '2022-01-01'",
        [ticket.pk],
        tenant=workspace.id,
    )
    changes = {"before": {"column_id": columns["To do"]}, "after": {"column_id": columns["Done"]}}
    assert entries == [("2021-03-04", "import", str(lee.pk), changes)]


def test_keeps_days_in_the_persons_time_zone(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.told():
        user = workspace.people["olga"].user
        user.timezone = "Asia/Seoul"
        user.save()
    cards = [exports.card(100, "Late", due="2024-03-01T16:00:00.000Z", start="2024-02-01T00:00:00.000Z")]
    path = exports.written(tmp_path, exports.bare(cards=cards))
    import_trello(workspace, path, by=user.email)
    (ticket,) = of(workspace, Ticket)
    assert (str(ticket.start_on), str(ticket.due_on)) == ("2024-02-01", "2024-03-02")
    assert of(workspace, Import)[0].created_by_id == workspace.owner.id


def test_stores_the_secret_addresses_nowhere(workspace: Workspace, tmp_path: Path) -> None:
    report = import_trello(workspace, exports.written(tmp_path, exports.board()))
    tables = run_sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", role="superuser")
    for (table,) in tables:
        query = f'SELECT count(*) FROM public."{table}" t WHERE t::text LIKE %s'
        assert run_sql(query, ["%secret10%@boards.trello.com%"], role="superuser") == [(0,)], table
    assert {"kind": "mail_in_addresses", "count": 3}.items() <= next(
        line for line in report["lost"] if line["code"] == "secret"
    ).items()


def test_brings_what_is_whole_of_a_truncated_file(workspace: Workspace, tmp_path: Path) -> None:
    raw = exports.real("hermes.json").read_text()
    path = exports.written(tmp_path, raw[: len(raw) - 30_000])
    report = import_trello(workspace, path)
    assert report["imported"]["tickets"] == 55
    assert "breaks off" in report["breaks"][0]["reason"]
    assert report["reconciled"]["equal"]
    whole = import_trello(workspace, exports.real("hermes.json"))
    assert whole["imported"]["tickets"] == 0
    assert report["imported"]["comments"] + whole["imported"]["comments"] == 29


def test_imports_several_boards_of_one_file(workspace: Workspace, tmp_path: Path) -> None:
    other = exports.bare(id=ident(2), name="Other", cards=[exports.card(500, "A")])
    report = import_trello(workspace, exports.written(tmp_path, [exports.board(), other]))
    assert report["imported"]["boards"] == 2
    assert {board.name for board in of(workspace, Board)} == {"작은 Board", "Other"}
    import_trello(workspace, undo=report["import"])
    assert not of(workspace, Board)


def test_two_labels_may_come_to_the_same_name_and_colour(workspace: Workspace, tmp_path: Path) -> None:
    colours = ("lime", "green_dark", None)
    labels = [{"id": ident(30 + n), "name": "", "color": colour} for n, colour in enumerate(colours)]
    import_trello(workspace, exports.written(tmp_path, exports.bare(labels=labels)))
    found = sorted(of(workspace, Label), key=lambda label: label.number)
    assert [label.colour for label in found] == ["green", "green", "gray"]
