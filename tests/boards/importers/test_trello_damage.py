"""What the reader makes of files that are cut, damaged, or something else."""

import bz2
import gzip
import json
import lzma
import random
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from boards.importers import sentences
from boards.importers.tally import Refused
from tests.boards.importers import exports
from tests.boards.importers.exports import BOARD_ID, TODO, ident
from tests.boards.importers.reading import everything_in, reading, refusal_of
from tests.captured import captured


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
    for path in sorted(captured("hostile/json-suite").rglob("*.json")):
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


def test_skips_what_is_nested_too_deep(tmp_path: Path) -> None:
    deep = "[" * 50_000 + "]" * 50_000
    what = json.dumps(exports.board(cards=[exports.card(100, "A", stickers=["@@"])])).replace('"@@"', deep)
    with reading(exports.written(tmp_path, what)) as (read, _):
        assert len(list(read.boards[0].tickets)) == 1


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_says_of_a_packed_file_that_it_is_packed(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "board.json.packed"
    path.write_bytes(pack(json.dumps(exports.board()).encode()))
    assert refusal_of(path) == "packed"
