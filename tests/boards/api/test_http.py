"""What every client may count on: HEAD, 304, pages that survive deletions, and refusals that name what is wrong."""

import base64
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Api, Person, Scene

LISTS = ["boards", "columns", "labels", "tickets", "members"]
OF_A_TICKET = ["comments", "checklists", "attachments", "history"]


def refusal(answer: Any) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "details", "request_id"}
    assert error["request_id"] == answer.headers["X-Request-Id"]
    return answer.status_code, error["code"], [detail["field"] for detail in error["details"]]


@pytest.fixture
def lists(board: Scene, olga: Person) -> list[str]:
    ticket = f"/api/tickets/{board.tickets[0]}"
    olga.api.post(f"{ticket}/comments", {"body": "Who looks?"})
    olga.api.post(f"{ticket}/checklists", {"name": "Before"})
    olga.api.upload(f"{ticket}/attachments", SimpleUploadedFile("plan.txt", b"one"))
    return [f"/api/{name}" for name in LISTS] + [f"{ticket}/{name}" for name in OF_A_TICKET]


def test_every_list_is_private_and_asked_for_again_by_its_tag(lists: list[str], vic: Person) -> None:
    for path in lists:
        first = vic.api.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache", path
        assert {"Cookie", "Authorization"} <= set(first.headers["Vary"].split(", "))
        again = vic.api.get(path, **{"If-None-Match": f'"other", {first.headers["ETag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"]


def test_a_tag_is_of_the_content(board: Scene, olga: Person) -> None:
    path = f"/api/labels?board={board.id}"
    before = olga.api.get(path).headers["ETag"]
    olga.api.patch(f"/api/labels/{board.labels[0]}", {"colour": "pink"})
    assert olga.api.get(path, **{"If-None-Match": before}).status_code == 200


def test_every_list_has_the_fields_one_wants(lists: list[str], vic: Person) -> None:
    for path in lists:
        assert [set(item) for item in vic.api.get(f"{path}?fields=id&limit=1").json()["items"]] == [{"id"}], path
        assert refusal(vic.api.get(f"{path}?fields=id,secret")) == (422, "VALIDATION", ["fields"])


def test_a_cursor_that_nobody_gave_is_named(lists: list[str], vic: Person) -> None:
    forged = [json.dumps(key).encode() for key in ([], ["x"], [None], {"id": 1}, ["2026-01-01", "b", "c", "d"], 7)]
    given = [base64.urlsafe_b64encode(key).decode().rstrip("=") for key in forged] + ["x", "%00", "é", "%ff%fe"]
    for path in lists:
        for cursor in given:
            assert refusal(vic.api.get(f"{path}?cursor={cursor}")) == (422, "VALIDATION", ["cursor"]), (path, cursor)


def test_pages_meet_without_a_gap_or_a_double_also_when_their_last_row_goes(board: Scene, olga: Person) -> None:
    path = f"/api/tickets/{board.tickets[0]}/comments"
    made = [olga.api.post(path, {"body": f"{number}"}).json()["id"] for number in range(5)]
    first = olga.api.get(f"{path}?limit=2").json()
    assert [item["id"] for item in first["items"]] == made[:2]
    olga.api.delete(f"/api/comments/{made[1]}")
    second = olga.api.get(f"{path}?limit=2&cursor={first['next']}").json()
    third = olga.api.get(f"{path}?limit=2&cursor={second['next']}").json()
    assert [item["id"] for item in [*second["items"], *third["items"]]] == made[2:]
    assert third["next"] is None


def test_columns_come_in_their_order_through_pages(board: Scene, vic: Person) -> None:
    whole = [column["id"] for column in vic.api.get(f"/api/columns?board={board.id}").json()["items"]]
    found: list[str] = []
    following: str | None = ""
    while following is not None:
        page = vic.api.get(f"/api/columns?board={board.id}&limit=1&cursor={following}").json()
        found += [column["id"] for column in page["items"]]
        following = page["next"]
    assert found == whole == [str(column) for column in board.columns.values()]


def test_the_history_goes_back_page_by_page(board: Scene, olga: Person) -> None:
    ticket = f"/api/tickets/{board.tickets[0]}"
    for number in range(3):
        olga.api.patch(ticket, {"title": f"Title {number}"})
    whole = [entry["id"] for entry in olga.api.get(f"{ticket}/history").json()["items"]]
    first = olga.api.get(f"{ticket}/history?limit=2").json()
    rest = olga.api.get(f"{ticket}/history?cursor={first['next']}").json()
    assert [entry["id"] for entry in [*first["items"], *rest["items"]]] == whole


@pytest.mark.parametrize("way", ["token", "session"])
def test_head_is_get_without_the_body(way: str, board: Scene, vic: Person) -> None:
    api: Api = vic.api if way == "token" else vic.session_api
    for path in ("/api/boards", f"/api/tickets/{board.tickets[0]}", f"/api/boards/{board.id}/snapshot"):
        asked, head = api.get(path), api.call("head", path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["ETag"] == asked.headers["ETag"]
        assert head.headers["Content-Length"] == str(len(asked.content))
    assert api.call("head", "/api/boards/none").status_code == 404


@pytest.mark.parametrize("path", ["/api/health", "/api/openapi.json", "/api/docs", "/api/members"])
def test_a_method_that_a_route_does_not_know(path: str, olga: Person) -> None:
    for client, headers in ((Client(enforce_csrf_checks=True), {}), (Client(), olga.api.headers)):
        answer = client.delete(path, headers=headers)
        assert refusal(answer) == (405, "METHOD_NOT_ALLOWED", [])
        assert "GET" in answer.headers["Allow"]


def test_members_are_shown_changed_and_taken_out(olga: Person, mia: Person, zoe: Person) -> None:
    path = f"/api/members/{mia.id}"
    assert olga.api.get(path).json()["role"] == "MEMBER"
    assert olga.api.patch(path, {"role": "ADMIN", "name": "Mia Kim"}).json()["role"] == "ADMIN"
    assert mia.api.get(path).json()["name"] == "Mia Kim"
    assert refusal(mia.api.patch(f"/api/members/{olga.id}", {"role": "VIEWER"})) == (403, "FORBIDDEN", [])
    assert refusal(olga.api.patch(f"/api/members/{olga.id}", {"role": "VIEWER"}))[:2] == (409, "CONFLICT")
    assert refusal(zoe.api.get(path)) == (404, "NOT_FOUND", [])
    assert olga.api.delete(path).status_code == 204
    assert mia.api.get(path).status_code == 401
    assert olga.api.patch(path, {"active": True}).json()["active"] is True
    assert mia.api.get(path).status_code == 200
