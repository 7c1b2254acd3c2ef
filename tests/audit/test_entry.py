"""What the log says of a change, by whatever road it came, and that nobody can take it back."""

import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.test import Client, override_settings

from boards.models import Ticket
from tests.cast import Person, Scene, connect, run_sql
from tika.pollers import MONTHS_AHEAD, make_log_partitions

ORIGIN = "SELECT actor_type, actor_id, host(ip), user_agent, request_id FROM audit_entry"


def last(board: Scene, query: str = ORIGIN) -> tuple[Any, ...]:
    where = f"{query} WHERE board_id = %s ORDER BY board_version DESC, id DESC LIMIT 1"
    return run_sql(where, [board.id], tenant=board.workspace.id)[0]


def rename(who: Person, board: Scene, title: str = "New", **headers: str) -> Any:
    return who.api.patch(f"/api/tickets/{board.tickets[0]}", {"title": title}, **headers)


def test_an_entry_says_who_from_where_with_what_and_in_which_request(mia: Person, board: Scene) -> None:
    rename(mia, board, **{"User-Agent": "curl/8", "X-Request-Id": "req-12345678"})
    assert last(board) == ("token", str(mia.id), "127.0.0.1", "curl/8", "req-12345678")
    mia.session_api.patch(f"/api/tickets/{board.tickets[0]}", {"title": "By hand"})
    assert last(board)[:2] == ("user", str(mia.id))


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "not an address", None),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(
    mia: Person, board: Scene, proxies: int, header: str, address: str | None
) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        rename(mia, board, **({"X-Forwarded-For": header} if header else {}))
    assert last(board)[2] == address


def test_an_ill_formed_request_id_or_user_agent_does_no_harm(mia: Person, board: Scene) -> None:
    rename(mia, board, **{"User-Agent": "x" * 5000, "X-Request-Id": "a'b; --"})
    _, _, _, agent, request_id = last(board)
    assert agent == "x" * 512
    assert uuid.UUID(request_id)


def test_only_what_changed_stands_there_before_and_after(mia: Person, board: Scene) -> None:
    rename(mia, board)
    (changes,) = last(board, "SELECT changes FROM audit_entry")
    assert changes["before"].pop("version") + 1 == changes["after"].pop("version")
    assert changes == {"before": {"title": "Pay page fails"}, "after": {"title": "New"}}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE boards_ticket SET title = title WHERE board_id = %s",
        "UPDATE boards_ticket SET updated_at = now() WHERE board_id = %s",
        "UPDATE boards_column SET name = name WHERE board_id = %s",
        "DELETE FROM boards_ticket WHERE board_id = %s AND false",
    ],
)
def test_an_update_that_changes_nothing_writes_nothing(board: Scene, statement: str) -> None:
    before, newest = board.version, last(board, "SELECT id FROM audit_entry")
    run_sql(statement, [board.id], tenant=board.workspace.id)
    assert board.version == before
    assert last(board, "SELECT id FROM audit_entry") == newest


def test_an_edit_to_what_it_is_writes_nothing(mia: Person, board: Scene) -> None:
    ticket = mia.api.get(f"/api/tickets/{board.tickets[2]}").json()
    before = board.version
    names = ("title", "description", "priority", "due_on", "estimate", "labels", "assignees")
    same = mia.api.patch(f"/api/tickets/{ticket['id']}", {name: ticket[name] for name in names})
    assert (same.status_code, same.json()["version"], board.version) == (200, ticket["version"], before)


def entries_since(board: Scene, version: int) -> list[tuple[Any, ...]]:
    query = "SELECT actor_type, actor_id, action, resource FROM audit_entry WHERE board_id = %s AND board_version > %s"
    return run_sql(query, [board.id, version], tenant=board.workspace.id)


def test_a_bulk_update_is_logged_row_by_row_with_its_actor(board: Scene, olga: Person) -> None:
    before = board.version
    with board.workspace.told():
        Ticket.objects.filter(tenant_id=board.workspace.id, board_id=board.id).update(priority=4)
    assert entries_since(board, before) == [("user", str(olga.id), "UPDATE", "ticket")] * 4
    assert board.version == before + 1


