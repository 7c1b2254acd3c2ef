"""What a stream says of a board."""

from boards.verbs import tickets
from tests.cast import Person, Scene
from tests.live.streams import Stream, bearer, cookie, events


def test_it_begins_with_where_the_board_stands(port: int, board: Scene, mia: Person) -> None:
    with Stream(port, events(board), bearer(mia)) as stream:
        first = stream.next()
    assert first.data["version"] == first.data["since"] == board.version
    assert first.data["tickets"] == first.data["entries"] == []
    assert first.id == str(board.version)


def test_its_headers_keep_it_from_being_stored_or_held_back(port: int, board: Scene, mia: Person) -> None:
    with Stream(port, events(board), bearer(mia)) as stream:
        headers = stream.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-request-id"]


def test_a_session_is_as_good_as_a_token_under_the_workspace_s_path(port: int, board: Scene, mia: Person) -> None:
    with Stream(port, f"/{board.workspace.slug}{events(board)}", cookie(mia)) as stream:
        assert stream.next().data["version"] == board.version


def test_a_session_may_name_its_workspace_in_a_header(port: int, board: Scene, mia: Person) -> None:
    for name in (str(board.workspace.id), board.workspace.slug):
        with Stream(port, events(board), {**cookie(mia), "X-Tenant-Id": name}) as stream:
            assert stream.next().data["version"] == board.version


def test_a_token_that_may_only_read_is_enough(port: int, board: Scene, vic: Person) -> None:
    with Stream(port, events(board), {"Authorization": f"Bearer {vic.read_token}"}) as stream:
        assert stream.next().data["version"] == board.version


def test_all_readers_get_the_same_in_the_same_order(port: int, board: Scene, mia: Person, vic: Person) -> None:
    with Stream(port, events(board), bearer(mia)) as one, Stream(port, events(board), bearer(vic)) as two:
        one.next()
        two.next()
        for number in range(5):
            ticket = board.ticket(f"Ticket {number}")
            with board.workspace.told() as olga:
                tickets.move(ticket, board.columns["done"], by=olga)
        last = board.version
        assert [event.data for event in one.follow(last)] == [event.data for event in two.follow(last)]


def test_health(live_port: int) -> None:
    for path in ("/livez", "/readyz"):
        with Stream(live_port, path) as answer:
            assert answer.status == 200
