"""What the reader makes of a good file."""

import unicodedata
from pathlib import Path

from boards.importers import draft
from boards.models import ChecklistItem, Column, Comment, Label, Ticket
from tenancy.models import Membership
from tests.boards.importers import exports
from tests.boards.importers.exports import BOARD_ID, DONE, KIM, LEE, OLD, RED, TODO, ident
from tests.boards.importers.reading import everything_in, reading, tickets


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


def test_reads_several_boards_of_one_file(tmp_path: Path) -> None:
    other = exports.board(id=ident(2), name="Other")
    with reading(exports.written(tmp_path, [exports.board(), {"not": "a board"}, 7, other])) as (read, tally):
        assert [board.name for board in read.boards] == ["작은 Board", "Other"]
        assert [len(list(board.tickets)) for board in read.boards] == [3, 3]
        assert tally.lost["boards", "not_a_board"] == 2


def test_leaves_decomposed_hangul_as_it_is(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "결제 오류")
    with reading(exports.written(tmp_path, exports.board(cards=[exports.card(100, name)]))) as (read, _):
        assert tickets(read.boards[0])[ident(100)].title == name
