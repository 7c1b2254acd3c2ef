"""A restore is tried, measured and compared; what is wrong with it is found."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from backups.checks import Restored, look
from backups.config import Config
from backups.crypt import key_of
from backups.making.logical import make_logical
from backups.making.making import Making
from backups.models import Archive, RestoreDrill, State
from backups.process import Process
from backups.proven import last_proven, measured_rpo
from backups.restore.logical import restore_dump
from backups.server import scratch, start_empty
from backups.store import store_of
from backups.verbs.backups import newest_migrations, take
from backups.verbs.drills import drill
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Scene, Workspace

BY = Actor("system", "test")


def silent(sentence: str) -> None:
    pass


@pytest.fixture(scope="module")
def process(config: Config) -> Iterator[None]:
    """The `backup` process, as a thread."""
    ended = threading.Event()
    thread = threading.Thread(target=Process(config, ended).live)
    thread.start()
    yield
    ended.set()
    thread.join(30)


def test_a_backup_is_taken_restored_and_proven(config: Config, process: None, board: Scene, zoe: Workspace) -> None:
    rows = take(config, ["base", "logical", "files"], by=BY, say=silent, urgent=True)
    assert [(row.kind, row.state, row.error) for row in rows] == [
        (kind, State.DONE, "") for kind in ("base", "logical", "files")
    ]
    found = drill(config, by=BY, say=silent)
    assert (found.state, found.error, [check for check in found.checks if not check["passed"]]) == ("passed", "", [])
    assert found.rto_seconds
    assert found.rto_seconds > 0
    proven = last_proven()
    assert proven
    assert proven.backup_id == rows[0].pk
    assert proven.is_fresh
    with tenant_context(OPERATORS_ID):
        archive = Archive.objects.get(tenant_id=OPERATORS_ID)
    assert (archive.error, archive.is_supported) == ("", True)
    rpo = measured_rpo()
    assert rpo is not None
    assert rpo.total_seconds() < 300


def test_a_damaged_backup_fails_its_drill(config: Config, process: None) -> None:
    (row,) = take(config, ["base"], by=BY, say=silent, urgent=True)
    path = config.folder / row.name / "base.tar.gz.age"
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    found = drill(config, by=BY, say=silent)
    assert (found.state, "is damaged" in found.error) == (RestoreDrill.State.FAILED, True)
    path.unlink()
    (config.folder / row.name / "manifest.json").unlink()


def test_a_backup_that_cannot_be_made_says_why_and_stops_nothing(config: Config) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backups.packing.zlib.compressobj", lambda *given: Full())
        (row,) = take(config, ["logical"], by=BY, say=silent, urgent=True)
    assert (row.state, row.error) == (State.FAILED, "[Errno 28] No space left on device")


class Full:
    def compress(self, found: bytes) -> bytes:
        raise OSError(28, "No space left on device")


# --- what the checks find ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def restored(config: Config, made_by: Making) -> Iterator[tuple[Restored, "psycopg.Connection[Any]"]]:
    """A dump in a server of its own, and a superuser there."""
    dump = make_logical(made_by)
    with scratch(config.scratch, dump.postgres // 10000) as made:
        start_empty(made, dump.database)
        key = key_of(config.key_file)
        restore_dump(store_of(config), dump, key, made.url("postgres", dump.database), dump.postgres)
        with (
            psycopg.connect(made.url("tika_backup", dump.database), autocommit=True) as see_all,
            psycopg.connect(made.url("tika_app", dump.database), autocommit=True) as as_app,
            psycopg.connect(made.url("postgres", dump.database), autocommit=True) as superuser,
        ):
            yield Restored(see_all, as_app, dump.tables, dump.tables, newest_migrations()), superuser


def failing(restored: Restored) -> dict[str, list[str]]:
    return {check["name"]: check["found"] for check in look(restored) if not check["passed"]}


def test_what_came_back_whole_passes(restored: Any) -> None:
    assert failing(restored[0]) == {}


@pytest.mark.parametrize(
    ("harm", "mend", "check", "said"),
    [
        (
            "DROP POLICY tenant_wall ON boards_ticket",
            "CREATE POLICY tenant_wall ON boards_ticket AS RESTRICTIVE TO tika_app, tika_worker USING (tenant_id ="
            " (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))",
            "wall",
            "boards_ticket is not walled",
        ),
        (
            "ALTER TABLE tenancy_tenant NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE tenancy_tenant FORCE ROW LEVEL SECURITY",
            "wall",
            "tenancy_tenant is not walled",
        ),
        (
            "DROP POLICY tenant_wall ON tenancy_tenant",
            "CREATE POLICY tenant_wall ON tenancy_tenant AS RESTRICTIVE TO tika_app, tika_worker USING (id ="
            " (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))",
            "stranger",
            "tenancy_tenant shows rows to a stranger",
        ),
        (
            "DROP TRIGGER audit_append_only ON audit_entry",
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW"
            " EXECUTE FUNCTION audit_refuse()",
            "log",
            "the log is not append-only",
        ),
        (
            "INSERT INTO tika_gone SELECT 1",
            "TRUNCATE tika_gone",
            "contents",
            "tika_gone has 1 rows instead of 0",
        ),
    ],
)
def test_what_is_missing_is_found(restored: Any, harm: str, mend: str, check: str, said: str) -> None:
    looked_at, superuser = restored
    superuser.execute("CREATE TABLE IF NOT EXISTS tika_gone (n int)")
    superuser.execute("GRANT SELECT ON tika_gone TO tika_backup")
    looked_at.before.setdefault("tika_gone", [0, 0])
    superuser.execute(harm)
    try:
        assert said in failing(looked_at)[check]
    finally:
        superuser.execute(mend)


def test_a_row_that_is_missing_or_changed_is_found(restored: Any) -> None:
    looked_at, superuser = restored
    rows = looked_at.before["django_migrations"]
    superuser.execute("UPDATE django_migrations SET applied = now() WHERE id = 1")
    assert failing(looked_at)["contents"] == ["django_migrations has the right number of rows with other contents"]
    looked_at.before["django_migrations"] = [rows[0] + 1, rows[1]]
    assert failing(looked_at)["contents"] == [f"django_migrations has {rows[0]} rows instead of {rows[0] + 1}"]
    looked_at.before["django_migrations"] = rows
