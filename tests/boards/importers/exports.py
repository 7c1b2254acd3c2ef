"""Trello exports for the tests: real ones from beside the repository, and small ones written here."""

import json
from pathlib import Path
from typing import Any

from tests.captured import captured

NAMES = (
    "clipkit-ja.json",
    "customfields-project100.json",
    "hebrew-rtl.json",
    "hermes.json",
    "tekken-2025.json",
    "testdrive-1000actions.json",
)


def real(name: str) -> Path:
    """A file that Trello wrote; none of them is in the repository."""
    return captured(f"trello/{name}")


def content(name: str) -> dict[str, Any]:
    return dict(json.loads(real(name).read_text(encoding="utf-8")))


def ident(number: int) -> str:
    """An id as Trello gives them out: eight digits of seconds, sixteen more."""
    return f"{0x60000000 + number:08x}{number:016x}"


BOARD_ID = ident(1)
TODO, DONE, OLD = ident(10), ident(11), ident(12)
KIM, LEE = ident(20), ident(21)
RED = ident(30)


def board(**changes: Any) -> dict[str, Any]:
    """A small board with everything on it: three lists, one of them archived, and three cards."""
    return {
        "id": BOARD_ID,
        "name": "작은 Board",
        "desc": "About it",
        "closed": False,
        "prefs": {"permissionLevel": "org"},
        "lists": [
            {"id": DONE, "name": "Done", "closed": False, "pos": 2},
            {"id": TODO, "name": "To do", "closed": False, "pos": 1},
            {"id": OLD, "name": "Old", "closed": True, "pos": 3},
        ],
        "labels": [{"id": RED, "name": "", "color": "red_dark"}],
        "members": [{"id": KIM, "fullName": "김 철수", "username": "kim"}],
        "cards": [
            card(100, "First", idLabels=[RED], labels=[{"id": RED, "name": "", "color": "red_dark"}], idMembers=[KIM]),
            card(101, "Second", pos=1),
            card(102, "Put away", idList=OLD),
        ],
        "checklists": [checklist(200, 100)],
        "customFields": [],
        "actions": [comment(300, 100, "안녕"), move(301, 100, TODO, DONE)],
        **changes,
    }


def bare(**changes: Any) -> dict[str, Any]:
    """The same without cards and what hangs on them."""
    return board(**{"cards": [], "checklists": [], "actions": [], **changes})


def card(number: int, name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": ident(number),
        "idShort": number - 99,
        "name": name,
        "desc": "",
        "idList": TODO,
        "closed": False,
        "pos": number,
        "due": None,
        "email": f"secret{number}@boards.trello.com",
        "idLabels": [],
        "labels": [],
        "idMembers": [],
        "attachments": [],
        "badges": {"comments": 0},
        **changes,
    }


def checklist(number: int, card_number: int) -> dict[str, Any]:
    items = [
        {"id": ident(number + 2), "name": "second", "pos": 2, "state": "incomplete"},
        {"id": ident(number + 1), "name": "first", "pos": 1, "state": "complete"},
    ]
    return {"id": ident(number), "idCard": ident(card_number), "name": "List", "pos": 1, "checkItems": items}


def action(number: int, kind: str, card_number: int, **data: Any) -> dict[str, Any]:
    return {
        "id": ident(number),
        "type": kind,
        "date": "2021-03-04T05:06:07.000Z",
        "idMemberCreator": LEE,
        "memberCreator": {"id": LEE, "fullName": "Lee", "username": "lee"},
        "data": {"card": {"id": ident(card_number)}, **data},
    }


def comment(number: int, card_number: int, text: str) -> dict[str, Any]:
    return action(number, "commentCard", card_number, text=text)


def move(number: int, card_number: int, before: str, after: str) -> dict[str, Any]:
    lists = {"listBefore": {"id": before, "name": "Before"}, "listAfter": {"id": after, "name": "After"}}
    return action(number, "updateCard", card_number, old={"idList": before}, **lists)


def written(folder: Path, what: Any, name: str = "board.json") -> Path:
    path = folder / name
    path.write_text(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False), encoding="utf-8")
    return path