@pytest.mark.parametrize("role", ["app", "worker", "superuser"])
def test_raw_sql_of_any_role_is_logged(board: Scene, role: str) -> None:
    before = board.version
    statement = "UPDATE boards_ticket SET title = 'By SQL' WHERE id = %s RETURNING session_user"
    ((name,),) = run_sql(statement, [board.tickets[0]], tenant=board.workspace.id, role=role)
    assert entries_since(board, before) == [("system", name, "UPDATE", "ticket")]


@pytest.mark.parametrize("role", ["app", "worker", "migrator", "superuser"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_id = 'nobody' WHERE board_id = %(board)s",
        "DELETE FROM audit_entry WHERE board_id = %(board)s",
        "TRUNCATE audit_entry",
        "TRUNCATE audit_entry_default",
    ],
)
def test_the_log_is_append_only_for_everybody(board: Scene, role: str, statement: str) -> None:
    before = entries_since(board, 0)
    with connect(role) as own, own.transaction(force_rollback=True):
        own.execute("SELECT set_config('app.tenant_id', %s, true)", [str(board.workspace.id)])
        if role == "migrator" and not statement.startswith("TRUNCATE"):
            # The owner is walled off as well: it sees no row to change.
            assert own.execute(statement.encode(), {"board": board.id}).rowcount == 0
            return
        assert isinstance(refusal_of(own, statement, board), psycopg.errors.InsufficientPrivilege)
    assert entries_since(board, 0) == before


def refusal_of(own: "psycopg.Connection[Any]", statement: str, board: Scene) -> Exception | None:
    """TRUNCATE locks the whole log, which other tests write meanwhile: it gives way before a deadlock has a victim."""
    for _ in range(100):
        try:
            with own.transaction():
                own.execute("SET LOCAL lock_timeout = '100ms'")
                own.execute(statement.encode(), {"board": board.id})
                return None
        except psycopg.errors.LockNotAvailable:
            continue
        except psycopg.Error as error:
            return error
    raise AssertionError("others never let go of the log")


@pytest.mark.parametrize("role", ["app", "worker"])
def test_no_entry_can_be_made_up(board: Scene, role: str) -> None:
    statement = b"""INSERT INTO audit_entry
    (tenant_id, at, actor_type, actor_id, action, resource, resource_id, changes)
    VALUES (%s, now(), 'user', 'mia', 'DELETE', 'ticket', gen_random_uuid(), '{}')"""
    with connect(role) as own, own.transaction(force_rollback=True):
        own.execute("SELECT set_config('app.tenant_id', %s, true)", [str(board.workspace.id)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.execute(statement, [board.workspace.id])


def test_the_worker_makes_the_next_months_partitions_ahead() -> None:
    """In a transaction that is undone, after the last of them was taken away."""
    ahead = partition_of(MONTHS_AHEAD)
    with connect("superuser") as own, own.transaction(force_rollback=True):
        own.execute(f"DROP TABLE {ahead}".encode())
        own.execute("SET LOCAL ROLE tika_worker")
        assert own.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD]).fetchone() == (1,)
        assert own.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD]).fetchone() == (0,)
        assert own.execute("SELECT to_regclass(%s) IS NOT NULL", [ahead]).fetchone() == (True,)


def test_the_round_finds_them_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with connect("worker") as own:
        cursors = type("Connection", (), {"cursor": own.cursor})
        monkeypatch.setattr("tika.pollers.connection", cursors)
        make_log_partitions()
    there = {row[0] for row in run_sql("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")}
    assert {partition_of(months) for months in range(MONTHS_AHEAD + 1)} <= there


def partition_of(months: int) -> str:
    now = datetime.now(UTC)
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    return f"audit_entry_{year}{month + 1:02}"


def test_a_strangers_request_leaves_no_entry(board: Scene) -> None:
    before = entries_since(board, 0)
    assert Client().patch(f"/api/tickets/{board.tickets[0]}", "{}", "application/json").status_code == 401
    assert entries_since(board, 0) == before
