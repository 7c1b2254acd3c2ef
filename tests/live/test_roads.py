"""Whatever changed a board, and by whichever road, reaches its streams."""

import psycopg
from django.conf import settings
from django.db import connection, transaction

from boards.models import Ticket
from boards.verbs import tickets
from tests.live.cast import Workspace
from tests.live.streams import Stream, events


def test_a_verb(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        ticket = acme.ticket(board, "Pay page fails")
        change = stream.next()
    assert [row[0] for row in change.data["tickets"]] == [str(ticket)]
    assert change.data["entries"][0]["actor"] == {"type": "user", "id": str(acme.olga.member.id)}
    assert change.data["version"] == acme.version(board)


def test_raw_sql_as_the_app(port: int, acme: Workspace) -> None:
    board = acme.board()
    ticket = acme.ticket(board)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        with acme.transaction(), connection.cursor() as cursor:
            cursor.execute("UPDATE boards_ticket SET title = 'By hand' WHERE id = %s", [ticket])
        change = stream.next()
    assert change.data["tickets"][0][2] == "By hand"


def test_a_psql_session_that_knows_nothing_of_the_app(port: int, acme: Workspace) -> None:
    board = acme.board()
    ticket = acme.ticket(board)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        with psycopg.connect(settings.DATABASE_URL_DIRECT) as session:
            session.execute("SELECT set_config('app.tenant_id', %s, true)", [str(acme.tenant.id)])
            session.execute("UPDATE boards_ticket SET priority = 4 WHERE id = %s", [ticket])
        change = stream.next()
    assert change.data["entries"][0]["actor"] == {"type": "system", "id": "tika_app"}


def test_a_bulk_update_is_one_event(port: int, acme: Workspace) -> None:
    board = acme.board()
    acme.fill(board, 50)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.change(lambda: Ticket.objects.filter(board=board).update(priority=2))
        change = stream.next()
        assert stream.silent()
    assert len(change.data["tickets"]) == 50


def test_the_shell_s_delete(port: int, acme: Workspace) -> None:
    board = acme.board()
    ticket = acme.ticket(board)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.change(lambda: Ticket.objects.filter(pk=ticket).delete())
        assert stream.next().data["removed"] == [str(ticket)]


def test_a_rolled_back_change_is_none(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        with acme.transaction() as olga:
            tickets.create(tickets.Draft(title="Never", board=board.id), by=olga)
            transaction.set_rollback(True)
        assert stream.silent()


def test_another_board_s_change_is_not_told(port: int, acme: Workspace) -> None:
    board, sales = acme.board(), acme.board("Sales")
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.ticket(sales)
        assert stream.silent()
