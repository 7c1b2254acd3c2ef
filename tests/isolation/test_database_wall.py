"""The database's wall alone: what is left when the program believes it is in another workspace, or in none."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from ninja.operation import Operation
from psycopg import sql

from tenancy import middleware
from tenancy.identity import parse_identity
from tenancy.ids import uuid7
from tests.architecture.catalogue import tenant_tables
from tests.cast import connect
from tests.isolation.asking import WAYS, WITH_PATH_ID, api_of, body_for, name_of, path_for, send, told
from tests.isolation.estate import Estate, state

# Withdrawing what was never given is the same for everybody.
NO_LOOK_UP = {"DELETE /boards/{uuidstr:board_id}/access/{uuidstr:member_id}"}


@pytest.fixture
def misled(monkeypatch: pytest.MonkeyPatch, theirs: Estate) -> None:
    """Every filter of the program asks for the other workspace's rows; only PostgreSQL knows better."""

    def parse(row: Any) -> Any:
        member, user_id = parse_identity(row)
        return member and replace(member, tenant_id=theirs.workspace.id), user_id

    monkeypatch.setattr(middleware, "parse_identity", parse)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", WITH_PATH_ID, ids=name_of)
def test_with_the_programs_filter_gone_nothing_is_found_or_changed(
    operation: Operation, way: str, mine: Estate, theirs: Estate, misled: None
) -> None:
    before = state(theirs.workspace)
    nobodys = {name: uuid7() for name in theirs.ids}
    answers = [
        send(api_of(mine, way), operation, path_for(operation, ids), body_for(operation, ids))
        for ids in (theirs.ids, nobodys)
    ]
    assert {answer.status_code for answer in answers} == {404}, answers[0].content
    assert told(answers[0]) == told(answers[1])
    assert state(theirs.workspace) == before


def test_lists_are_empty_when_the_programs_filter_is_gone(mine: Estate, theirs: Estate, misled: None) -> None:
    for path in ("boards", "members", "tickets", "search?q=pay", f"columns?board={theirs.scene.id}"):
        answer = mine.owner.api.get(f"/api/{path}")
        assert (answer.status_code, answer.json()["items"]) == (200, []), path


@pytest.mark.parametrize("said", [None, ""])
@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize("table", sorted(tenant_tables()))
def test_without_a_tenant_no_row_and_no_error(table: str, role: str, said: str | None, theirs: Estate) -> None:
    with connect(role) as own, own.transaction():
        if said is not None:
            own.execute("SELECT set_config('app.tenant_id', %s, true)", [said])
        name = sql.Identifier(table)
        assert own.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone() == (0,)


@pytest.mark.parametrize("told_tenant", ["", "mine"])
def test_writes_past_the_wall_are_refused_or_meet_nothing(told_tenant: str, mine: Estate, theirs: Estate) -> None:
    before = state(theirs.workspace)
    with connect() as own, own.transaction(force_rollback=True):
        tenant = str(mine.workspace.id) if told_tenant else ""
        own.execute("SELECT set_config('app.tenant_id', %s, true)", [tenant])
        board = [theirs.scene.id]
        assert own.execute("UPDATE boards_board SET name = 'x' WHERE id = %s", board).rowcount == 0
        assert own.execute("DELETE FROM boards_board WHERE id = %s", board).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), own.transaction():
            own.execute(
                "INSERT INTO boards_board (id, tenant_id, key, name, description, created_at)"
                " VALUES (gen_random_uuid(), %s, 'EVIL', 'x', '', now())",
                [theirs.workspace.id],
            )
        if told_tenant:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), own.transaction():
                own.execute("UPDATE boards_board SET tenant_id = %s", [theirs.workspace.id])
    assert state(theirs.workspace) == before
