"""Who gets no stream, and what is said then."""

import http.client
import uuid

import pytest

from boards.verbs import boards
from tests.live.cast import Workspace
from tests.live.streams import Stream, events


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer tika_pat_wrong"}, {"Cookie": "sessionid=x"}])
def test_nobody_is_asked_to_sign_in(port: int, acme: Workspace, headers: dict[str, str]) -> None:
    with Stream(port, events(acme.board()), headers) as stream:
        assert stream.status == 401
        assert stream.error()["code"] == "UNAUTHENTICATED"
        assert stream.headers["www-authenticate"].startswith("Bearer")


def test_a_stranger_finds_nothing(port: int, acme: Workspace, other: Workspace) -> None:
    board = acme.board()
    by_session = {**other.zoe.cookie, "X-Tenant-Id": str(acme.tenant.id)}
    roads = [(events(board), other.zoe.bearer), (events(board), by_session)]
    roads.append((f"/{acme.tenant.slug}{events(board)}", other.zoe.cookie))
    roads.append((f"/{other.tenant.slug}{events(board)}", other.zoe.cookie))
    for path, headers in roads:
        with Stream(port, path, headers) as stream:
            assert (stream.status, stream.error()["code"]) == (404, "NOT_FOUND"), path


def test_a_private_board_is_for_those_on_its_list(port: int, acme: Workspace) -> None:
    board = acme.board(is_private=True)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        assert stream.status == 404
    acme.change(lambda: boards.give_access(board.id, acme.mia.member.id, by=acme.olga.member))
    with Stream(port, events(board), acme.mia.bearer) as stream:
        assert stream.status == 200


@pytest.mark.parametrize("name", ["no-uuid", str(uuid.uuid4())])
def test_an_unknown_board(port: int, acme: Workspace, name: str) -> None:
    with Stream(port, f"/api/boards/{name}/events", acme.mia.bearer) as stream:
        assert stream.status == 404


@pytest.mark.parametrize("since", ["-1", "x", "9223372036854775808", "1" * 500, "%00", "1.5"])
def test_a_since_that_is_no_version(port: int, acme: Workspace, since: str) -> None:
    board = acme.board()
    with Stream(
        port,
        f"/api/boards/{board.id}/events?since={since.encode().hex() if not since.isascii() else since}",
        acme.mia.bearer,
    ) as stream:
        assert stream.status == 400
        error = stream.error()
    assert error["code"] == "BAD_REQUEST"
    assert error["details"][0]["field"] == "since"
    assert error["request_id"]


def test_in_the_reader_s_language(port: int, acme: Workspace) -> None:
    with Stream(port, events(acme.board()), {"Accept-Language": "ko"}) as stream:
        assert stream.error()["message"]


def test_another_method(live_port: int, acme: Workspace) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", live_port, timeout=5)
    connection.request("POST", events(acme.board()), body=b"{}", headers=acme.mia.bearer)
    response = connection.getresponse()
    assert response.status == 405
    assert response.headers["Allow"] == "GET"


def test_another_path(live_port: int) -> None:
    with Stream(live_port, "/api/boards") as stream:
        assert stream.status == 404
        assert stream.error()["code"] == "NOT_FOUND"
