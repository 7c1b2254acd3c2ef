"""A workspace, or a board, comes back as it was; Zoe, who has another workspace, notices nothing."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from backups.config import Config
from backups.process import Process
from backups.restore import board, physical, replacing, workspace
from backups.restore.chain import chain_to
from backups.restore.source import Source, installation_at
from backups.sentences import Stopped
from backups.store import store_of
from backups.verbs.backups import take
from backups.wal.names import covered, hole
from boards.models import Attachment, Board, Ticket
from boards.verbs import attachments
from tenancy.context import Actor, tenant_context
from tenancy.models import Membership, Tenant
from tenancy.verbs import workspaces
from tests.cast import run_sql
from tests.isolation.estate import Estate, furnished, state

BY = Actor("system", "test")


def silent(sentence: str) -> None:
    pass


@dataclass(frozen=True)
class Past:
    """`then` is all of Acme at the moment that `source` was restored to; much has happened since."""

    acme: Estate
    zoo: Estate
    then: dict[str, list[str]]
    source: Source
    at: datetime


@pytest.fixture(scope="module")
def past(config: Config) -> Iterator[Past]:
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    (config.data / "files").symlink_to(settings.FILES_DIR)
    with running(config):
        acme, zoo = furnished("Acme", olga="OWNER", mia="MEMBER"), furnished("Zoo", zoe="OWNER")
        rows = take(config, ["base", "files"], by=BY, say=silent, urgent=True)
        assert [row.error for row in rows] == ["", ""]
        acme.scene.ticket("Written after the backup", description="and so only in the log")
        then = state(acme.workspace)
        at = database_now()
        change(acme)
        zoo.scene.ticket("Zoe goes on working")
        wait_until_covered(config, at)
        with installation_at(config, at, silent) as source:
            yield Past(acme, zoo, then, source, at)


@contextmanager
def running(config: Config) -> Iterator[None]:
    ended = threading.Event()
    thread = threading.Thread(target=Process(config, ended).live)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


def database_now() -> datetime:
    at: datetime = run_sql("SELECT clock_timestamp()")[0][0]
    time.sleep(0.01)
    return at


def change(acme: Estate) -> None:
    """A title, a lost ticket, a new one, somebody who left, a file that is gone for good."""
    first, second = acme.scene.tickets[:2]
    acme.scene.ticket("Too new to come back")
    with acme.workspace.told() as by:
        Ticket.objects.filter(tenant_id=by.tenant_id, pk=first).update(title="Overwritten by mistake")
        attachments.delete(Attachment.objects.get(tenant_id=by.tenant_id, pk=acme.ids["attachment"]), by=by)
        Ticket.objects.filter(tenant_id=by.tenant_id, pk=second)._raw_delete(using="default")
        mia = acme.workspace.people["mia"]
        Membership.objects.filter(tenant_id=by.tenant_id, pk=mia.id).update(is_active=False)


def wait_until_covered(config: Config, at: datetime) -> None:
    store = store_of(config)
    until = time.monotonic() + 60
    while True:
        systems = {name.split("/")[1] for name in store.names("wal/")}
        if any((reaches := covered(store, system)) and reaches > at for system in systems):
            return
        assert time.monotonic() < until
        time.sleep(0.2)


def stored(tenant_id: UUID) -> set[Path]:
    return {path for path in (settings.FILES_DIR / str(tenant_id)).rglob("*") if path.is_file()}


def titles(tenant_id: UUID, board_id: UUID | None = None) -> set[str]:
    with tenant_context(tenant_id):
        found = Ticket.objects.filter(tenant_id=tenant_id)
        return set((found.filter(board_id=board_id) if board_id else found).values_list("title", flat=True))


THEN = {
    "Pay page fails",
    "카드결제오류",
    "Renew the certificate",
    "Move to the new host",
    "Written after the backup",
}


# --- one workspace beside the others ------------------------------------------------------------


def test_a_workspace_comes_back_beside_todays(past: Past) -> None:
    zoe_before, acme_before = state(past.zoo.workspace), state(past.acme.workspace)
    found = workspace.beside(past.source, past.acme.workspace.slug, by=BY, say=silent)
    fresh = workspaces.id_of(found.slug)
    assert fresh
    assert titles(fresh) == THEN
    assert found.rows["boards_ticket"] == 5
    with tenant_context(fresh):
        assert Tenant.objects.get(pk=fresh).name == f"Acme (as of {past.at:%Y-%m-%d %H:%M})"
        file = Attachment.objects.get(tenant_id=fresh)
        assert attachments.path_of(file.storage_key).read_bytes() == b"step one"
        assert file.storage_key.startswith(str(fresh))
        members = dict(Membership.objects.filter(tenant_id=fresh).values_list("user__name", "is_active"))
    # Whoever has left since gets no way back.
    assert members == {"Olga": True, "Mia": False}
    assert state(past.zoo.workspace) == zoe_before
    assert state(past.acme.workspace) == acme_before


def test_it_brings_its_history_and_no_secret(past: Past) -> None:
    found = workspace.beside(past.source, past.acme.workspace.slug, by=BY, say=silent)
    fresh = workspaces.id_of(found.slug)
    query = "SELECT count(*) FROM audit_entry WHERE actor_type = 'import' AND resource = 'ticket'"
    assert run_sql(query, tenant=fresh) == [(5,)]
    assert run_sql("SELECT reason FROM audit_entry WHERE resource = 'board' AND reason <> ''", tenant=fresh) == [
        (f"restored from {past.source.name} as of {past.at:%Y-%m-%d %H:%M:%SZ}",)
    ]
    assert run_sql("SELECT count(*) FROM tenancy_apitoken", tenant=fresh) == [(0,)]


def test_the_new_one_is_walled_as_any(past: Past) -> None:
    found = workspace.beside(past.source, past.acme.workspace.slug, by=BY, say=silent)
    zoe = past.zoo.owner
    assert zoe.client.get(f"/{found.slug}/").status_code == 404
    assert past.acme.owner.client.get(f"/{found.slug}/").status_code == 200
    ids = {row[0] for row in run_sql("SELECT id FROM boards_ticket", tenant=workspaces.id_of(found.slug))}
    assert ids.isdisjoint(past.acme.scene.tickets)


def test_what_fails_half_way_leaves_nothing(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(past.acme.workspace)
    begun: list[UUID] = []

    def fails(*given: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM tenancy_tenant")
            begun.extend(row[0] for row in cursor.fetchall())
        assert stored(begun[0])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace, "record_history", fails)
    with pytest.raises(OSError, match="No space left"):
        workspace.beside(past.source, past.acme.workspace.slug, by=BY, say=silent)
    (fresh,) = begun
    assert run_sql("SELECT id FROM tenancy_tenant WHERE id = %s", [fresh], role="superuser") == []
    assert stored(fresh) == set()
    assert state(past.acme.workspace) == before


@pytest.mark.parametrize(("slug", "said"), [("nobody", "There was no workspace 'nobody'"), ("ops", "whole install")])
def test_a_workspace_that_cannot_come_back_is_said(past: Past, slug: str, said: str) -> None:
    with pytest.raises(Stopped, match=said):
        workspace.beside(past.source, slug, by=BY, say=silent)


# --- one board ----------------------------------------------------------------------------------


def test_a_board_comes_back_side_by_side_with_todays(past: Past) -> None:
    acme = past.acme.workspace
    today, zoe_before = titles(acme.id, past.acme.scene.id), state(past.zoo.workspace)
    found = board.beside(past.source, acme.slug, past.acme.scene.key, by=BY, say=silent)
    with tenant_context(acme.id):
        made = Board.objects.exclude(pk=past.acme.scene.id).get(tenant_id=acme.id, key=found.slug.split("/")[-1])
    assert made.name == f"Operations (as of {past.at:%Y-%m-%d %H:%M})"
    assert made.key != past.acme.scene.key
    assert titles(acme.id, made.pk) == THEN
    assert titles(acme.id, past.acme.scene.id) == today
    assert state(past.zoo.workspace) == zoe_before
    page = past.acme.owner.client.get(f"/{acme.slug}/boards/{made.key}/")
    assert page.status_code == 200


def test_a_board_that_was_not_there_is_said(past: Past) -> None:
    with pytest.raises(Stopped, match="had no board 'NONE'"):
        board.beside(past.source, past.acme.workspace.slug, "NONE", by=BY, say=silent)


# --- in its own place ---------------------------------------------------------------------------


def test_a_workspace_goes_back_in_its_own_place(past: Past) -> None:
    """Last: Acme is as it was afterwards."""
    acme, zoe_before = past.acme.workspace, state(past.zoo.workspace)
    version = past.acme.scene.version
    found = replacing.replace(past.source, acme.slug, by=BY, say=silent)
    assert titles(acme.id) == THEN
    assert found.rows["boards_ticket"][0] == 1
    assert state(past.zoo.workspace) == zoe_before
    # Open boards learn of it, and the log says what was changed and why.
    assert past.acme.scene.version > version
    query = "SELECT changes -> 'after' ->> 'title' FROM audit_entry WHERE reason LIKE 'put back to %%'"
    query += " AND resource = 'ticket' AND action = 'UPDATE' AND subject_id = %s"
    assert ("Pay page fails",) in run_sql(query, [past.acme.scene.tickets[0]], tenant=acme.id)
    with tenant_context(acme.id):
        assert not Membership.objects.get(tenant_id=acme.id, pk=past.acme.workspace.people["mia"].id).is_active
        file = Attachment.objects.get(tenant_id=acme.id, pk=past.acme.ids["attachment"])
    assert attachments.path_of(file.storage_key).read_bytes() == b"step one"
    again = replacing.replace(past.source, acme.slug, by=BY, say=silent)
    assert again.rows == {}


# --- moments ------------------------------------------------------------------------------------


def test_moments_that_cannot_be_reached_are_said(past: Past, config: Config) -> None:
    store = store_of(config)
    with pytest.raises(Stopped, match="The oldest base backup is of"):
        chain_to(store, past.at - timedelta(days=1))
    with pytest.raises(Stopped, match="Everything is stored up to"):
        chain_to(store, datetime.now(UTC) + timedelta(hours=1))


def test_a_hole_in_the_log_is_found_but_for_what_the_base_backup_holds(past: Past, config: Config) -> None:
    chain = chain_to(store_of(config), past.at)
    own = next(iter(config.folder.rglob(f"{chain.wal[0]}.gz.age")))
    away = own.rename(own.with_suffix(".away"))
    try:
        assert chain.wal[0] not in chain_to(store_of(config), past.at).wal
    finally:
        away.rename(own)
    names = [f"00000001000000010000{number}" for number in ("00FE", "00FF")] + ["000000010000000200000000.partial"]
    assert hole(names, names[0]) == ""
    assert hole([names[0], names[2]], names[0]) == names[1]
    assert hole(names[1:], "0000000100000001000000FD") == names[0]


@pytest.mark.parametrize("newest", [True, False])
def test_a_log_that_postgresql_cannot_read_is_no_shorter_restore(
    past: Past, config: Config, monkeypatch: pytest.MonkeyPatch, newest: bool
) -> None:
    """It would come up with the state of the base backup, and say nothing."""
    monkeypatch.setattr(physical, "fetch_log", lambda scratch, *rest: (scratch.folder / "wal").mkdir())
    wait_until_covered(config, at := database_now())
    with pytest.raises(Stopped, match="not played back to its end"):  # noqa: SIM117
        with installation_at(config, None if newest else at, silent):
            pass


def test_a_strict_umask_hides_nothing_from_postgresql(past: Past, config: Config) -> None:
    before = os.umask(0o077)
    try:
        wait_until_covered(config, at := database_now())
        with installation_at(config, at, silent) as source:
            query = "SELECT 1 FROM boards_ticket WHERE title = 'Zoe goes on working' AND tenant_id = %s"
            assert source.one(query, past.zoo.workspace.id) == (1,)
    finally:
        os.umask(before)
