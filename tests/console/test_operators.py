"""Grants: given and taken on the command line and by administrators, in the log, in force at once."""

import secrets
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from audit.models.operator import Operator
from audit.verbs import operators
from tenancy.context import tenant_context
from tenancy.errors import Conflict, Forbidden
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, run_sql


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def grant_of(person: Person) -> Operator:
    with tenant_context(OPERATORS_ID):
        return Operator.objects.select_related("user").get(tenant_id=OPERATORS_ID, user=person.user)


def entries_about(person: Person) -> list[tuple[Any, ...]]:
    query = """SELECT action, actor_type, actor_id, changes #>> '{after,level}' FROM audit_entry
    WHERE resource = 'operator' AND resource_id = %s ORDER BY at"""
    return run_sql(query, [grant_of(person).pk], tenant=OPERATORS_ID)


def roles_of(person: Person) -> list[tuple[Any, ...]]:
    query = "SELECT role, is_active FROM tenancy_membership WHERE user_id = %s"
    return run_sql(query, [person.user.pk], tenant=OPERATORS_ID)


@pytest.mark.parametrize(("level", "role"), [("viewer", "VIEWER"), ("responder", "MEMBER"), ("admin", "ADMIN")])
def test_the_command_gives_console_and_workspace(level: str, role: str, mia: Person) -> None:
    assert mia.client.get("/ops/").status_code == 404
    assert mia.user.email in run("grant_operator", "--email", mia.user.email.upper(), "--level", level)
    assert mia.client.get("/ops/").status_code == 200
    assert mia.client.get("/ops/boards/").status_code == 200
    assert roles_of(mia) == [(role, True)]
    assert entries_about(mia) == [("CREATE", "system", "manage.py grant_operator", level)]
    assert f"{mia.user.email}\t{level}\t" in run("list_operators")


def test_another_level_is_the_same_grant_and_the_log_has_both(mia: Person) -> None:
    run("grant_operator", "--email", mia.user.email, "--level", "admin")
    run("grant_operator", "--email", mia.user.email, "--level", "viewer")
    assert roles_of(mia) == [("VIEWER", True)]
    assert [entry[3] for entry in entries_about(mia)] == ["admin", "viewer"]


def test_what_is_taken_back_is_gone_with_the_next_request(responder: Person) -> None:
    assert responder.client.get("/ops/").status_code == 200
    run("revoke_operator", "--email", responder.user.email)
    assert responder.client.get("/ops/").status_code == 404
    assert responder.client.get("/ops/boards/").status_code == 404
    assert responder.api.get("/ops/").status_code in {302, 404}
    assert responder.user.email not in run("list_operators")


def test_who_comes_back_has_the_grant_again(responder: Person) -> None:
    run("revoke_operator", "--email", responder.user.email)
    run("grant_operator", "--email", responder.user.email, "--level", "viewer")
    assert responder.client.get("/ops/").status_code == 200


@pytest.mark.parametrize("command", ["grant_operator", "revoke_operator"])
def test_an_address_without_an_account_is_refused(command: str) -> None:
    level = ("--level", "viewer") if command == "grant_operator" else ()
    with pytest.raises(CommandError):
        run(command, "--email", f"{secrets.token_hex(6)}@example.com", *level)


def test_an_administrator_grants_and_takes_back_on_the_page(admin: Person, mia: Person) -> None:
    admin.client.post("/ops/operators/grant", {"email": mia.user.email, "level": "responder"})
    assert mia.client.get("/ops/").status_code == 200
    assert entries_about(mia) == [("CREATE", "user", str(admin.id), "responder")]
    page = admin.client.get("/ops/operators/").content.decode()
    assert mia.user.email in page
    admin.client.post(f"/ops/operators/{grant_of(mia).pk}/revocation")
    assert mia.client.get("/ops/").status_code == 404


def test_the_page_says_why_nothing_was_granted(admin: Person) -> None:
    answer = admin.client.post("/ops/operators/grant", {"email": "nobody@example.com", "level": "viewer"}, follow=True)
    assert answer.status_code == 422
    assert "Nobody has an account with this address" in answer.content.decode()
    assert "nobody@example.com" in answer.content.decode()


def test_only_administrators_see_the_forms(viewer: Person) -> None:
    page = viewer.client.get("/ops/operators/").content.decode()
    assert "/ops/operators/grant" not in page
    assert "revocation" not in page


def test_a_page_does_not_take_the_console_from_the_last_administrator(admin: Person) -> None:
    """The others are taken away within a transaction that is undone."""
    me = grant_of(admin)
    with transaction.atomic(), tenant_context(OPERATORS_ID):
        Operator.objects.exclude(pk=me.pk).update(level="viewer")
        with pytest.raises(Conflict):
            operators.revoke(me.pk, by=me)
        transaction.set_rollback(True)


def test_who_lost_the_grant_meanwhile_grants_no_more(admin: Person, mia: Person) -> None:
    me = grant_of(admin)
    run("revoke_operator", "--email", admin.user.email)
    with tenant_context(OPERATORS_ID), pytest.raises(Forbidden):
        operators.grant(mia.user, "admin", by=me)


def test_the_forms_are_guarded_against_other_sites(admin: Person, mia: Person) -> None:
    admin.client.handler.enforce_csrf_checks = True
    form = {"email": mia.user.email, "level": "admin"}
    assert admin.client.post("/ops/operators/grant", form).status_code == 403
    assert mia.client.get("/ops/").status_code == 404
