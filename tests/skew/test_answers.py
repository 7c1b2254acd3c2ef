"""What a client of another version is told."""

import http.client
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Person, Scene
from tests.live import servers
from tests.live.streams import Stream, bearer, events
from tika import skew


@pytest.mark.parametrize("path", ["/livez", "/api/boards", "/api/nothing", "/accounts/login/", "/nowhere/"])
def test_every_answer_says_the_version(client: Client, path: str) -> None:
    assert client.get(path).headers["X-Tika-Version"] == settings.VERSION


def test_live_says_it_too(tmp_path: Path, olga: Person, board: Scene) -> None:
    live = servers.live(tmp_path, port=servers.free_port())
    try:
        with Stream(live.port, events(board), bearer(olga)) as stream:
            assert stream.headers["x-tika-version"] == settings.VERSION
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=5)
        connection.request("GET", "/livez")
        assert connection.getresponse().headers["X-Tika-Version"] == settings.VERSION
    finally:
        live.stop()


def test_a_page_that_is_too_old_may_read_but_not_write(
    olga: Person, board: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skew, "OLDEST_CLIENT", "0.3.0")
    api = olga.api
    old = {"X-Tika-Client": "0.2.9"}
    body = {"title": "Late", "column": str(board.columns["todo"])}
    refused = api.post("/api/tickets", body, **old)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "CLIENT_OUTDATED"
    assert "Load it again" in refused.json()["error"]["message"]
    assert refused.headers["X-Tika-Min-Client"] == "0.3.0"
    assert api.get("/api/boards", **old).status_code == 200
    for known in ({"X-Tika-Client": "0.3.0"}, {"X-Tika-Client": "0.10.0"}, {"X-Tika-Client": "odd"}, {}):
        assert api.post("/api/tickets", body, **known).status_code == 201


def test_a_route_that_was_removed_says_what_took_its_place(olga: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = skew.Gone(r"/api/cards(/[\w-]+)?", removed_in="0.9.0", instead="/api/tickets")
    monkeypatch.setattr(skew, "REMOVED", (gone,))
    for answer in (olga.api.get("/api/cards"), olga.api.post("/api/cards/7", {})):
        assert answer.status_code == 410
        error = answer.json()["error"]
        assert error["code"] == "REMOVED"
        assert error["details"] == {"removed_in": "0.9.0", "instead": "/api/tickets"}
        assert "/api/tickets" in error["message"]
    assert olga.api.get("/api/card").status_code == 404


@pytest.mark.parametrize(("version", "older"), [("0.1.9", True), ("0.2.0", False), ("1.0.0", False), ("x", False)])
def test_versions_are_compared_by_their_numbers(version: str, older: bool) -> None:
    assert skew.is_older(version, "0.2.0") is older
