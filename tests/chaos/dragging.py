"""Somebody who drags tickets about in one column and, as a browser does, keeps a copy of the board."""

import http.client
import json
import random
import time
from typing import Any

from tests.cast import Person, Scene
from tests.live.streams import bearer


class Dragger:
    """`order` is what this client shows of its column."""

    def __init__(self, port: int, who: Person, board: Scene, column: str, seed: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.who, self.board = who, board
        self.column = str(board.columns[column])
        self.random = random.Random(seed)
        self.ranks: dict[str, str] = {}
        self.version = 0
        self.moves = 0
        self.answers: list[int] = []
        self.load(self.get("/snapshot"))

    @property
    def order(self) -> list[str]:
        return sorted(self.ranks, key=lambda ticket: self.ranks[ticket])

    def drag_until(self, end: float) -> None:
        while time.monotonic() < end:
            self.drag()
            if self.random.random() < 0.3:
                self.catch_up()

    def drag(self) -> None:
        """Between two neighbours as this client sees them, which may long have gone."""
        ticket, anchor = self.random.sample(self.order, 2)
        place = {"column": self.column, self.random.choice(["after", "before"]): anchor}
        self.answers.append(self.call("PUT", f"/api/tickets/{ticket}/position", place)[0])
        self.moves += 1

    def catch_up(self) -> None:
        told = self.get(f"/changes?since={self.version}")
        if "snapshot" in told:
            self.load(told["snapshot"])
            return
        self.version = told["version"]
        self.take(told["tickets"])
        for ticket in told["removed"]:
            self.ranks.pop(ticket, None)

    def load(self, snapshot: dict[str, Any]) -> None:
        self.version = snapshot["version"]
        self.number = next(one["number"] for one in snapshot["columns"] if one["id"] == self.column)
        self.ranks.clear()
        self.take(snapshot["tickets"])

    def take(self, rows: list[list[Any]]) -> None:
        for ticket, _number, _title, column, rank, *_ in rows:
            self.ranks.pop(ticket, None)
            if column == self.number:
                self.ranks[ticket] = rank

    def get(self, what: str) -> dict[str, Any]:
        status, body = self.call("GET", f"/api/boards/{self.board.id}{what}")
        assert status == 200
        found: dict[str, Any] = json.loads(body)
        return found

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        headers = {**bearer(self.who), "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        response = self.connection.getresponse()
        return response.status, response.read()
