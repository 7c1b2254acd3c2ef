"""What is said of a statement: how long it took, and nothing of what was asked about."""

import secrets

import pytest
from django.db import connection

from observability.console import statements
from observability.console.models import Statement
from observability.console.queries.statements import slowest
from observability.console.rounds import forget
from observability.console.spans import DAY
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, run_sql


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    statements.take()


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT  1\n FROM t WHERE a = 'it''s'", "SELECT ? FROM t WHERE a = ?"),
        ("SELECT * FROM t WHERE id IN (%s, %s, %s)", "SELECT * FROM t WHERE id IN (%s...)"),
        ("INSERT INTO t VALUES (%s, %s)", "INSERT INTO t VALUES (%s...)"),
        ("SELECT t1.x2, $3 FROM t1 LIMIT 21", "SELECT t1.x2, $3 FROM t1 LIMIT ?"),
        ("SELECT 1.5, 'a', 'b'", "SELECT ?..."),
    ],
)
def test_a_statement_loses_its_values(sql: str, text: str) -> None:
    assert statements.normalised(sql) == text


def test_statements_that_differ_in_their_values_are_one() -> None:
    for number, seconds in ((1, 0.010), (2, 0.030)):
        statements.count(f"SELECT x FROM t LIMIT {number}", seconds)
    assert statements.take() == {"SELECT x FROM t LIMIT ?": [2, pytest.approx(40), pytest.approx(30)]}
    assert statements.take() == {}


def test_what_the_database_is_asked_is_timed_and_told_without_parameters() -> None:
    secret, mark = secrets.token_hex(8), f"c_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute(f"SELECT %s AS {mark}", [secret])
    statements.flush()
    statements.flush()
    (found,) = run_sql(
        "SELECT text, calls, total_ms, longest_ms FROM console_statement WHERE text LIKE %s",
        [f"%{mark}%"],
        tenant=OPERATORS_ID,
    )
    assert found[0] == f"SELECT %s AS {mark}"
    assert found[1] == 3
    assert 0 < found[3] <= found[2]
    assert run_sql(
        "SELECT count(*) FROM console_statement WHERE text LIKE %s", [f"%{secret}%"], tenant=OPERATORS_ID
    ) == [(0,)]


def test_only_so_many_are_told_and_the_rest_is_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_TOLD", 2)
    monkeypatch.setattr(statements, "REST", f"(rest {secrets.token_hex(6)})")
    for letter, seconds in zip("abcd", (0.4, 0.3, 0.2, 0.1), strict=True):
        statements.count(f"SELECT {letter}", seconds)
    statements.flush()
    query = "SELECT calls, total_ms FROM console_statement WHERE text = %s"
    assert run_sql(query, [statements.REST], tenant=OPERATORS_ID) == [(2, pytest.approx(300))]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_KEPT", 3)
    for number in range(50):
        statements.count(f"SELECT a{number}", 0.001)
    assert statements.take() == {
        "SELECT a0": [1, pytest.approx(1), pytest.approx(1)],
        "SELECT a1": [1, pytest.approx(1), pytest.approx(1)],
        "SELECT a2": [1, pytest.approx(1), pytest.approx(1)],
        statements.REST: [47, pytest.approx(47), pytest.approx(1)],
    }


def test_the_page_orders_them_and_another_workspace_has_none_of_it(viewer: Person, mia: Person) -> None:
    mark = f"t_{secrets.token_hex(6)}"
    statements.count(f"SELECT {mark}", 3600.0)
    statements.flush()
    page = viewer.client.get("/ops/statements/?order=longest").content.decode()
    assert mark in page
    assert run_sql("SELECT count(*) FROM console_statement", tenant=mia.member.tenant_id) == [(0,)]


def test_shares_add_up_and_old_hours_are_forgotten() -> None:
    statements.count("SELECT something", 1.0)
    statements.flush()
    with tenant_context(OPERATORS_ID):
        assert sum(row["share"] for row in slowest(DAY, limit=10_000)) == pytest.approx(1)
        run = Statement.objects.filter(tenant_id=OPERATORS_ID)
        run.filter(text="SELECT something").update(hour="2020-01-01T00:00Z")
    forget()
    with tenant_context(OPERATORS_ID):
        assert not run.filter(hour__year=2020).exists()
