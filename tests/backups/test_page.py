"""What the console says of backups, and who may start one."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from audit.models import Operator
from backups.models import Archive, Backup, RestoreDrill, State
from backups.proven import last_proven, measured_rpo
from backups.verbs import backups, drills
from observability.console.health import Health
from observability.console.queries.backups import of_backups
from observability.slo import restore_freshness
from observability.slo.tally import tally
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tika.management.commands.exporter import restores

pytestmark = pytest.mark.usefixtures("nothing_yet")


@pytest.fixture
def nothing_yet() -> None:
    for table in ("restoredrill", "backup", "archive"):
        run_sql(f"DELETE FROM backups_{table}", tenant=OPERATORS_ID, role="worker")


def made(**more: object) -> Backup:
    now = timezone.now()
    values = {
        "kind": "base",
        "state": State.DONE,
        "started_at": now,
        "ended_at": now,
        "covers": now,
        "bytes": 5_000_000,
    }
    with tenant_context(OPERATORS_ID):
        return Backup.objects.create(tenant_id=OPERATORS_ID, name="base/20261126T020000000Z", **{**values, **more})


def passed(backup: Backup, *, ago: timedelta = timedelta(0), **more: object) -> RestoreDrill:
    at = timezone.now() - ago
    values = {"state": "passed", "started_at": at, "ended_at": at, "rto_seconds": 6.6, "rpo_seconds": 7.0}
    with tenant_context(OPERATORS_ID):
        return RestoreDrill.objects.create(tenant_id=OPERATORS_ID, backup=backup, **{**values, **more})


def health() -> Health:
    with tenant_context(OPERATORS_ID):
        return of_backups().health


def test_an_empty_page_says_what_to_do(responder: Person) -> None:
    page = responder.client.get("/ops/backups/").content.decode()
    assert "Run bin/backup to have one now" in page
    assert "on the disk that they protect" in page
    assert health() is Health.UNKNOWN
    assert last_proven() is None
    assert measured_rpo() is None


def test_measured_figures_and_the_proof_are_shown(viewer: Person) -> None:
    backup = made()
    passed(backup, checks=[{"name": "wall", "passed": True, "found": []}])
    page = viewer.client.get("/ops/backups/").content.decode()
    assert "6.6 s" in page
    assert "base/20261126T020000000Z" in page
    assert "✓ tenant wall" in page
    assert "Make a backup now" not in page
    assert health() is Health.OK
    proven = last_proven()
    assert proven
    assert (proven.backup_id, proven.is_fresh) == (backup.pk, True)


def test_the_log_reaches_further_than_the_last_base_unless_it_began_anew() -> None:
    hour = timedelta(hours=1)
    made(started_at=timezone.now() - hour, ended_at=timezone.now() - hour, covers=timezone.now() - hour)
    with tenant_context(OPERATORS_ID):
        archive = Archive(tenant_id=OPERATORS_ID, covered_until=timezone.now(), seen_at=timezone.now())
        archive.save()
    rpo = measured_rpo()
    assert rpo is not None
    assert rpo < timedelta(minutes=1)
    with tenant_context(OPERATORS_ID):
        archive.gap_at = timezone.now()
        archive.save()
    rpo = measured_rpo()
    assert rpo is not None
    assert rpo >= hour
    assert health() is Health.DEGRADED


def test_a_failure_is_shown_until_one_goes_well(viewer: Person) -> None:
    passed(made())
    made(state=State.FAILED, error="[Errno 28] No space left on device")
    assert "No space left on device" in viewer.client.get("/ops/backups/").content.decode()
    assert health() is Health.DOWN
    made()
    assert health() is Health.OK


def test_a_proof_that_is_old_is_none(viewer: Person) -> None:
    passed(made(), ago=timedelta(days=9))
    assert health() is Health.DEGRADED
    proven = last_proven()
    assert proven
    assert not proven.is_fresh


def test_a_responder_asks_and_a_viewer_cannot(responder: Person, viewer: Person) -> None:
    assert viewer.client.post("/ops/backups/asked").status_code == 403
    assert viewer.client.post("/ops/backups/drill").status_code == 403
    for _ in range(2):
        assert responder.client.post("/ops/backups/asked").status_code == 302
        assert responder.client.post("/ops/backups/drill").status_code == 302
    with tenant_context(OPERATORS_ID):
        asked = Backup.objects.filter(tenant_id=OPERATORS_ID)
        assert sorted(asked.values_list("kind", "state")) == [(kind, "asked") for kind in ("base", "files", "logical")]
        assert RestoreDrill.objects.get(tenant_id=OPERATORS_ID).state == "asked"
    who = "SELECT count(DISTINCT actor_id) FROM audit_entry WHERE resource = 'backup' AND actor_id = %s"
    assert run_sql(who, [str(responder.id)], tenant=OPERATORS_ID) == [(1,)]


def test_a_stranger_finds_nothing(zoe: Person) -> None:
    assert zoe.client.get("/ops/backups/").status_code == 404
    assert zoe.client.post("/ops/backups/asked").status_code == 404


@pytest.mark.parametrize(("days", "good"), [(1, 0.0), (9, 1.0)])
def test_the_objective_of_fresh_restores_is_counted(days: int, good: float) -> None:
    passed(made(), ago=timedelta(days=days))
    tally.measures.clear()
    restore_freshness.measure()
    assert [(name, value) for name, value, _ in tally.measures] == [("restore_freshness", good)]
    tally.measures.clear()


def test_a_new_installation_has_broken_no_promise() -> None:
    made()
    tally.measures.clear()
    restore_freshness.measure()
    assert not tally.measures


def test_verbs_ask_once(tmp_path: Path) -> None:
    person = make_operator("responder")
    with tenant_context(OPERATORS_ID):
        grant = Operator.objects.get(tenant_id=OPERATORS_ID, user_id=person.user.pk)
        for _ in range(2):
            backups.ask(by=grant)
            drills.ask(by=grant)
        assert Backup.objects.filter(tenant_id=OPERATORS_ID).count() == 3
        assert RestoreDrill.objects.filter(tenant_id=OPERATORS_ID).count() == 1


def test_the_exporter_tells_of_it() -> None:
    assert restores() == {"backup_failed": {(): 0.0}, "backup_dumps_only": {(): 0.0}}
    passed(made())
    found = restores()
    assert found["tika_last_restore_rto_seconds"] == {(): 6.6}
    assert set(found) == {
        "backup_failed",
        "backup_dumps_only",
        "backup_age_seconds",
        "backup_unprotected_seconds",
        "tika_last_restore_verified_timestamp_seconds",
        "tika_last_restore_rto_seconds",
    }
    made(state=State.FAILED, error="No space left on device")
    assert restores()["backup_failed"] == {(): 1.0}
