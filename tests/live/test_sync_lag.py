"""How long a change takes to those who look at the board is counted."""

from pathlib import Path

from tenancy.operators import OPERATORS_ID
from tests.cast import Person, Scene, run_sql
from tests.live import servers
from tests.live.streams import Stream, bearer, events


def counted() -> tuple[int, float]:
    query = "SELECT coalesce(sum(valid), 0)::int, coalesce(sum(sum_ms), 0)::float8 FROM slo_sliminute"
    ((valid, milliseconds),) = run_sql(query + " WHERE sli = 'sync_lag'", tenant=OPERATORS_ID)
    return valid, milliseconds


def test_a_change_that_readers_wait_for_is_an_event(tmp_path: Path, board: Scene, mia: Person) -> None:
    process = servers.live(tmp_path, port=servers.free_port())
    before, spent = counted()
    try:
        with Stream(process.port, events(board), bearer(mia)) as stream:
            stream.next()
            for number in range(3):
                board.ticket(f"Ticket {number}")
                stream.follow(board.version)
    finally:
        # Its last act is to hand over what it counted.
        process.stop()
    after, spent_after = counted()
    assert after - before >= 3
    assert spent_after > spent
