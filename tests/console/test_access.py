"""Every address of the console by everybody: as its permission says, and nobody else learns that it is there."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from audit.models.operator import Level, rank_of
from tenancy.ids import uuid7
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tests.isolation.estate import Estate, furnished
from tika.route_guard import patterns

PARAMETER = re.compile(r"<(\w+:)?(\w+)>")
# The list of boards is a page of the operators' workspace: its members see it, operators or not.
PAGES_OF_MEMBERS = {"ops/boards/"}
ROUTES: dict[str, str] = {
    route: getattr(entry.callback, "permission", "")
    for route, entry in patterns(get_resolver())
    if route.startswith("ops/")
}
GUARDED = sorted(set(ROUTES) - PAGES_OF_MEMBERS)
# All that they need is said by pressing them.
BUTTONS = {"ops/backups/asked", "ops/backups/drill"}
METHODS = ("get", "post", "put", "delete")
VALUES = {"uuid:": str(uuid.UUID(int=7)), "int:": "7", "slug:": "seven", "str:": "seven", "path:": "seven", "": "seven"}
ASSISTED = {"X-Tenant-Id": "ops"}


def path_of(route: str) -> str:
    return "/" + PARAMETER.sub(lambda found: VALUES[found[1] or ""], route)


@pytest.fixture(scope="module")
def people() -> dict[str, Person]:
    return {level: make_operator(level) for level in Level.values}


@pytest.fixture(scope="module")
def estate() -> Estate:
    return furnished("Mine", olga="OWNER")


@pytest.fixture
def traced() -> dict[str, str]:
    """A header by which the log knows this test's requests from others', which write meanwhile."""
    return {"X-Request-Id": f"console-{uuid.uuid4()}"}


def entries(traced: dict[str, str]) -> int:
    query = "SELECT count(*) FROM audit_entry WHERE request_id = %s"
    return int(run_sql(query, [traced["X-Request-Id"]], tenant=OPERATORS_ID)[0][0])


def ask(client: Client, route: str, method: str, **headers: str) -> Any:
    return getattr(client, method)(path_of(route), headers=headers)


def test_every_page_of_the_console_is_for_operators() -> None:
    assert len(GUARDED) >= 4
    assert {ROUTES[route] for route in GUARDED} <= {f"operator:{level}" for level in Level.values}


@pytest.mark.parametrize("route", GUARDED)
def test_who_is_not_signed_in_is_sent_to_sign_in_or_asked_for_a_token(route: str) -> None:
    answer = ask(Client(), route, "get")
    assert answer.status_code in {302, 401}
    if answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/login/?next=/ops/")
    assert ask(Client(), route, "get", Authorization="Bearer tika_pat_guessed").status_code in {302, 401}


@pytest.mark.parametrize("route", GUARDED)
def test_a_member_of_another_workspace_finds_nothing_and_leaves_no_trace(
    route: str, estate: Estate, traced: dict[str, str]
) -> None:
    nowhere = estate.owner.client.get("/ops/no-such-page/")
    for method in METHODS:
        for headers in ({}, ASSISTED, {"X-Tenant-Id": estate.workspace.slug}):
            by_session = ask(estate.owner.client, route, method, **headers, **traced)
            by_token = ask(Client(), route, method, Authorization=f"Bearer {estate.owner.token}", **headers, **traced)
            assert (by_session.status_code, by_token.status_code) == (404, 404)
    assert entries(traced) == 0
    assert nowhere.status_code == 404


@pytest.mark.parametrize("route", GUARDED)
def test_a_level_that_is_too_low_is_refused(route: str, people: dict[str, Person], traced: dict[str, str]) -> None:
    needed = ROUTES[route].removeprefix("operator:")
    for level, person in people.items():
        for method in METHODS:
            status = ask(person.client, route, method, **traced).status_code
            if rank_of(level) < rank_of(needed):
                assert status == 403, (level, method)
            else:
                assert status != 403, (level, method)
                assert status < 500
    assert (entries(traced) > 0) == (route in BUTTONS), "an empty request changed something"


@pytest.mark.parametrize("route", GUARDED)
def test_a_member_of_the_operators_workspace_without_a_grant_finds_nothing(route: str) -> None:
    person = make_operator("admin")
    run_sql("DELETE FROM audit_operator WHERE user_id = %s RETURNING id", [person.user.id], tenant=OPERATORS_ID)
    assert ask(person.client, route, "get").status_code == 404
    assert person.client.get("/ops/boards/").status_code == 200


def test_a_token_with_scope_read_is_a_viewer_at_most(people: dict[str, Person]) -> None:
    def status(token: str, path: str) -> int:
        return int(Client().post(path, headers={"Authorization": f"Bearer {token}"}).status_code)

    admin = people["admin"]
    path = f"/ops/operators/{uuid7()}/revocation"
    assert status(admin.read_token, path) == 403
    assert Client().get("/ops/", headers={"Authorization": f"Bearer {admin.read_token}"}).status_code == 200


@pytest.mark.parametrize("path", ["/ops/members/", "/ops/boards/", "/ops/tokens/", "/ops/search/", "/ops/api/boards"])
def test_the_operators_have_a_workspace_like_any_other(path: str, people: dict[str, Person], estate: Estate) -> None:
    assert people["admin"].client.get(path).status_code == 200
    assert estate.owner.client.get(path).status_code == 404


def test_the_operators_board_opens_for_them_alone(people: dict[str, Person], estate: Estate) -> None:
    made = people["admin"].session_api.post("/api/boards", {"name": "On call"}).json()
    for ending in ("", "settings/", "archive/"):
        assert people["admin"].client.get(f"/ops/boards/{made['key']}/{ending}").status_code == 200
        assert estate.owner.client.get(f"/ops/boards/{made['key']}/{ending}").status_code == 404
    assert people["viewer"].client.get(f"/ops/boards/{made['key']}/").status_code == 200
    assert people["viewer"].session_api.get(f"/api/boards/{made['id']}/snapshot").status_code == 200
    assert estate.owner.session_api.get(f"/api/boards/{made['id']}/snapshot").status_code == 404


def test_the_address_of_the_operators_workspace_is_kept(people: dict[str, Person]) -> None:
    answer = people["admin"].client.post("/ops/settings/", {"name": "Operations", "slug": "elsewhere"})
    assert answer.status_code == 422
    assert "keeps its address" in answer.content.decode()
    assert people["admin"].client.post("/ops/settings/", {"name": "Operations", "slug": "ops"}).status_code == 302
