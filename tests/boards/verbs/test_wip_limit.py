"""A column with a limit takes as many as it says, however many come at once; over it goes only who says why."""

import uuid
from typing import Any

import pytest

from tests.cast import Person, Scene, run_sql, threads

LIMIT = 3
REASON = "The site is down, this can't wait"


@pytest.fixture
def waiting(board: Scene) -> list[uuid.UUID]:
    """Ten tickets to do; "In progress" has one place left."""
    limit = "UPDATE boards_column SET wip_limit = %s WHERE id = %s"
    run_sql(limit, [LIMIT, board.columns["in_progress"]], tenant=board.workspace.id)
    board.ticket("second", "in_progress")
    return [board.ticket(f"n{number}") for number in range(10)]


def drop(who: Person, board: Scene, ticket: uuid.UUID, **more: Any) -> Any:
    column = str(board.columns["in_progress"])
    return who.api.put(f"/api/tickets/{ticket}/position", {"column": column, **more})


def in_progress(board: Scene) -> set[uuid.UUID]:
    query = "SELECT id FROM boards_ticket WHERE column_id = %s AND archived_at IS NULL AND trashed_at IS NULL"
    return {row[0] for row in run_sql(query, [board.columns["in_progress"]], tenant=board.workspace.id)}


def entries_of(board: Scene, ticket: uuid.UUID) -> list[tuple[Any, ...]]:
    """(action, reason, whether it came into another column) from old to new."""
    query = """SELECT action, reason, changes -> 'after' ? 'column_id' FROM audit_entry
    WHERE resource_id = %s ORDER BY id"""
    return run_sql(query, [ticket], tenant=board.workspace.id)


def assert_refused(answer: Any, board: Scene) -> None:
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, "WIP_LIMIT")
    assert error["message"].startswith("“In progress” holds 3 of 3 tickets.")
    column = str(board.columns["in_progress"])
    assert error["details"] == {"column": "In progress", "column_id": column, "count": LIMIT, "limit": LIMIT}


def test_of_ten_who_drop_at_once_into_the_last_place_one_wins(
    mia: Person, olga: Person, board: Scene, waiting: list[uuid.UUID]
) -> None:
    there = in_progress(board)
    answers = threads(10, lambda number: drop((mia, olga)[number % 2], board, waiting[number]))
    winners = [waiting[number] for number, answer in enumerate(answers) if answer.status_code == 200]
    assert len(winners) == 1
    assert in_progress(board) == there | set(winners)
    for ticket, answer in zip(waiting, answers, strict=True):
        if ticket not in winners:
            assert_refused(answer, board)
            assert [action for action, *_ in entries_of(board, ticket)] == ["CREATE"]


def test_of_ten_who_create_at_once_one_wins(mia: Person, board: Scene, waiting: list[uuid.UUID]) -> None:
    column = str(board.columns["in_progress"])
    body = {"column": column, "title": "new"}
    answers = threads(10, lambda number: mia.api.post("/api/tickets", body))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert len(in_progress(board)) == LIMIT
    # A refused one has taken no number.
    numbers = [row[0] for row in run_sql("SELECT number FROM boards_ticket", tenant=board.workspace.id)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("away", ["archive", "trash"])
def test_what_comes_back_needs_a_place_too(olga: Person, board: Scene, waiting: list[uuid.UUID], away: str) -> None:
    inside = board.ticket("third", "in_progress")
    assert olga.api.put(f"/api/tickets/{inside}/{away}").status_code == 200
    assert drop(olga, board, waiting[0]).status_code == 200
    assert_refused(olga.api.delete(f"/api/tickets/{inside}/{away}"), board)
    back = olga.api.delete(f"/api/tickets/{inside}/{away}", {"override_reason": REASON})
    assert (back.status_code, len(in_progress(board))) == (200, LIMIT + 1)
    assert entries_of(board, inside)[-1][1] == REASON


def test_with_a_reason_it_passes_and_the_reason_stays_in_the_history(
    mia: Person, board: Scene, waiting: list[uuid.UUID]
) -> None:
    assert drop(mia, board, waiting[0]).status_code == 200
    assert drop(mia, board, waiting[1], override_reason=f"  {REASON}  ").status_code == 200
    assert waiting[1] in in_progress(board)
    assert entries_of(board, waiting[1])[-1] == ("UPDATE", REASON, True)
    latest = mia.api.get(f"/api/tickets/{waiting[1]}/history").json()["items"][0]
    assert (latest["reason"], latest["actor_id"]) == (REASON, str(mia.id))
    slug, number = board.workspace.slug, mia.api.get(f"/api/tickets/{waiting[1]}").json()["number"]
    page = mia.client.get(f"/{slug}/boards/{board.key}/tickets/{number}/history/")
    assert "The site is down" in page.content.decode()


@pytest.mark.parametrize("reason", ["", "   ", "\t\n"])
def test_a_reason_of_blanks_is_none(mia: Person, board: Scene, waiting: list[uuid.UUID], reason: str) -> None:
    drop(mia, board, waiting[0])
    assert_refused(drop(mia, board, waiting[1], override_reason=reason), board)


def test_a_reason_where_there_is_room_is_not_kept(mia: Person, board: Scene, waiting: list[uuid.UUID]) -> None:
    assert drop(mia, board, waiting[0], override_reason=REASON).status_code == 200
    assert entries_of(board, waiting[0])[-1][1] == ""


def test_in_a_full_column_tickets_still_change_places(mia: Person, board: Scene, waiting: list[uuid.UUID]) -> None:
    third = board.ticket("third", "in_progress")
    first = board.tickets[2]
    assert drop(mia, board, third, before=str(first)).status_code == 200
    assert len(in_progress(board)) == LIMIT


def test_a_limit_below_what_a_column_holds_lets_nobody_in_and_throws_nobody_out(
    olga: Person, board: Scene, waiting: list[uuid.UUID]
) -> None:
    column = board.columns["in_progress"]
    assert olga.api.patch(f"/api/columns/{column}", {"wip_limit": 1}).status_code == 200
    assert len(in_progress(board)) == 2
    assert drop(olga, board, waiting[0]).status_code == 409
