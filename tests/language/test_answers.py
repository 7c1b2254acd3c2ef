"""What the API refuses, in the language of who reads it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Api, Person, Scene

HANGUL = re.compile("[가-힣]")
QUOTED = re.compile(r"`[^`]+`|'[^']+'")
WORD = re.compile(r"[A-Za-z][A-Za-z/-]+")
# What HTTP, JSON and the API call so in every language.
TERMS = {"API", "JSON", "ID", "YYYY-MM-DD", "Authorization", "If-Match", "Allow", "true", "false", "null"}
TERMS |= {"multipart/form-data", "application/json", "nonsense", "title", "OPER"}

Ask = Callable[[Api, Scene], Any]
REFUSED: dict[str, Ask] = {
    "not signed in": lambda api, board: Api(Client()).get("/api/boards", **{"Accept-Language": "ko"}),
    "nothing there": lambda api, board: api.get(f"/api/tickets/{board.id}"),
    "no such address": lambda api, board: api.get("/api/no-such-thing"),
    "another method": lambda api, board: api.delete("/api/boards"),
    "no id": lambda api, board: api.get("/api/tickets/no-id"),
    "no such parameter": lambda api, board: api.get("/api/tickets?nonsense=1"),
    "no such field to show": lambda api, board: api.get("/api/tickets?fields=nonsense"),
    "no such cursor": lambda api, board: api.get("/api/tickets?cursor=nonsense"),
    "no such version": lambda api, board: api.get(f"/api/boards/{board.id}/changes?since=-1"),
    "nothing given": lambda api, board: api.post("/api/tickets", {}),
    "too much given": lambda api, board: api.post("/api/tickets", {"title": "가", "nonsense": 1}),
    "wrong types": lambda api, board: api.post(
        "/api/tickets",
        {
            "title": 1,
            "board": "no-id",
            "priority": "soon",
            "due_on": "tomorrow",
            "estimate": "much",
            "labels": "one",
            "description": "\0",
        },
    ),
    "wrong sizes": lambda api, board: api.post(
        "/api/tickets", {"title": "가" * 300, "board": str(board.id), "estimate": -1, "labels": [str(board.id)] * 200}
    ),
    "an empty title": lambda api, board: api.post("/api/tickets", {"title": "", "board": str(board.id)}),
    "null": lambda api, board: api.patch(f"/api/tickets/{board.tickets[0]}", {"title": None}),
    "no JSON": lambda api, board: api.raw("post", "/api/tickets", b"{"),
    "not even text": lambda api, board: api.raw("post", "/api/tickets", b"\xff"),
    "another type": lambda api, board: api.raw("post", "/api/tickets", b"<a/>", "text/xml"),
    "no file": lambda api, board: api.post(f"/api/tickets/{board.tickets[0]}/attachments", {}),
    "foreign label": lambda api, board: api.patch(f"/api/tickets/{board.tickets[0]}", {"labels": [str(board.id)]}),
    "dates upside down": lambda api, board: api.patch(
        f"/api/tickets/{board.tickets[0]}", {"start_on": "2027-02-01", "due_on": "2027-01-01"}
    ),
    "a full column": lambda api, board: overfill(api, board),
    "a column that is not empty": lambda api, board: api.delete(f"/api/columns/{board.columns['todo']}"),
    "no version": lambda api, board: api.patch(
        f"/api/tickets/{board.tickets[0]}", {"title": "가"}, **{"If-Match": '"99"'}
    ),
    "a taken key": lambda api, board: api.post("/api/boards", {"name": "가", "key": board.key}),
    "nothing to search with": lambda api, board: api.get("/api/search?q=%00"),
}


def overfill(api: Api, board: Scene) -> Any:
    column = board.columns["done"]
    assert api.patch(f"/api/columns/{column}", {"wip_limit": 1}).status_code == 200
    return api.post("/api/tickets", {"title": "가", "column": str(column)})


def sentences(answer: Any) -> list[str]:
    error = answer.json()["error"]
    details = error["details"] if isinstance(error["details"], list) else []
    return [error["message"], *(detail["message"] for detail in details)]


def english_in(text: str) -> list[str]:
    return [word for word in WORD.findall(QUOTED.sub("", text)) if word not in TERMS]


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
def test_the_api_refuses_in_korean(olga: Person, board: Scene, ask: Ask) -> None:
    answer = ask(Api(Client(), {**olga.api.headers, "Accept-Language": "ko"}), board)
    assert answer.status_code >= 400
    assert answer["Content-Language"] == "ko"
    for sentence in sentences(answer):
        assert HANGUL.search(sentence)
        assert english_in(sentence) == []


def test_the_language_somebody_has_set_wins(mia: Person) -> None:
    wanted = {"name": "Mia", "language": "ko", "timezone": "", "theme": "auto"}
    assert mia.client.post("/profile/", wanted).status_code == 302
    for api in (mia.api, mia.session_api):
        refused = api.get("/api/tickets?nonsense=1", **{"Accept-Language": "en"})
        assert "없는 매개변수입니다. 빼고 보내 주세요." in sentences(refused)
    assert sentences(mia.api.get("/api/tickets?nonsense=1"))[1].startswith("없는")


def test_a_viewer_is_refused_in_korean(vic: Person, board: Scene) -> None:
    answer = vic.api.post("/api/tickets", {"title": "가", "board": str(board.id)}, **{"Accept-Language": "ko"})
    assert answer.json()["error"]["message"] == "현재 역할로는 할 수 없습니다. 워크스페이스 관리자에게 문의하세요."


def test_a_board_begins_with_columns_in_its_makers_language(olga: Person) -> None:
    made = olga.api.post("/api/boards", {"name": "운영"}, **{"Accept-Language": "ko"}).json()
    columns = olga.api.get(f"/api/columns?board={made['id']}").json()["items"]
    assert [column["name"] for column in columns] == ["백로그", "할 일", "진행 중", "완료"]
