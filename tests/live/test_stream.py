"""What a stream says of a board."""

from boards.verbs import columns, tickets
from tests.live.cast import Workspace
from tests.live.streams import Stream, events


def test_it_begins_with_where_the_board_stands(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        first = stream.next()
    assert first.data["version"] == first.data["since"] == acme.version(board)
    assert first.data["tickets"] == first.data["entries"] == []
    assert first.id == str(acme.version(board))


def test_its_headers_keep_it_from_being_stored_or_held_back(port: int, acme: Workspace) -> None:
    with Stream(port, events(acme.board()), acme.mia.bearer) as stream:
        headers = stream.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-request-id"]


def test_a_session_is_as_good_as_a_token_under_the_workspace_s_path(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, f"/{acme.tenant.slug}{events(board)}", acme.mia.cookie) as stream:
        assert stream.next().data["version"] == acme.version(board)


def test_a_session_may_name_its_workspace_in_a_header(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), {**acme.mia.cookie, "X-Tenant-Id": str(acme.tenant.id)}) as stream:
        assert stream.next().data["version"] == acme.version(board)


def test_health(live_port: int) -> None:
    for path in ("/livez", "/readyz"):
        with Stream(live_port, path, {}) as stream:
            assert stream.status == 200


def test_columns_and_labels_travel_whole(port: int, acme: Workspace) -> None:
    board = acme.board()
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        acme.change(lambda: columns.create(board.id, "Waiting", by=acme.olga.member))
        change = stream.next()
    assert "Waiting" in [column["name"] for column in change.data["columns"]]
    assert change.data["labels"] is None


def test_all_readers_of_a_board_get_the_same_bytes_in_the_same_order(port: int, acme: Workspace) -> None:
    board = acme.board()
    one, two = (Stream(port, events(board), person.bearer) for person in (acme.mia, acme.vic))
    one.next(), two.next()
    column = acme.columns(board)[1]
    for number in range(5):
        ticket = acme.ticket(board, f"Ticket {number}")
        acme.change(lambda ticket=ticket: tickets.move(ticket, column, by=acme.olga.member))  # type: ignore[misc]
    last = acme.version(board)
    assert [event.data for event in one.follow(last)] == [event.data for event in two.follow(last)]
    one.close()
    two.close()
