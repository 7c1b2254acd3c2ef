"""Who may do what: every route by every role, measured against `roles.txt`, which a reviewer reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from ninja.operation import Operation

from audit.permissions import GRANTED_BY, READ_ONLY, ROLES
from tenancy.ids import uuid7
from tests.cast import ROLES as PEOPLE
from tests.cast import Api, Person
from tests.isolation.asking import ROUTES, WITH_PATH_ID, body_for, name_of, path_for, send, told
from tests.isolation.estate import Estate, furnished

TABLE = Path(__file__).with_name("roles.txt")
# 409: a column that holds tickets is not deleted, whoever asks.
# 503: streams have a process of their own, not started here.
MAY = {200, 201, 204, 409, 503}


def expected() -> dict[str, set[str]]:
    lines = [line.split(":") for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {":".join(route).strip(): set(who.split()) for *route, who in lines}


@pytest.fixture(scope="module")
def estate() -> Estate:
    return furnished("Acme", **PEOPLE)


@contextmanager
def undone() -> Iterator[None]:
    """What happens in it is rolled back, so that the next role finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(estate: Estate, operation: Operation, api: Api) -> Any:
    with undone():
        return send(api, operation, path_for(operation, estate.ids), body_for(operation, estate.ids))


@pytest.mark.parametrize("operation", ROUTES, ids=name_of)
def test_every_role_may_what_the_table_says(operation: Operation, estate: Estate) -> None:
    people = estate.workspace.people.values()
    voices: dict[str, list[Api]] = {person.member.role: [person.api, person.session_api] for person in people}
    voices["read-token"] = [estate.owner.read_api]
    found = set()
    for name, apis in voices.items():
        answers = [asked(estate, operation, api) for api in apis]
        assert len({answer.status_code for answer in answers}) == 1
        assert answers[0].status_code in MAY | {403}, answers[0].content
        if answers[0].status_code == 403:
            assert answers[0].json()["error"]["code"] == "FORBIDDEN"
        else:
            found.add(name)
    assert found == expected().get(route_name(operation)), f"{route_name(operation)}: {' '.join(sorted(found))}"


def route_name(operation: Operation) -> str:
    return name_of(operation).replace("{uuidstr:", "{").replace("{uuid:", "{")


def test_the_table_names_no_route_that_is_gone() -> None:
    assert set(expected()) == {route_name(operation) for operation in ROUTES}


def test_the_roles_are_the_guides() -> None:
    assert ROLES["VIEWER"] == ("ticket:read",)
    assert set(ROLES["MEMBER"]) - set(ROLES["VIEWER"]) == {"ticket:create", "ticket:update"}
    assert set(ROLES["ADMIN"]) - set(ROLES["MEMBER"]) == {"ticket:delete", "settings:manage"}
    assert ROLES["OWNER"] == ("*",)
    assert set(GRANTED_BY.values()) <= {permission for granted in ROLES.values() for permission in granted}
    assert set(GRANTED_BY) >= READ_ONLY


ON_A_BOARD = [operation for operation in WITH_PATH_ID if not operation.path.startswith("/members/")]


@pytest.mark.parametrize("operation", ON_A_BOARD, ids=name_of)
def test_a_private_board_is_not_there_for_who_is_not_on_its_list(operation: Operation, estate: Estate) -> None:
    mia, nobodys = estate.workspace.people["mia"], {name: uuid7() for name in estate.ids}
    with undone():
        make_private(estate)
        path, body = path_for(operation, estate.ids), body_for(operation, estate.ids)
        hidden = send(mia.api, operation, path, body)
        missing = send(mia.api, operation, path_for(operation, nobodys), body)
        # Who sees it and may do everything: a comment's text is its author's alone, whatever an admin may delete.
        seen = send(estate.owner.api, operation, path, body)
    if hidden.status_code == 403:
        # By her role already, private or not.
        assert "MEMBER" not in expected()[route_name(operation)]
        return
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert told(hidden) == told(missing)
    assert seen.status_code in MAY


def make_private(estate: Estate) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(estate.workspace.id)])
        cursor.execute("UPDATE boards_board SET is_private = true WHERE id = %s", [estate.scene.id])


def test_who_is_on_the_list_of_a_private_board_sees_it(estate: Estate) -> None:
    mia: Person = estate.workspace.people["mia"]
    with undone():
        make_private(estate)
        assert mia.api.get(f"/api/boards/{estate.scene.id}").status_code == 404
        estate.owner.api.post(f"/api/boards/{estate.scene.id}/access", {"member": str(mia.id)})
        assert mia.api.get(f"/api/boards/{estate.scene.id}/snapshot").status_code == 200
        estate.owner.api.delete(f"/api/boards/{estate.scene.id}/access/{mia.id}")
        assert mia.api.get(f"/api/boards/{estate.scene.id}/snapshot").status_code == 404


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(estate: Estate) -> None:
    mia = estate.workspace.people["mia"]
    path = f"/api/tickets/{estate.ids['ticket']}"
    with undone():
        assert mia.api.patch(path, {"title": "As a member"}).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_membership SET role = 'VIEWER' WHERE id = %s", [mia.id])
        assert mia.api.patch(path, {"title": "As a viewer"}).status_code == 403
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_membership SET is_active = false WHERE id = %s", [mia.id])
        assert mia.api.get(path).status_code == 401
        assert mia.session_api.get(path).status_code == 404
