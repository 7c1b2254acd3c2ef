"""The OpenAPI document: valid, complete, and true: each of its examples is sent and each answer held against it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.boards.api.contract import DOCUMENT, OPERATIONS, Json, about, answer_faults, faults, response_of
from tests.cast import Api
from tests.isolation.estate import Estate, furnished
from tika.route_guard import operations

STREAM = "GET /api/boards/{board_id}/events"
# What the session and the door of the API have in common for every route.
EVERYWHERE = {"400", "401", "403", "404", "422", "429"}


@pytest.fixture(scope="module")
def estate() -> Estate:
    return furnished("Acme", olga="OWNER", adam="ADMIN")


def test_it_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_it_is_served_to_everybody() -> None:
    answer = Client().get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"] == DOCUMENT["paths"]


def test_it_describes_every_route() -> None:
    described = {name.replace("/api/", "/", 1) for name in OPERATIONS if "/api/" in name}
    there = {f"{each.methods[0]} {plain(each.path)}" for each in operations()} | {"GET /health"}
    assert described == there
    assert {"GET /livez", "GET /readyz"} <= set(OPERATIONS)


def plain(path: str) -> str:
    return path.replace("{uuidstr:", "{").replace("{uuid:", "{")


def test_no_two_operations_have_one_id() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS.values()]
    assert len(set(ids)) == len(ids)


def test_one_signs_in_by_token_or_by_session() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert (schemes["token"]["type"], schemes["token"]["scheme"]) == ("http", "bearer")
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "sessionid")
    assert DOCUMENT["security"] == [{"token": []}, {"session": []}]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_and_every_answer_has_an_example(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    successes = [answer for status, answer in operation["responses"].items() if status < "300"]
    assert len(successes) == 1
    for part in [*bodies, *successes]:
        for media in part.get("content", {}).values():
            assert media["example"]
    assert successes[0].get("content") or "204" in operation["responses"]


def test_every_example_is_what_its_schema_says() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for example in schema.get("examples", []):
            assert faults(example, {"$ref": f"#/components/schemas/{name}"}) == [], name


@pytest.mark.parametrize("name", OPERATIONS)
def test_refusals_are_described_with_their_shape(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    if operation.get("security") == []:
        return
    assert set(operation["responses"]) >= EVERYWHERE | (set() if method == "get" else {"409"})
    assert ("412" in operation["responses"]) == ((method, path) == ("patch", "/api/tickets/{ticket_id}"))
    for status in (status for status in operation["responses"] if status >= "400"):
        refusal = response_of(operation, int(status))
        example = refusal["content"]["application/json"]["example"]
        assert faults(example, {"$ref": "#/components/schemas/Error"}) == []
        assert ("Retry-After" in refusal["headers"]) == (status in {"429", "503"})


def test_lists_tell_of_pages_and_of_fields_and_writes_of_their_headers() -> None:
    for name, (method, _, operation) in OPERATIONS.items():
        names = [parameter.get("name") or parameter["$ref"] for parameter in operation.get("parameters", [])]
        if "List" in operation["summary"]:
            assert {"limit", "cursor", "fields"} <= set(names), name
        assert ("#/components/parameters/IdempotencyKey" in names) == (method != "get"), name
    _, _, edit = OPERATIONS["PATCH /api/tickets/{ticket_id}"]
    assert {"$ref": "#/components/parameters/IfMatch"} in edit["parameters"]


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != STREAM])
def test_what_is_documented_is_so(name: str, way: str, estate: Estate) -> None:
    """The example goes in, a success comes out, and it is what the schema says."""
    method, path, operation = OPERATIONS[name]
    ids = ids_for(name, estate)
    api = estate.owner.api if way == "token" or not path.startswith("/api/") else estate.owner.session_api
    with transaction.atomic():
        answer = send(api, method, about(address(path, operation), ids), operation, ids)
        transaction.set_rollback(True)
    assert 200 <= answer.status_code < 300, answer.content
    assert answer_faults(operation, answer) == []


def ids_for(name: str, estate: Estate) -> dict[str, Any]:
    """Of a column, one that can be deleted; of a member, one that can be taken out."""
    ids = dict(estate.ids)
    if name == "DELETE /api/columns/{column_id}":
        ids["column"] = estate.scene.columns["backlog"]
    if name == "DELETE /api/members/{member_id}":
        ids["member"] = estate.workspace.people["adam"].id
    return ids


def address(path: str, operation: Json) -> str:
    query = {}
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["example"])
        elif parameter.get("in") == "query" and parameter["required"]:
            query[parameter["name"]] = parameter["example"]
    return f"{path}?{urlencode(query)}" if query else path


def send(api: Api, method: str, path: str, operation: Json, ids: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return api.upload(path, SimpleUploadedFile("screen.png", b"\x89PNG", "image/png"))
    body = content["application/json"]["example"] if content else None
    return api.call(method, path, about(body, ids) if body else None)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("GET")])
def test_every_parameter_of_a_list_can_be_used_as_documented(name: str, estate: Estate) -> None:
    method, path, operation = OPERATIONS[name]
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "query" and "example" in parameter and name != STREAM:
            base = about(address(path, operation), estate.ids)
            given = urlencode({parameter["name"]: about(parameter["example"], estate.ids)})
            if parameter["required"]:
                continue
            answer = estate.owner.api.call(method, f"{base}{'&' if '?' in base else '?'}{given}")
            assert answer.status_code == 200, (parameter, answer.content)
            assert answer_faults(operation, answer) == [], parameter
