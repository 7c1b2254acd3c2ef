"""Whatever changed a board, and by whichever road, reaches its streams."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import transaction

from boards.models import Ticket
from boards.verbs import columns
from tests.cast import Person, Scene, run_sql
from tests.live.crowd import change_all, fill
from tests.live.streams import Stream, bearer, events


@pytest.fixture
def stream(port: int, board: Scene, mia: Person) -> Iterator[Stream]:
    """Mia's, who knows the board as it is now."""
    with Stream(port, events(board), bearer(mia)) as opened:
        opened.next()
        yield opened


def test_the_api(stream: Stream, board: Scene, olga: Person) -> None:
    answer = olga.api.post("/api/tickets", {"board": str(board.id), "title": "결제 오류"})
    assert answer.status_code == 201
    change = stream.next()
    assert [(row[0], row[2]) for row in change.data["tickets"]] == [(answer.json()["id"], "결제 오류")]
    assert change.data["entries"][0]["actor"] == {"type": "token", "id": str(olga.id)}
    assert change.data["version"] == board.version


def test_a_verb(stream: Stream, board: Scene, olga: Person) -> None:
    ticket = board.ticket("Pay page fails")
    change = stream.next()
    assert [row[0] for row in change.data["tickets"]] == [str(ticket)]
    assert change.data["entries"][0]["actor"] == {"type": "user", "id": str(olga.id)}


def test_raw_sql_as_the_app(stream: Stream, board: Scene) -> None:
    ticket = board.ticket()
    stream.next()
    run_sql("UPDATE boards_ticket SET title = 'By hand' WHERE id = %s", [ticket], tenant=board.workspace.id)
    assert stream.next().data["tickets"][0][2] == "By hand"


def test_a_psql_session_that_knows_nothing_of_the_app(stream: Stream, board: Scene) -> None:
    ticket = board.ticket()
    stream.next()
    with psycopg.connect(settings.DATABASE_URL_DIRECT) as session:
        session.execute("SELECT set_config('app.tenant_id', %s, true)", [str(board.workspace.id)])
        session.execute("UPDATE boards_ticket SET priority = 4 WHERE id = %s", [ticket])
    assert stream.next().data["entries"][0]["actor"] == {"type": "system", "id": "tika_app"}


def test_a_bulk_update_is_one_event(stream: Stream, board: Scene) -> None:
    fill(board, 50)
    stream.follow(board.version)
    change_all(board, priority=2)
    assert len(stream.next().data["tickets"]) == 50
    assert stream.silent()


def test_a_delete_in_the_shell(stream: Stream, board: Scene) -> None:
    ticket = board.ticket()
    stream.next()
    with board.workspace.told():
        Ticket.objects.filter(pk=ticket).delete()
    assert stream.next().data["removed"] == [str(ticket)]


def test_a_column(stream: Stream, board: Scene, olga: Person) -> None:
    with board.workspace.told():
        columns.create(board.id, "Waiting", by=olga.member)
    change = stream.next()
    assert "Waiting" in [column["name"] for column in change.data["columns"]]
    assert change.data["labels"] is None


def test_what_was_rolled_back_is_not_told(stream: Stream, board: Scene) -> None:
    with board.workspace.told():
        run_nothing_else = Ticket.objects.filter(board_id=board.id)
        assert not run_nothing_else.exists()
        columns.create(board.id, "Never", by=board.workspace.owner.member)
        transaction.set_rollback(True)
    assert stream.silent()


def test_another_board_s_change_is_not_told(stream: Stream, board: Scene) -> None:
    board.workspace.board("Sales").ticket()
    assert stream.silent()
