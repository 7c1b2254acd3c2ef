"""Django's admin under the console only shows, and leaves out what is secret or content."""

import pytest
from django.apps import apps

from observability.console.records import SHOWN, records
from tests.cast import Person, Scene, run_sql

CONTENT = ("boards_", "tenancy_session", "tenancy_idempotentreply", "tenancy_invitation", "tenancy_tenant")
SECRET = {"password", "digest", "session_data", "session_key", "args", "hist", "lock", "queueing_lock", "traceback"}


def test_no_table_with_content_or_secrets_is_a_record() -> None:
    shown = {model._meta.db_table for model in records._registry}
    assert not [table for table in shown if table.startswith(CONTENT)]
    assert {"tenancy_user", "audit_entry", "procrastinate_jobs"} <= shown
    assert not {name for names in SHOWN.values() for name in names} & SECRET
    assert any(model._meta.db_table == "boards_ticket" for model in apps.get_models())


def test_one_record_is_shown_and_none_is_changed(admin: Person) -> None:
    path = f"/ops/records/tenancy/user/{admin.user.pk}/change/"
    page = admin.client.get(path).content.decode()
    assert admin.user.email in page
    assert "argon2" not in page
    assert 'name="_save"' not in page
    assert admin.client.post(path, {"name": "Mallory"}).status_code == 405
    assert run_sql("SELECT name FROM tenancy_user WHERE id = %s", [admin.user.pk]) == [(admin.user.name,)]


@pytest.mark.parametrize("ending", ["add/", "{id}/delete/", "{id}/history/"])
def test_there_is_nothing_to_add_or_delete(ending: str, admin: Person) -> None:
    assert admin.client.get(f"/ops/records/tenancy/user/{ending.format(id=admin.user.pk)}").status_code == 404


@pytest.mark.parametrize("path", ["login/", "logout/", "password_change/"])
def test_django_s_own_way_in_is_not_there(path: str, admin: Person) -> None:
    assert admin.client.get(f"/ops/records/{path}").status_code == 404


def test_the_members_of_other_workspaces_are_not_there(admin: Person, board: Scene) -> None:
    page = admin.client.get("/ops/records/tenancy/membership/?all=").content.decode()
    assert str(board.workspace.people["mia"].id) not in page
    assert admin.user.name in page


def test_the_operators_own_tickets_are_content_too(admin: Person) -> None:
    made = admin.session_api.post("/api/boards", {"name": "Incidents of a kind"})
    assert made.status_code == 201
    assert "Incidents of a kind" not in admin.client.get("/ops/records/audit/entry/").content.decode()


def test_records_are_for_administrators(responder: Person) -> None:
    assert responder.client.get("/ops/records/").status_code == 403
    assert "/ops/records/" not in responder.client.get("/ops/").content.decode()
