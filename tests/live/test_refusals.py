"""Who gets no stream, and what is said then."""

import http.client

import pytest

from boards.verbs import boards
from tests.cast import Person, Scene, Workspace
from tests.live.streams import Stream, bearer, cookie, events


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer tika_pat_wrong"}, {"Cookie": "sessionid=x"}])
def test_nobody_is_asked_to_sign_in(port: int, board: Scene, headers: dict[str, str]) -> None:
    with Stream(port, events(board), headers) as stream:
        assert stream.status == 401
        assert stream.error()["code"] == "UNAUTHENTICATED"
        assert stream.headers["www-authenticate"].startswith("Bearer")


def test_a_wrong_token_is_not_helped_by_a_good_session(port: int, board: Scene, mia: Person) -> None:
    headers = {**cookie(mia), "X-Tenant-Id": board.workspace.slug, "Authorization": "Bearer tika_pat_wrong"}
    with Stream(port, events(board), headers) as stream:
        assert stream.status == 401


def test_a_stranger_finds_nothing(port: int, board: Scene, zoe: Person, other: Workspace) -> None:
    there, here = f"/{board.workspace.slug}{events(board)}", f"/{other.slug}{events(board)}"
    as_member = {**cookie(zoe), "X-Tenant-Id": str(board.workspace.id)}
    roads = [(events(board), bearer(zoe)), (events(board), as_member), (there, cookie(zoe)), (here, cookie(zoe))]
    for path, headers in roads:
        with Stream(port, path, headers) as stream:
            assert (stream.status, stream.error()["code"]) == (404, "NOT_FOUND"), path


def test_a_private_board_is_for_those_on_its_list(port: int, workspace: Workspace, olga: Person, mia: Person) -> None:
    board = workspace.board(is_private=True)
    with Stream(port, events(board), bearer(mia)) as stream:
        assert stream.status == 404
    with workspace.told():
        boards.give_access(board.id, mia.id, by=olga.member)
    with Stream(port, events(board), bearer(mia)) as stream:
        assert stream.status == 200


@pytest.mark.parametrize("name", ["no-uuid", "0c0f4f0e-9d0c-4f0a-8f57-2f6f6f0b9a11"])
def test_an_unknown_board(port: int, mia: Person, name: str) -> None:
    with Stream(port, f"/api/boards/{name}/events", bearer(mia)) as stream:
        assert stream.status == 404


@pytest.mark.parametrize("since", ["-1", "x", "9223372036854775808", "1" * 500, "%00", "1.5", "%D9%A1"])
def test_a_since_that_is_no_version(port: int, board: Scene, mia: Person, since: str) -> None:
    with Stream(port, f"{events(board)}?since={since}", bearer(mia)) as stream:
        assert stream.status == 400
        error = stream.error()
    assert error["code"] == "BAD_REQUEST"
    assert error["details"][0]["field"] == "since"
    assert error["request_id"]


def test_another_method(live_port: int, board: Scene, mia: Person) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", live_port, timeout=5)
    connection.request("POST", events(board), body=b"{}", headers=bearer(mia))
    response = connection.getresponse()
    assert response.status == 405
    assert response.headers["Allow"] == "GET"


def test_another_path(live_port: int) -> None:
    with Stream(live_port, "/api/boards") as stream:
        assert stream.status == 404
        assert stream.error()["code"] == "NOT_FOUND"


def test_an_address_that_is_not_ours(live_port: int, board: Scene, mia: Person) -> None:
    with Stream(live_port, events(board), {**bearer(mia), "Host": "evil.example"}) as stream:
        assert stream.status == 400


def test_is_said_in_the_readers_language(port: int, board: Scene, mia: Person) -> None:
    korean = {**bearer(mia), "Accept-Language": "ko"}
    with Stream(port, f"{events(board)}?nonsense=1", korean) as stream:
        error = stream.error()
    assert error["message"] == error["details"][0]["message"] == "없는 매개변수입니다. 빼고 보내 주세요."


def test_is_said_in_the_language_that_the_reader_has_set(port: int, board: Scene, zoe: Person) -> None:
    zoe.user.language = "ko"
    zoe.user.save(update_fields=["language"])
    with Stream(port, events(board), {**bearer(zoe), "Accept-Language": "en"}) as stream:
        assert stream.error()["message"] == "없는 항목이거나 볼 수 있는 권한이 없습니다."
