"""Writes a Trello export of any size, piece by piece; run as a script: `python big_export.py FILE`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

CARDS = 5_000
ATTACHMENTS = 3_000
ACTIONS = 100_000
LISTS = 12
PEOPLE = 40
BYTES = 107_000_000
BOARD = "5f0000000000000000000000"
SECRET = "kim+5f00+secret@boards.trello.com"


def ident(kind: int, number: int) -> str:
    return f"{0x5F000000 + number:08x}{kind:04x}{number:012x}"


def person(number: int) -> dict[str, object]:
    return {"id": ident(1, number), "fullName": f"Person {number} 김", "username": f"person{number}", "confirmed": True}


def card(number: int) -> dict[str, object]:
    files = [
        {
            "id": ident(6, number * 10 + place),
            "name": f"화면 {place}.png",
            "url": f"https://trello.com/1/cards/{ident(3, number)}/attachments/{place}/download/a.png",
            "bytes": 1000,
            "isUpload": True,
            "fileName": f"화면 {place}.png",
            "date": "2021-02-03T04:05:06.000Z",
            "idMember": ident(1, number % PEOPLE),
            "pos": place * 100,
        }
        for place in range((number + 1) * ATTACHMENTS // CARDS - number * ATTACHMENTS // CARDS)
    ]
    return {
        "id": ident(3, number),
        "idShort": number + 1,
        "name": f"카드 {number} with a title of the usual length",
        "desc": f"설명 {number}: " + "a paragraph that people write into descriptions. " * 40,
        "idList": ident(2, number % LISTS),
        "closed": number % 10 == 0,
        "pos": (number * 7919) % 100_003 + 0.5,
        "due": "2021-05-01T09:00:00.000Z" if number % 3 == 0 else None,
        "email": SECRET,
        "idLabels": [ident(4, number % 10)],
        "idMembers": [ident(1, number % PEOPLE), ident(1, (number + 1) % PEOPLE)],
        "attachments": files,
        "badges": {"comments": 20 if number % 5 < 2 else 0, "attachments": len(files)},
        "limits": {"attachments": {"perCard": {"status": "ok", "disableAt": 1000, "warnAt": 900}}},
    }


def action(number: int, padding: str) -> dict[str, object]:
    on_card = {"id": ident(3, number % CARDS), "name": f"카드 {number % CARDS}", "idShort": number % CARDS + 1}
    base: dict[str, object] = {
        "id": ident(7, number),
        "date": f"2021-{number % 12 + 1:02d}-{number % 28 + 1:02d}T10:{number % 60:02d}:00.000Z",
        "idMemberCreator": ident(1, number % PEOPLE),
        "memberCreator": person(number % PEOPLE),
        "appCreator": {"padding": padding},
    }
    if number % 5 < 2:
        text = f"댓글 {number}. " + "What people say about it. " * 8
        return base | {"type": "commentCard", "data": {"text": text, "card": on_card}}
    before, after = number % LISTS, (number + 1) % LISTS
    lists = {"listBefore": {"id": ident(2, before)}, "listAfter": {"id": ident(2, after)}}
    return base | {"type": "updateCard", "data": {"card": on_card, "old": {"idList": ident(2, before)}, **lists}}


def pieces(cards: int, actions: int, padding: str) -> Iterator[str]:
    yield json.dumps({"id": BOARD, "name": "Big board", "desc": "", "closed": False})[:-1]
    sections: list[tuple[str, Iterator[dict[str, object]]]] = [
        ("actions", (action(number, padding) for number in range(actions))),
        ("cards", (card(number) for number in range(cards))),
        ("labels", ({"id": ident(4, n), "name": f"label {n}", "color": "green"} for n in range(10))),
        ("lists", ({"id": ident(2, n), "name": f"List {n}", "closed": False, "pos": n} for n in range(LISTS))),
        ("members", (person(n) for n in range(PEOPLE))),
        (
            "checklists",
            (
                {
                    "id": ident(5, n),
                    "idCard": ident(3, n),
                    "name": "할 일",
                    "pos": 1,
                    "checkItems": [
                        {"id": ident(8, n * 4 + i), "name": f"item {i}", "pos": i, "state": "complete"}
                        for i in range(4)
                    ],
                }
                for n in range(0, cards, 5)
            ),
        ),
    ]
    for name, items in sections:
        yield f', "{name}": ['
        for place, item in enumerate(items):
            yield ("," if place else "") + json.dumps(item, ensure_ascii=False)
        yield "]"
    yield "}"


def write(path: Path, *, cards: int = CARDS, actions: int = ACTIONS, padding: int = 362) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for piece in pieces(cards, actions, "x" * padding):
            stream.write(piece)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    print(Path(sys.argv[1]).stat().st_size)
