"""What refuses to start, and what `manage.py check` refuses."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpResponse
from django.test.utils import isolate_apps
from django.urls import path

from tenancy.base import TenantModel
from tenancy.boot import TOO_MUCH_SQL, refuse_bypassing_role
from tenancy.checks import check_tenant_models, problems_of
from tenancy.fields import TenantForeignKey
from tenancy.wall import Log, Tie, Wall
from tests.cast import connect
from tika import route_guard
from tika.cli.environment import ROOT


def start(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", *program.split()]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_app_starts_as_the_app_role() -> None:
    refuse_bypassing_role()


@pytest.mark.parametrize(
    ("program", "address"),
    [
        ("-m tika.wsgi", "DATABASE_URL"),
        ("-m tika.live", "DATABASE_URL"),
        ("manage.py worker", "DATABASE_URL_WORKER"),
    ],
)
def test_no_process_starts_as_a_superuser(program: str, address: str) -> None:
    role = "worker" if address.endswith("WORKER") else "app"
    done = start(program, **{address: os.environ["TIKA_SUPERUSER_URL"], "TIKA_DB_ROLE": role})
    assert done.returncode != 0
    assert "the database role postgres passes the wall" in done.stderr


def test_the_app_does_not_start_as_the_owner() -> None:
    done = start("-m tika.wsgi", TIKA_DB_ROLE="migrator")
    assert done.returncode != 0
    assert "the database role tika_owner passes the wall" in done.stderr


@pytest.mark.parametrize(
    "power",
    [
        "ALTER ROLE tika_app BYPASSRLS",
        "GRANT tika_definer TO tika_app WITH INHERIT FALSE, SET FALSE",
        "GRANT tika_backup TO tika_app",
        "ALTER TABLE boards_label OWNER TO tika_app",
        "DROP POLICY tenant_wall ON boards_label",
    ],
)
def test_a_role_that_could_pass_the_wall_is_recognised(power: str) -> None:
    with connect("superuser") as own, own.transaction(force_rollback=True):
        own.execute(power.encode())
        own.execute("SET LOCAL ROLE tika_app")
        row = own.execute(TOO_MUCH_SQL.encode()).fetchone()
        own.execute("RESET ROLE")
    assert row is not None
    assert row[1] is not None


def test_every_route_says_who_may_use_it() -> None:
    assert route_guard.unguarded() == []
    assert len(list(route_guard.operations())) > 40


def test_the_app_does_not_start_with_a_route_that_does_not_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from tika import urls

    open_door = path("open-door/", lambda request: HttpResponse(), name="open-door")
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, open_door])
    monkeypatch.setattr(route_guard, "get_resolver", lambda: type("Root", (), {"url_patterns": urls.urlpatterns}))
    with pytest.raises(ImproperlyConfigured, match="open-door/"):
        route_guard.refuse_unguarded_routes()


def test_the_app_does_not_start_with_an_operation_that_does_not_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    operation = next(route_guard.operations())
    monkeypatch.setattr(operation, "view_func", lambda request: None)
    with pytest.raises(ImproperlyConfigured, match=operation.path):
        route_guard.refuse_unguarded_routes()


def test_the_models_pass_the_checks() -> None:
    assert check_tenant_models(None) == []


def found(model: Any) -> set[str | None]:
    return {problem.id for problem in problems_of(model)}


@isolate_apps("boards")
def test_a_tenants_table_must_inherit_its_wall() -> None:
    class Note(models.Model):  # noqa: DJ008
        tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.CASCADE)

        class Meta:
            app_label = "boards"

    assert found(Note) == {"tenancy.E001"}


@isolate_apps("boards")
def test_a_plain_key_into_a_tenant_is_refused() -> None:
    class Note(TenantModel):
        class Meta:
            app_label = "boards"

    class Remark(TenantModel):
        note = models.ForeignKey(Note, on_delete=models.CASCADE)

        class Meta:
            app_label = "boards"

    assert found(Note) == set()
    assert found(Remark) == {"tenancy.E002"}


@isolate_apps("boards")
@pytest.mark.parametrize(
    ("lost", "problem"), [(Wall, "tenancy.E003"), (Log, "tenancy.E004"), (Tie, "tenancy.E005")], ids=str
)
def test_a_table_that_lost_one_of_them_is_refused(lost: type, problem: str) -> None:
    class Note(TenantModel):
        parent = TenantForeignKey("self")

        class Meta:
            app_label = "boards"

    assert found(Note) == set()
    Note._meta.constraints = [one for one in Note._meta.constraints if not isinstance(one, lost)]
    assert found(Note) == {problem}
