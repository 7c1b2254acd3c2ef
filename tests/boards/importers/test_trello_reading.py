"""What the reader makes of a file, without a database."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from boards.importers import draft, sentences, trello
from boards.importers.source import opened
from boards.importers.tally import Refused, Tally
from boards.importers.trello.scratch import scratch_in
from boards.models import ChecklistItem, Column, Comment, Label, Ticket
from tenancy.models import Membership
from tests.boards.importers import exports
from tests.boards.importers.exports import BOARD_ID, DONE, KIM, LEE, OLD, RED, TODO, ident

Read = tuple[draft.Draft, Tally]


@contextmanager
def reading(path: Path) -> Iterator[Read]:
    tally = Tally()
    with opened(path, limit=2**30) as source, scratch_in() as scratch:
        yield trello.read(source.documents, scratch, tally), tally


def refusal_of(path: Path) -> str:
    with pytest.raises(Refused) as refused, reading(path):
        pass
    assert sentences.refusal(refused.value.code, refused.value.values)
    return refused.value.code


def tickets(board: draft.Board) -> dict[str, draft.Ticket]:
    return {ticket.source_id: ticket for ticket in board.tickets}


def test_a_draft_fits_into_the_tables() -> None:
    assert Ticket._meta.get_field("title").max_length == draft.TITLE_MAX
    assert ChecklistItem._meta.get_field("text").max_length == draft.ITEM_MAX
    assert draft.COMMENT_MAX == Comment.BODY_MAX
    assert {model._meta.get_field("name").max_length for model in (Column, Label, Membership)} == {draft.NAME_MAX}


def test_reads_everything_on_a_small_board(tmp_path: Path) -> None:
    with reading(exports.written(tmp_path, exports.board())) as (read, tally):
        (board,) = read.boards
        assert (board.source_id, board.name, board.description) == (BOARD_ID, "작은 Board", "About it")
        assert [(c.source_id, c.name, c.category, bool(c.archived_at)) for c in board.columns] == [
            (TODO, "To do", "todo", False),
            (DONE, "Done", "done", False),
            (OLD, "Old", "todo", True),
        ]
        assert board.labels == (draft.Label(RED, "", "red"),)
        assert board.people == (draft.Person(KIM, "김 철수"), draft.Person(LEE, "Lee", is_former=True))
        first = tickets(board)[ident(100)]
        assert (first.number, first.labels, first.assignees) == (1, (RED,), (KIM,))
        assert [item.text for item in board.items] == ["first", "second"]
        assert [(c.body, c.author) for c in board.comments] == [("안녕", LEE)]
        assert [(m.before, m.after) for m in board.moves] == [(TODO, DONE)]
        assert tally.lost == {("mail_in_addresses", "secret"): 3}


def test_orders_cards_by_position_then_id(tmp_path: Path) -> None:
    cards = [exports.card(n, f"{n}", pos=pos) for n, pos in ((100, 7), (102, 3.5), (101, 3.5), (103, 140737488650240))]
    with reading(exports.written(tmp_path, exports.board(cards=cards))) as (read, _):
        assert list(read.boards[0].order) == [(TODO, ident(n)) for n in (101, 102, 100, 103)]


def test_never_lets_the_secret_address_through(tmp_path: Path) -> None:
    with reading(exports.written(tmp_path, exports.board())) as (read, _):
        assert "secret" not in everything_in(read)


def everything_in(read: draft.Draft) -> str:
    return repr(
        [
            [
                list(getattr(board, name))
                for name in board.__dataclass_fields__
                if not isinstance(getattr(board, name), str | bool)
            ]
            for board in read.boards
        ]
    )


def test_writes_custom_fields_as_text() -> None:
    with reading(exports.real("customfields-project100.json")) as (read, tally):
        texts = {ticket.title: ticket.description for ticket in read.boards[0].tickets}
        assert "- **Dropdown**: Down" in texts["Visualize code"]
        assert "- **Number Value**: 100.32" in texts["Visualize code"]
        assert "2021-01-28T10:00:00Z" in texts["Visualize code"]
        assert "Hello" in texts["Write code"]
        assert tally.changed["custom_fields", "as_text"] == 8


def test_takes_labels_from_the_cards_of_old_boards() -> None:
    with reading(exports.real("hermes.json")) as (read, _):
        board = read.boards[0]
        assert {(label.name, label.colour) for label in board.labels} == {
            ("Server", "yellow"), ("Bug", "red"), ("Client", "green"), ("GUI", "purple"),
        }  # fmt: skip
        assert sum(len(ticket.labels) for ticket in board.tickets) == sum(
            len(card["labels"]) for card in exports.content("hermes.json")["cards"]
        )


def test_counts_the_comments_that_trello_left_out() -> None:
    with reading(exports.real("testdrive-1000actions.json")) as (read, tally):
        assert len(list(read.boards[0].comments)) == 93
        assert tally.lost["comments", "history_limit"] == 40


def test_dates_a_card_by_its_id_when_its_birth_is_not_told(tmp_path: Path) -> None:
    with reading(exports.written(tmp_path, exports.board())) as (read, _):
        assert int(tickets(read.boards[0])[ident(100)].created_at.timestamp()) == 0x60000000 + 100


def test_keeps_a_long_title_whole_in_the_description(tmp_path: Path) -> None:
    title = "a word " * 60
    path = exports.written(
        tmp_path, exports.board(cards=[exports.card(100, title, desc="Text"), exports.card(101, "a\nb")])
    )
    with reading(path) as (read, tally):
        long, lines = (tickets(read.boards[0])[ident(n)] for n in (100, 101))
        assert len(long.title) <= 255
        assert long.title.endswith(" a…")
        assert long.description == f"{title.strip()}\n\nText"
        assert lines.title == "a b"
        assert tally.changed == {("tickets", "title_cut"): 1, ("tickets", "title_joined"): 1}


def test_makes_a_link_only_of_a_web_address(tmp_path: Path) -> None:
    files = [
        {"id": ident(400), "name": "doc", "url": "https://example.org/doc", "isUpload": False},
        {"id": ident(401), "name": "trap", "url": "javascript:alert(1)", "isUpload": False},
    ]
    path = exports.written(tmp_path, exports.board(cards=[exports.card(100, "A", attachments=files)]))
    with reading(path) as (read, tally):
        (link,) = read.boards[0].attachments
        assert link.url == "https://example.org/doc"
        assert "`javascript:alert(1)`" in tickets(read.boards[0])[ident(100)].description
        assert tally.changed["attachments", "address_as_text"] == 1


def test_mends_or_counts_what_refers_to_nothing(tmp_path: Path) -> None:
    cards = [
        exports.card(100, "List in the history", idList=ident(77)),
        exports.card(101, "List nowhere", idList=ident(78)),
        exports.card(102, "Strangers", idLabels=[ident(79)], idMembers=[ident(80)]),
    ]
    actions = [exports.comment(300, 999, "on a card that is gone"), exports.move(301, 100, TODO, ident(77))]
    what = exports.board(cards=cards, actions=actions, checklists=[exports.checklist(200, 999)])
    with reading(exports.written(tmp_path, what)) as (read, tally):
        names = {column.source_id: column.name for column in read.boards[0].columns}
        found = {ticket.title: names[ticket.column] for ticket in read.boards[0].tickets}
        assert found == {"List in the history": "After", "List nowhere": "Without a list", "Strangers": "To do"}
        lost = {key: count for key, count in tally.lost.items() if key[0] != "mail_in_addresses"}
        assert lost == {
            ("checklists", "ticket_gone"): 1,
            ("checklist_items", "checklist_gone"): 2,
            ("comments", "ticket_gone"): 1,
            ("labels_on_tickets", "label_gone"): 1,
            ("assignments", "person_gone"): 1,
        }


def test_reads_several_boards_of_one_file(tmp_path: Path) -> None:
    other = exports.board(id=ident(2), name="Other")
    with reading(exports.written(tmp_path, [exports.board(), {"not": "a board"}, 7, other])) as (read, tally):
        assert [board.name for board in read.boards] == ["작은 Board", "Other"]
        assert [len(list(board.tickets)) for board in read.boards] == [3, 3]
        assert tally.lost["boards", "not_a_board"] == 2


@pytest.mark.parametrize("name", exports.NAMES)
def test_takes_what_stands_before_the_break_of_a_truncated_file(name: str, tmp_path: Path) -> None:
    raw = exports.real(name).read_bytes()
    cards = json.loads(raw)["cards"]
    last = json.dumps(cards[-1]["id"]).encode()
    path = tmp_path / "cut.json"
    begin = re.search(rb'"cards": ?\[\{', raw)
    assert begin
    path.write_bytes(raw[: raw.index(last, begin.end())])
    with reading(path) as (read, tally):
        assert len(list(read.boards[0].tickets)) == len(cards) - 1
        assert tally.breaks[0]["part"] == "tickets"
        assert f"after entry {len(cards) - 1}" in sentences.break_sentence(tally.breaks[0])


def test_survives_any_cut_and_any_damage(tmp_path: Path) -> None:
    chance = random.Random(7)
    raw = exports.real("hermes.json").read_bytes()
    path = tmp_path / "damaged.json"
    for _ in range(30):
        at = chance.randrange(len(raw))
        path.write_bytes(raw[:at] + (b"" if chance.random() < 0.5 else b"\x00NaN" + raw[at:]))
        # Before the first list or card there is nothing to take: that is refused, with a sentence of its own.
        with suppress(Refused), reading(path) as (read, tally):
            assert everything_in(read)
            assert [sentences.break_sentence(found) for found in tally.breaks]


def damaged(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return chance.choice([None, 1, -1, "x", [], {}, True, 1e30, 10**30, "\x00a\ud800", {"a": [1]}])
    if isinstance(value, dict):
        return {key: damaged(item, chance) for key, item in value.items()}
    return [damaged(item, chance) for item in value] if isinstance(value, list) else value


def test_survives_values_of_any_type(tmp_path: Path) -> None:
    chance = random.Random(3)
    for name in ("hermes.json", "customfields-project100.json", "tekken-2025.json"):
        for _ in range(10):
            what = {**damaged(exports.content(name), chance), "id": BOARD_ID}
            path = tmp_path / "types.json"
            path.write_text(json.dumps(what))
            with reading(path) as (read, _tally):
                assert "\x00" not in everything_in(read)


def test_refuses_what_is_no_trello_export(tmp_path: Path) -> None:
    for what, code in (
        ("", "broken_empty"),
        ("   ", "broken_not_json"),
        ("<!doctype html>", "broken_not_json"),
        ("name,list\na,b\n", "broken_not_json"),
        ("{}", "not_trello"),
        ("[1, 2]", "not_trello"),
        ('"text"', "not_trello"),
        ('{"lists": {}, "cards": 7, "id": "x", "name": "y"}', "not_trello"),
        (
            '{"_id": "x", "name": "Wekan", "lists": [{"_id": "a"}], "cards": [{"_id": "b"}], "swimlanes": []}',
            "not_trello",
        ),
        (
            '{"id": "1", "name": "x", "lists": [{"id": "1", "name": "a"}], "cards": [{"id": "2", "listId": "1"}]}',
            "not_trello",
        ),
        ('{"id": "5f", "name": "cut before any li', "broken_truncated"),
        ("[" * 200_000, "broken_not_json"),
    ):
        assert refusal_of(exports.written(tmp_path, what)) == code, what[:40]


def test_refuses_every_file_of_the_json_test_suite() -> None:
    folder = exports.FOLDER.parent / "hostile" / "json-suite"
    files = sorted(folder.rglob("*.json"))
    assert files, f"{folder} is missing"
    for path in files:
        refusal_of(path)


def test_reads_other_encodings_or_says_so(tmp_path: Path) -> None:
    text = json.dumps(exports.board(), ensure_ascii=False)
    path = tmp_path / "encoded.json"
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le"):
        path.write_bytes((b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding))
        with reading(path) as (read, tally):
            assert read.boards[0].name == "작은 Board"
            assert not tally.breaks
    path.write_bytes(text.encode().replace("안녕".encode(), b"\xff\xfe"))
    with reading(path) as (read, tally):
        assert [comment.body for comment in read.boards[0].comments] == ["��"]
        assert tally.changed["text", "bytes_replaced"] == 2
    long = exports.board(actions=[exports.comment(300 + n, 100, "안녕하세요 " * 50) for n in range(50)])
    path.write_bytes(json.dumps(long, ensure_ascii=False).encode("cp949"))
    assert refusal_of(path) == "encoding"


def test_leaves_decomposed_hangul_as_it_is(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "결제 오류")
    with reading(exports.written(tmp_path, exports.board(cards=[exports.card(100, name)]))) as (read, _):
        assert tickets(read.boards[0])[ident(100)].title == name


def test_skips_what_is_nested_too_deep(tmp_path: Path) -> None:
    deep = "[" * 50_000 + "]" * 50_000
    what = json.dumps(exports.board(cards=[exports.card(100, "A", stickers=["@@"])])).replace('"@@"', deep)
    with reading(exports.written(tmp_path, what)) as (read, _):
        assert len(list(read.boards[0].tickets)) == 1
