"""The wall stands, everywhere; and the tests that say so notice when it does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.architecture import catalogue
from tests.architecture.catalogue import NOT_LOGGED, Rows, tenant_tables
from tests.cast import connect, run_sql


@pytest.mark.parametrize("look", catalogue.EVERYTHING, ids=lambda look: look.__name__)
def test_the_catalogue_is_as_it_must_be(look: Callable[[Rows], Iterator[str]]) -> None:
    assert list(look(run_sql)) == []


def test_no_reason_is_kept_for_a_table_that_is_logged() -> None:
    query = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'tika_log'::regproc"
    logged = {table for (table,) in run_sql(query)}
    assert logged.isdisjoint(NOT_LOGGED)
    assert logged | set(NOT_LOGGED) == tenant_tables()


SABOTAGE = [
    ("ALTER TABLE boards_label NO FORCE ROW LEVEL SECURITY", "boards_label does not enforce"),
    ("ALTER TABLE boards_label DISABLE ROW LEVEL SECURITY", "boards_label does not enforce"),
    ("DROP POLICY tenant_wall ON boards_label", "boards_label has 0 restrictive"),
    ("CREATE POLICY wide ON boards_label FOR SELECT USING (true)", "boards_label.wide lets in public"),
    (
        "ALTER POLICY tenant_wall ON boards_label USING (true OR tenant_id IS NULL)",
        "boards_label.tenant_wall is another",
    ),
    ("CREATE TABLE boards_note (id uuid, tenant_id uuid)", "boards_note is no TenantModel"),
    (
        "ALTER TABLE boards_label ADD FOREIGN KEY (board_id) REFERENCES boards_board (id)",
        "leads from boards_label to boards_board without the tenant",
    ),
    (
        "ALTER TABLE boards_ticketlabel ADD FOREIGN KEY (tenant_id, label_id) REFERENCES boards_label (tenant_id, id)",
        "leads from boards_ticketlabel to boards_label without the board",
    ),
    ("CREATE UNIQUE INDEX wide ON boards_label (name, id)", "wide on boards_label"),
    ("CREATE INDEX wide ON boards_label (name)", "wide on boards_label"),
    ("DROP TRIGGER tika_log_update ON boards_label", "boards_label does not log update"),
    ("ALTER TABLE boards_label DISABLE TRIGGER tika_log_delete", "boards_label does not log delete"),
    ("GRANT TRUNCATE ON boards_label TO tika_app", "tika_app may TRUNCATE boards_label"),
    ("GRANT SELECT ON boards_label TO PUBLIC", "everybody may SELECT boards_label"),
    ("GRANT SELECT ON audit_entry_default TO tika_app", "past its parent's policies"),
    ("GRANT CREATE ON SCHEMA public TO tika_app", "tika_app may create in public"),
    (
        "CREATE FUNCTION peep() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "peep() is SECURITY DEFINER and not in",
    ),
    ("ALTER FUNCTION tenancy_id_of(text) RESET search_path", "tenancy_id_of() does not pin"),
    ("GRANT EXECUTE ON FUNCTION tenancy_id_of(text) TO PUBLIC", "everybody may execute tenancy_id_of()"),
    ("ALTER FUNCTION tenancy_id_of(text) OWNER TO postgres", "tenancy_id_of() runs as postgres"),
    ("CREATE VIEW peep AS SELECT 1 AS one", "peep is a view"),
    ("ALTER ROLE tika_app BYPASSRLS", "tika_app may more"),
    ("GRANT tika_definer TO tika_app", "tika_app is a member of tika_definer"),
    ("ALTER TABLE boards_label OWNER TO tika_app", "tika_app owns relation boards_label"),
]


@pytest.mark.parametrize(("breach", "noticed"), SABOTAGE, ids=lambda text: text[:60])
def test_a_breach_is_noticed(breach: str, noticed: str) -> None:
    """Made and looked at in a transaction that is rolled back."""
    with connect("superuser") as own, own.transaction(force_rollback=True):

        def rows(query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
            return own.execute(query.encode(), parameters).fetchall()

        own.execute("SET LOCAL lock_timeout = '20s'")
        own.execute(breach.encode())
        problems = [problem for look in catalogue.EVERYTHING for problem in look(rows)]
    assert [problem for problem in problems if noticed in problem], problems
