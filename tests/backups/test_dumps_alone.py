"""A server that does not hand out its log: dumps go on, are proven, and nobody is told of more than they are."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from audit.models import Operator
from backups.config import Config
from backups.models import Archive, Backup, State
from backups.process import Process
from backups.proven import measured_rpo
from backups.restore import workspace
from backups.restore.source import installation_at
from backups.restore.whole import into_folder
from backups.sentences import Stopped
from backups.verbs import backups
from backups.verbs.drills import drill
from observability.console.health import Health
from observability.console.queries.backups import of_backups
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID
from tests.backups.conftest import config_in
from tests.cast import Person, Scene, run_sql
from tika.cli.environment import ROOT
from tika.cli.urls import made_url, read_url
from tika.management.commands.exporter import restores

BY = Actor("system", "test")
ADVICE = "a nightly dump is all there is and up to a day can be lost: give the role REPLICATION"
MAKE_SQL = """
CREATE ROLE dumper LOGIN BYPASSRLS NOREPLICATION PASSWORD 'dumper' IN ROLE pg_read_all_data, pg_read_all_stats;
GRANT CONNECT ON DATABASE {database} TO dumper
"""


def silent(sentence: str) -> None:
    pass


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """Of an installation whose role for backups has no REPLICATION."""
    for table in ("restoredrill", "backup", "archive"):
        run_sql(f"DELETE FROM backups_{table}", tenant=OPERATORS_ID, role="worker")
    parts = read_url("", os.environ["DATABASE_URL_BACKUP"])
    with psycopg.connect(os.environ["TIKA_SUPERUSER_URL"], autocommit=True) as connection:
        for statement in MAKE_SQL.format(database=parts["dbname"]).split(";"):
            connection.execute(statement.encode())
        dumper = made_url(parts | {"user": "dumper", "password": "dumper"})
        yield config_in(tmp_path_factory.mktemp("data"), DATABASE_URL_BACKUP=dumper)
        connection.execute("DROP OWNED BY dumper")
        connection.execute("DROP ROLE dumper")
    run_sql("DELETE FROM backups_archive", tenant=OPERATORS_ID, role="worker")


def archive() -> Archive | None:
    with tenant_context(OPERATORS_ID):
        return Archive.objects.filter(tenant_id=OPERATORS_ID).first()


def health() -> Health:
    with tenant_context(OPERATORS_ID):
        return of_backups().health


def test_the_process_says_once_what_that_means_and_goes_on(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    ended = threading.Event()
    process = Process(config, ended)
    with caplog.at_level(logging.WARNING, "tika.backup"):
        thread = threading.Thread(target=process.live)
        thread.start()
        until = time.monotonic() + 60
        seen: set[datetime] = set()
        while len(seen) < 3:
            assert time.monotonic() < until
            if (row := archive()) is not None:
                seen.add(row.seen_at)
            time.sleep(0.1)
        ended.set()
        thread.join(30)
    row = archive()
    assert row is not None
    assert (row.is_supported, row.covered_until, ADVICE in row.error) == (False, None, True)
    assert [ADVICE in record.getMessage() for record in caplog.records] == [True]
    assert (process.facts().replication, process.receiver.runs) == (False, False)


def test_bin_backup_makes_the_rest_and_ends_well(config: Config) -> None:
    environ = {**os.environ, **config.environ, "TIKA_DB_ROLE": "worker"}
    command = [sys.executable, str(ROOT / "manage.py"), "backup"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    made = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert made == [["ok", "logical"], ["ok", "files"]]
    assert ADVICE in done.stdout
    (asked,) = backups.take(config, ["base"], by=BY, say=silent, urgent=True)
    assert (asked.state, ADVICE in asked.error) == (State.FAILED, True)


def test_the_drill_restores_the_dump_also_beside_older_base_backups(config: Config) -> None:
    """Stands on the backup above; the base backup is of the time when the server still sent its log."""
    before = replace(config, database=os.environ["DATABASE_URL_BACKUP"])
    (base,) = backups.take(before, ["base"], by=BY, say=silent, urgent=True)
    (dump,) = backups.take(config, ["logical"], by=BY, say=silent, urgent=True)
    assert (base.state, dump.state) == (State.DONE, State.DONE)
    found = drill(config, by=BY, say=silent)
    assert (found.state, found.error) == ("passed", "")
    assert found.backup is not None
    assert (found.backup.name, found.restored_to) == (dump.name, dump.covers)


def test_a_workspace_comes_back_from_the_dump(config: Config, board: Scene) -> None:
    kept = len(board.tickets)
    (dump,) = backups.take(config, ["logical"], by=BY, say=silent, urgent=True)
    board.ticket("Written after the dump, and lost")
    with installation_at(config, None, silent) as source:
        assert (source.name, source.at) == (dump.name, dump.covers)
        found = workspace.beside(source, board.workspace.slug, by=BY, say=silent)
    assert found.rows["boards_ticket"] == kept


def test_what_a_dump_cannot_do_is_said(config: Config, tmp_path: Path) -> None:
    for name in ("base", "wal"):
        if (config.folder / name).exists():
            (config.folder / name).rename(tmp_path / name)
    with pytest.raises(Stopped, match=r"holds dumps alone, .* bin/restore --database"):
        into_folder(config, tmp_path / "new", None, release="0.1.0", major=18, say=silent)
    with (
        pytest.raises(Stopped, match=r"The oldest dump is of .*: name a later time"),
        installation_at(config, timezone.now() - timedelta(days=1), silent),
    ):
        pass


def test_nobody_is_told_of_more_than_the_dump_holds(config: Config, responder: Person) -> None:
    page = responder.client.get("/ops/backups/").content.decode()
    assert ADVICE in page
    assert "notice-danger" not in page
    assert restores()["backup_dumps_only"] == {(): 1.0}
    for hours, says in ((1, Health.DEGRADED), (27, Health.DOWN)):
        at = timezone.now() - timedelta(hours=hours)
        with tenant_context(OPERATORS_ID):
            Backup.objects.filter(tenant_id=OPERATORS_ID, kind="logical").update(covers=at, ended_at=at)
            Backup.objects.filter(tenant_id=OPERATORS_ID, kind="base").update(state=State.PRUNED)
        rpo = measured_rpo()
        assert rpo is not None
        assert timedelta(hours=hours) <= rpo < timedelta(hours=hours, minutes=5)
        assert health() is says
        found = restores()
        assert found["backup_age_seconds"][()] >= hours * 3600
        assert found["backup_failed"] == {(): 0.0}


def test_what_cannot_be_made_is_not_asked_for(config: Config, responder: Person) -> None:
    with tenant_context(OPERATORS_ID):
        grant = Operator.objects.get(tenant_id=OPERATORS_ID, user_id=responder.user.pk)
        backups.ask(by=grant)
        asked = Backup.objects.filter(tenant_id=OPERATORS_ID, state=State.ASKED)
        assert sorted(asked.values_list("kind", flat=True)) == ["files", "logical"]
        asked.delete()


def test_a_server_that_is_away_refuses_nothing(config: Config) -> None:
    away = replace(config, database="postgres://dumper@127.0.0.1:1/none")
    assert backups.possible(away) == (["base", "logical", "files"], "")
