"""Where a ticket goes: by its neighbours' ids, whatever has become of them in the meantime."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.models import Ticket
from boards.queries.history import history_of
from boards.rank import LONG
from boards.verbs import placing, tickets
from tenancy.errors import Invalid
from tests.cast import Person, Scene, Workspace, make_workspace, run_sql

COLUMNS = ("backlog", "todo", "done")
TICKETS = 6
# (ticket, column, after, before): anchors may be none, elsewhere, put away, or the ticket itself.
MOVES = st.lists(
    st.tuples(
        st.integers(0, TICKETS - 1),
        st.sampled_from(COLUMNS),
        st.none() | st.integers(0, TICKETS - 1),
        st.none() | st.integers(0, TICKETS - 1),
    ),
    min_size=1,
    max_size=25,
)


def order(scene: Scene) -> dict[str, list[uuid.UUID]]:
    query = "SELECT column_id, array_agg(id ORDER BY rank) FROM boards_ticket WHERE board_id = %s GROUP BY column_id"
    found = dict(run_sql(query, [scene.id], tenant=scene.workspace.id))
    return {name: found.get(column, []) for name, column in scene.columns.items()}


def ranks(scene: Scene) -> list[str]:
    query = "SELECT rank FROM boards_ticket WHERE board_id = %s"
    return [rank for (rank,) in run_sql(query, [scene.id], tenant=scene.workspace.id)]


def move(scene: Scene, ticket: uuid.UUID, column: str, **anchors: Any) -> None:
    with scene.workspace.told() as owner:
        tickets.move(ticket, scene.columns[column], **anchors, by=owner)


@dataclass
class Model:
    """What people expect of it: lists."""

    columns: dict[str, list[uuid.UUID]] = field(default_factory=dict)

    def move(self, ticket: uuid.UUID, column: str, after: uuid.UUID | None, before: uuid.UUID | None) -> None:
        for one in self.columns.values():
            if ticket in one:
                one.remove(ticket)
        place = self.columns[column]
        if after in place:
            place.insert(place.index(after) + 1, ticket)
        elif before in place:
            place.insert(place.index(before), ticket)
        else:
            place.append(ticket)


@pytest.fixture(scope="module")
def team() -> Workspace:
    return make_workspace("Acme", olga="OWNER")


@pytest.fixture(params=[LONG, 2], ids=["keys as they grow", "numbered anew all the time"])
def longest(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_any_moves_end_in_the_order_of_lists(team: Workspace, longest: int) -> None:
    @given(MOVES)
    @settings(max_examples=15)
    def check(moves: list[tuple[int, str, int | None, int | None]]) -> None:
        scene = team.board()
        ids = [scene.ticket(f"n{number}", "todo") for number in range(TICKETS)]
        model = Model({name: list(ids) if name == "todo" else [] for name in scene.columns})
        for ticket, column, after, before in moves:
            anchors = {
                "after": None if after is None else ids[after],
                "before": None if before is None else ids[before],
            }
            move(scene, ids[ticket], column, **anchors)
            model.move(ids[ticket], column, **anchors)
            assert order(scene) == model.columns

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing, "LONG", longest)
        check()


def test_an_anchor_that_has_left_gives_way_to_the_one_that_stayed(board: Scene) -> None:
    first, second, elsewhere, _done = board.tickets
    third = board.ticket("third")
    new = board.ticket("new", "backlog")
    move(board, new, "todo", after=elsewhere, before=second)
    assert order(board)["todo"] == [first, new, second, third]
    move(board, new, "todo", after=second, before=elsewhere)
    assert order(board)["todo"] == [first, second, new, third]


def test_with_no_anchor_left_the_place_is_the_columns_end(board: Scene) -> None:
    first, second, elsewhere, _done = board.tickets
    new = board.ticket("new", "backlog")
    move(board, new, "todo", after=elsewhere, before=uuid.UUID(int=7))
    assert order(board)["todo"] == [first, second, new]


def test_a_place_next_to_itself_is_the_columns_end_and_not_an_error(board: Scene) -> None:
    first, second, *_ = board.tickets
    move(board, first, "todo", after=first)
    assert order(board)["todo"] == [second, first]


def test_archived_tickets_keep_their_place(board: Scene) -> None:
    first, second, *_ = board.tickets
    third = board.ticket("third")
    with board.workspace.told() as owner:
        tickets.put_away(second, "archived_at", by=owner)
    move(board, third, "todo", after=first)
    move(board, third, "todo", after=second)
    with board.workspace.told() as owner:
        tickets.bring_back(second, "archived_at", by=owner)
    assert order(board)["todo"] == [first, second, third]


def test_a_new_ticket_goes_where_it_is_said(board: Scene) -> None:
    first, second, *_ = board.tickets
    after, before = board.ticket("after", after=first), board.ticket("before", before=first)
    assert order(board)["todo"] == [before, first, after, second]


def test_a_drop_where_it_lies_writes_nothing(board: Scene) -> None:
    first, second, *_ = board.tickets
    leaver = board.ticket("leaver", after=first)
    lies_high = board.ticket("lies high", after=leaver)
    move(board, leaver, "done")
    before = board.version
    move(board, lies_high, "todo", after=first)
    move(board, lies_high, "todo", before=second)
    move(board, second, "todo")
    assert board.version == before


@pytest.mark.parametrize("archived", [False, True])
def test_a_column_of_another_board_or_an_archived_one_takes_nothing(board: Scene, archived: bool) -> None:
    other = board.workspace.board("Other")
    column = board.columns["done"] if archived else other.columns["todo"]
    run_sql(
        "UPDATE boards_column SET archived_at = now() WHERE id = %s", [board.columns["done"]], tenant=board.workspace.id
    )
    before = order(board)
    with pytest.raises(Invalid) as refused, board.workspace.told() as owner:
        tickets.move(board.tickets[0], column, by=owner)
    assert refused.value.details[0]["field"] == "column"
    assert order(board) == before


def test_many_at_one_place_keep_their_order_and_short_keys(board: Scene) -> None:
    first, second, *_ = board.tickets
    new = [board.ticket(f"n{number}", after=first) for number in range(6 * LONG)]
    assert order(board)["todo"] == [first, *reversed(new), second]
    assert max(len(rank) for rank in ranks(board)) <= LONG


def test_numbering_anew_is_nobodys_move(board: Scene, mia: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = board.tickets
    monkeypatch.setattr(placing, "LONG", 2)
    before = board.version
    board.ticket("between", after=first)
    query = "SELECT actor_type, actor_id FROM audit_entry WHERE resource_id = %s AND action = 'UPDATE'"
    assert run_sql(query, [second], tenant=board.workspace.id) == [("system", "order")]
    with board.workspace.told():
        events, _ = history_of(Ticket.objects.get(pk=second))
    assert [sentence for event in events for sentence in event.sentences] == ["created the ticket in “To do”"]
    missed = mia.api.get(f"/api/boards/{board.id}/changes?since={before}").json()
    assert {row[0] for row in missed["tickets"]} >= {str(second)}
    assert [entry["ticket"] for entry in missed["entries"]] == [str(board.tickets[-1])]
