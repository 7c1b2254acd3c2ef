"""`Idempotency-Key`: a write that is sent twice, at once or later, has one effect and one answer."""

from typing import Any

import pytest

from tests.cast import Person, Scene, run_sql, threads


def create(who: Person, board: Scene, key: str, title: str = "once") -> Any:
    body = {"column": str(board.columns["todo"]), "title": title}
    return who.api.post("/api/tickets", body, **{"Idempotency-Key": key})


def titles(board: Scene) -> list[str]:
    query = "SELECT title FROM boards_ticket WHERE board_id = %s ORDER BY number"
    return [row[0] for row in run_sql(query, [board.id], tenant=board.workspace.id)][4:]


def test_twins_sent_at_once_make_one_ticket_and_get_one_answer(mia: Person, board: Scene) -> None:
    answers = threads(6, lambda _: create(mia, board, "twin"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    assert sorted("Idempotent-Replayed" in answer for answer in answers) == [False, *[True] * 5]
    assert titles(board) == ["once"]


def test_the_same_key_with_another_body_is_refused(mia: Person, board: Scene) -> None:
    create(mia, board, "k")
    refused = create(mia, board, "k", "another")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "CONFLICT")
    assert titles(board) == ["once"]


def test_the_same_key_on_another_address_is_refused(mia: Person, board: Scene) -> None:
    create(mia, board, "k")
    path = f"/api/tickets/{board.tickets[0]}/comments"
    assert mia.api.post(path, {"body": "x"}, **{"Idempotency-Key": "k"}).status_code == 409


def test_a_key_is_its_senders(mia: Person, olga: Person, zoe: Person, board: Scene, other_board: Scene) -> None:
    assert create(mia, board, "k").status_code == 201
    assert create(olga, board, "k", "Olga's").status_code == 201
    assert create(zoe, other_board, "k", "Zoe's").status_code == 201
    assert titles(board) == ["once", "Olga's"]


def test_a_refused_write_leaves_its_key_free(mia: Person, board: Scene) -> None:
    assert create(mia, board, "k", " ").status_code == 422
    assert create(mia, board, "k").status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "a\x00b"])
def test_a_key_that_cannot_be_kept_is_refused_by_name(mia: Person, board: Scene, key: str) -> None:
    refused = create(mia, board, key)
    assert refused.status_code == 422
    assert refused.json()["error"]["details"][0]["field"] == "Idempotency-Key"
    assert titles(board) == []


def test_a_move_sent_twice_is_answered_twice_and_done_once(mia: Person, board: Scene) -> None:
    path, place = f"/api/tickets/{board.tickets[0]}/position", {"column": str(board.columns["done"])}
    first = mia.api.put(path, place, **{"Idempotency-Key": "m"})
    after = board.version
    again = mia.api.put(path, place, **{"Idempotency-Key": "m"})
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert board.version == after
